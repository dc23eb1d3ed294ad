import { code, pageHead, table } from '../markdown.mjs';
import { interfaceOf, readModule, unionOf } from '../source.mjs';
import { eventsOf, list } from './http1-events.mjs';
import { interfaceSection } from './shapes.mjs';

const eventsFile = 'packages/tls/src/events.ts';
const recordFile = 'packages/tls/src/record/record-events.ts';
const known = ['CertificateWishes', 'CloseCause'];

/** What the machines report, field by field. */
export function tlsEvents() {
  const module = readModule(eventsFile);
  const both = eventsOf(module, 'TlsEvent');
  const own = (union) =>
    unionOf(module, union)
      .alternatives.filter(({ name }) => name !== 'TlsEvent')
      .map(({ name }) => eventOf(module, name));
  const client = own('TlsClientEvent');
  const server = own('TlsServerEvent');
  const record = eventsOf(readModule(recordFile), 'RecordConnectionEvent');
  const sections = (events) =>
    events.map((event) => interfaceSection(event, known, '###', code(event.type))).join('\n\n');
  return `${pageHead('Events of tls', [eventsFile, recordFile])}
\`nextEvent\` returns one of these, or \`need-data\` (nothing more until bytes, an end or time come in), or \`paused\` (nothing
more until a decision is answered; deadlines go on). Every event is a plain object whose \`type\` is the heading here. An
event with an \`id\` is a decision: the engine stands still until a method is given that \`id\`, and an answer to an \`id\`
that is no longer open does nothing.

- Both roles report ${list(both)}.
- A client besides: ${list(client)}.
- A server besides: ${list(server)}.
- A \`RecordConnection\`: ${list(record)}.

## Of both roles

${sections(both)}

## Of a client

${sections(client)}

## Of a server

${sections(server)}

## Of the record layer alone

${sections(record)}

## What they are made of

${interfaceSection(interfaceOf(module, 'CertificateWishes'), known, '###')}

${words(unionOf(module, 'CloseCause'))}
`;
}

/** One event of a union whose other alternatives are unions. */
function eventOf(module, name) {
  const event = interfaceOf(module, name);
  const type = event.members.find((member) => member.name === 'type').type.slice(1, -1);
  return { ...event, type };
}

/** A union whose words are explained one by one. */
function words({ name, doc, alternatives }) {
  const rows = alternatives.map((each) => [code(each.name), each.doc]);
  return `### ${code(name)}\n\n${doc}\n\n${table(['', 'meaning'], rows)}`;
}
