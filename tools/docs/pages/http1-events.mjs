import { code, pageHead } from '../markdown.mjs';
import { interfaceOf, readModule, unionOf } from '../source.mjs';
import { interfaceSection, unionSection } from './shapes.mjs';

const eventsFile = 'packages/http1/src/events.ts';
const reuseFile = 'packages/http1/src/reuse.ts';

const types = [
  'RequestHead',
  'ResponseHead',
  'Field',
  'KeepAliveHint',
  'UnansweredRequest',
  'RetryVerdict',
];
const unions = ['Framing', 'TargetForm', 'ServerCloseCause', 'ClientCloseCause', 'ClientEnding'];
const known = [...types, ...unions];

/** What the machines report, field by field. */
export function http1Events() {
  const module = readModule(eventsFile);
  const server = eventsOf(module, 'ServerEvent');
  const client = eventsOf(module, 'ClientEvent');
  const both = server.filter(({ name }) => client.some((event) => event.name === name));
  const only = (events) => events.filter(({ name }) => !both.some((event) => event.name === name));
  const sections = (events) =>
    events.map((event) => interfaceSection(event, known, '###', code(event.type))).join('\n\n');
  const shapes = [
    ...types.map((name) => interfaceSection(interfaceOf(module, name), known, '###')),
    interfaceSection(interfaceOf(readModule(reuseFile), 'ReuseVerdict'), known, '###'),
    ...unions.map((name) => unionSection(unionOf(module, name), '###')),
  ];
  return `${pageHead('Events of http1', [eventsFile, reuseFile])}
\`nextEvent\` returns one of these, or \`need-data\` (nothing more until bytes, an end or time come in), or \`paused\` (nothing
more until the caller has acted). Every event is a plain object whose \`type\` is the heading here.

- A server reports ${list(server)}.
- A client reports ${list(client)}.

## Of a server

${sections(only(server))}

## Of a client

${sections(only(client))}

## Of both

${sections(both)}

## What they are made of

${shapes.join('\n\n')}
`;
}

/** The interfaces of a union of events, each with its `type`. */
export function eventsOf(module, unionName) {
  return unionOf(module, unionName).alternatives.map(({ name }) => {
    const event = interfaceOf(module, name);
    const type = event.members.find((member) => member.name === 'type').type.slice(1, -1);
    return { ...event, type };
  });
}

/** Their types, one after the other. */
export function list(events) {
  return events.map(({ type }) => code(type)).join(', ');
}
