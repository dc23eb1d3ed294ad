import { pageHead } from '../markdown.mjs';
import { interfaceOf, readModule, unionOf } from '../source.mjs';
import { interfaceSection, unionSection } from './shapes.mjs';

const folder = 'packages/net/src';

/** What to tell of which file, in the order of a reader's questions. */
const contents = [
  ['http-server-options.ts', ['HttpServerOptions', 'ListenOptions']],
  ['tcp-options.ts', ['TcpOptions', 'TcpKeepAlive', 'TcpCapabilities']],
  ['http-server.ts', ['HttpServer']],
  ['http-server-options.ts', ['ListenAddress', 'DrainReport']],
  ['http-exchange.ts', ['HttpExchange', 'SwitchedParty', 'ExchangeRecord']],
  ['http-response.ts', ['HttpResponse']],
  ['http-connection-info.ts', ['ConnectionInfo', 'ConnectionState', 'ConnectionCloseCause']],
  ['driver.ts', ['EventSink', 'Party']],
  ['transport.ts', ['Transport', 'TransportCapabilities', 'TransportSink']],
  ['clock.ts', ['Clock', 'Expiring']],
];
const unions = ['ConnectionState', 'ConnectionCloseCause'];
const known = contents.flatMap(([, names]) => names);

/** The interfaces of `serveHttp` and of the driver. */
export function net() {
  const files = [...new Set(contents.map(([file]) => file))];
  const sections = contents.flatMap(([file, names]) => {
    const module = readModule(`${folder}/${file}`);
    return names.map((name) =>
      unions.includes(name)
        ? unionSection(unionOf(module, name), '##')
        : interfaceSection(interfaceOf(module, name), known, '##'),
    );
  });
  return `${pageHead(
    'Reference of net',
    files.map((file) => `${folder}/${file}`),
  )}
\`serveHttp(handler, options)\` returns an \`HttpServer\`; a handler is given an \`HttpExchange\`.
[How to use it](../../packages/net/README.md).

${sections.join('\n\n')}
`;
}
