import { pageHead } from '../markdown.mjs';
import { readModule, tableOf } from '../source.mjs';
import { section } from './http1-states.mjs';

const file = 'packages/websocket/src/state.ts';
const tables = ['RECEIVE', 'SEND', 'CLOSING'];

/** The transition tables, as diagrams and as tables. */
export function webSocketStates() {
  const module = readModule(file);
  const sections = tables.map((name) => section(tableOf(module, name)));
  return `${pageHead('States of websocket', [file])}
Each direction has a small machine, and who closes is a third, the same in both roles. A move that a state does not list is
illegal there: a caller who asks for it gets an exception, a peer who makes it a \`failed\` event, or is not heard any more.

${sections.join('\n')}`;
}
