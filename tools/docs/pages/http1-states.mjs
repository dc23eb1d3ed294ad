import { code, pageHead, table } from '../markdown.mjs';
import { literalOf, objectRows, readModule, tableOf } from '../source.mjs';

const file = 'packages/http1/src/state.ts';
const tables = ['SERVER_RECEIVE', 'SERVER_SEND', 'CLIENT_SEND', 'CLIENT_RECEIVE'];

/** The transition tables, as diagrams and as tables. */
export function http1States() {
  const module = readModule(file);
  const sections = tables.map((name) => section(tableOf(module, name)));
  return `${pageHead('States of http1', [file])}
Each role has two small machines, one for each direction. A move that a state does not list is illegal there: a caller who
asks for it gets an exception, a peer who makes it a \`failed\` event. [What the moves are](../explain/state-machines.md).

${sections.join('\n')}`;
}

/** A transition table as a diagram and as a table. */
export function section({ doc, rows }) {
  const states = rows.map(({ key, value }) => ({
    state: key,
    moves: new Map(objectRows(value).map((row) => [row.key, literalOf(row.value)])),
  }));
  const [title, ...rest] = doc.replace(/\.$/, '').split(': ');
  const moves = [...new Set(states.flatMap((one) => [...one.moves.keys()]))];
  const body = states.map((one) => [
    code(one.state),
    ...moves.map((move) => one.moves.get(move) ?? ''),
  ]);
  return `## ${title}

${capitalized(rest.join(': '))}.

${diagram(states)}

${table(['', ...moves.map(code)], body)}
`;
}

/** Moves between the same two states share an arrow. */
function diagram(states) {
  const lines = [`  [*] --> ${states[0].state}`];
  for (const { state, moves } of states) {
    for (const target of new Set(moves.values())) {
      const names = [...moves].filter(([, next]) => next === target).map(([move]) => move);
      lines.push(`  ${state} --> ${target}: ${names.join(', ')}`);
    }
  }
  return `\`\`\`mermaid\nstateDiagram-v2\n${lines.join('\n')}\n\`\`\``;
}

function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
