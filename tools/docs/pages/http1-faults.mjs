import { code, pageHead, table, withLinks } from '../markdown.mjs';
import { literalOf, readModule, tableOf, unionOf } from '../source.mjs';

const file = 'packages/http1/src/faults.ts';

/** What peers and callers can do wrong, with what follows from it. */
export function http1Faults() {
  const module = readModule(file);
  const rows = tableOf(module, 'FAULTS').rows.map(({ key, value, doc }) => {
    const [status, section] = value.arguments.map(literalOf);
    return [code(key), String(status), withLinks(section), doc];
  });
  const local = unionOf(module, 'Http1LocalCode').alternatives;
  return `${pageHead('Faults of http1', [file])}
## The peer's

A \`failed\` event, at most one on a connection, names one of these codes, the status that a server should answer with, and
the position of the offending byte. Where the status is 502, only a client can meet the fault: that is what a gateway would
tell its own client. The \`status\` of a client's event is 0.

${table(['code', 'status', 'breaks', 'what it means'], rows)}

## The caller's

\`LocalProtocolError\` is thrown for these, and the connection is as it was before the call. What is wrong whatever the
state (a field value with a line break, a number that is none) is a \`TypeError\` or \`RangeError\` instead.

${table(
  ['code', 'what it means'],
  local.map(({ name, doc }) => [code(name), doc]),
)}
`;
}
