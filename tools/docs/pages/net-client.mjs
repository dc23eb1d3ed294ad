import { code, pageHead, table, withLinks } from '../markdown.mjs';
import { classOf, interfaceOf, readModule, unionOf } from '../source.mjs';
import { interfaceSection, unionSection } from './shapes.mjs';

const folder = 'packages/net/src/client';

/** What to tell of which file, in the order of a reader's questions, and how it is declared. */
const contents = [
  ['http-client.ts', { HttpClient: classOf }],
  ['client-options.ts', { HttpClientOptions: interfaceOf }],
  ['client-request.ts', { ClientRequest: interfaceOf }],
  ['http-client.ts', { PromisedRequest: interfaceOf }],
  ['client-response.ts', { ClientResponse: classOf }],
  ['response-content.ts', { ResponseContent: interfaceOf, ReadOptions: interfaceOf }],
  ['client-upgrade.ts', { ClientUpgrade: classOf }],
  ['response-sink.ts', { ResponseSink: interfaceOf, ClientExchange: interfaceOf }],
  [
    'client-connection-info.ts',
    {
      ClientConnectionInfo: interfaceOf,
      ClientConnectionState: unionOf,
      ClientConnectionCloseCause: unionOf,
    },
  ],
  ['connector.ts', { Connector: unionOf, Connected: interfaceOf, ConnectedSocket: interfaceOf }],
  ['origin.ts', { Origin: interfaceOf }],
];
const errorFile = 'client-errors.ts';
const known = contents.flatMap(([, shapes]) => Object.keys(shapes));

/** The interfaces of `HttpClient`, and what can go wrong. */
export function netClient() {
  const files = [...new Set([...contents.map(([file]) => file), errorFile])];
  return `${pageHead(
    'Reference of the client of net',
    files.map((file) => `${folder}/${file}`),
  )}
\`new HttpClient(options)\` makes requests; [the guide](../guide/client.md) says how.

${errors()}

${contents.flatMap(sectionsOf).join('\n\n')}
`;
}

function sectionsOf([file, shapes]) {
  const module = readModule(`${folder}/${file}`);
  return Object.entries(shapes).map(([name, read]) => {
    const shape = read(module, name);
    if (name === 'Connector') return typeSection(shape);
    return read === unionOf
      ? unionSection(shape, '##')
      : interfaceSection(shape, known, '##', code(name));
  });
}

/** A type that is neither an interface nor a union. */
function typeSection({ name, doc, alternatives }) {
  return `## ${code(name)}\n\n${code(alternatives[0].name)}\n\n${withLinks(doc)}`;
}

function errors() {
  const module = readModule(`${folder}/${errorFile}`);
  const { alternatives } = unionOf(module, 'HttpClientErrorCode');
  const rows = alternatives.map(({ name, doc }) => [code(name), withLinks(doc)]);
  return `${interfaceSection(classOf(module, 'HttpClientError'), known, '##')}

## Codes

${table(['code', 'what it means'], rows)}`;
}
