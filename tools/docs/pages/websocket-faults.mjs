import { code, pageHead, table, withLinks } from '../markdown.mjs';
import { literalOf, readModule, tableOf, unionOf } from '../source.mjs';

const file = 'packages/websocket/src/faults.ts';
const handshakeFolder = 'packages/websocket/src';

/** What peers and callers can do wrong on an open connection, with what follows from it. */
export function webSocketFaults() {
  const module = readModule(file);
  const rows = tableOf(module, 'FAULTS').rows.map(({ key, value, doc }) => {
    const [closeCode, section] = value.arguments.map(literalOf);
    return [code(key), String(closeCode), withLinks(section), doc];
  });
  const local = unionOf(module, 'WebSocketLocalCode').alternatives;
  return `${pageHead('Faults of websocket', [file])}
## The peer's

A \`failed\` event, at most one on a connection, names one of these codes, the close code of the Close frame that tells the
peer, and the position of the offending byte in the input. In compressed content, which has no place in the input, that is
where the frame begins. What the opening handshake can refuse is in
[request-faults.ts](../../${handshakeFolder}/request-faults.ts) and
[response-faults.ts](../../${handshakeFolder}/response-faults.ts).

${table(['code', 'closes with', 'breaks', 'what it means'], rows)}

## The caller's

\`LocalProtocolError\` is thrown for these, and the connection is as it was before the call. What is wrong whatever the
state (text where bytes are needed, a length that is none) is a \`TypeError\` or \`RangeError\` instead.

${table(
  ['code', 'what it means'],
  local.map(({ name, doc }) => [code(name), doc]),
)}
`;
}
