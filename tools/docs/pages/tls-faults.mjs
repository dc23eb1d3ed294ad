import { code, pageHead, table, withLinks } from '../markdown.mjs';
import { literalOf, readModule, tableOf, unionOf } from '../source.mjs';

const layers = [
  {
    title: 'In records',
    file: 'packages/tls/src/record/record-faults.ts',
    name: 'RECORD_FAULTS',
    about:
      'What the record layer alone can find, which is all that `@holdline/tls/record` reports.',
  },
  {
    title: 'In handshake messages',
    file: 'packages/tls/src/handshake-faults.ts',
    name: 'HANDSHAKE_FAULTS',
    about: 'What one message has wrong, or that it may not come at this point.',
  },
  {
    title: 'In negotiation, authentication and use',
    file: 'packages/tls/src/engine-faults.ts',
    name: 'ENGINE_FAULTS',
    about: 'What shows only beside that which was said before.',
  },
];
const localFile = 'packages/tls/src/local-error.ts';

/** What peers and callers can do wrong, with what follows from it. */
export function tlsFaults() {
  const local = unionOf(readModule(localFile), 'TlsLocalCode').alternatives;
  return `${pageHead('Faults of tls', [...layers.map(({ file }) => file), localFile])}
A \`failed\` event, at most one on a connection, names one of these codes, the alert that was queued for the peer under the
sending keys of the moment, and how many bytes of input came before the record in question. Its message has the section,
and nothing of the peer's. After our own close_notify no alert is sent any more.

${layers.map(section).join('\n\n')}

## The caller's

\`LocalProtocolError\` is thrown for these, and the connection is as it was before the call. What is wrong whatever the
state (a name that nobody has, text where bytes are needed) is a \`TypeError\` or \`RangeError\` instead.

${table(
  ['code', 'what it means'],
  local.map(({ name, doc }) => [code(name), doc]),
)}
`;
}

function section({ title, file, name, about }) {
  const rows = tableOf(readModule(file), name).rows.map(({ key, value, doc }) => {
    const [alert, rfc] = value.arguments.map(literalOf);
    return [code(key), alert === null ? '' : code(alert), withLinks(rfc), doc];
  });
  return `## ${title}\n\n${about}\n\n${table(['code', 'alert', 'breaks', 'what it means'], rows)}`;
}
