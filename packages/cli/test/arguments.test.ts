import { describe, expect, test } from 'vitest';
import { parseArguments } from '../src/arguments.ts';
import { CONNECT_OPTIONS } from '../src/connect/connect-options.ts';
import { CONNECT_HELP, HOLDLINE_HELP, SERVE_HELP } from '../src/help.ts';
import { UsageError } from '../src/option-parser.ts';
import { SERVE_OPTIONS } from '../src/serve-arguments.ts';

test('nothing said is all defaults', () => {
  expect(parseArguments(['serve'])).toEqual({
    command: 'serve',
    folder: undefined,
    port: undefined,
    listen: '127.0.0.1',
    hosts: [],
    idleMs: 65_000,
    headMs: undefined,
    stallMs: undefined,
    ageMs: undefined,
    drainMs: Number.POSITIVE_INFINITY,
    requestsMax: Number.POSITIVE_INFINITY,
    connectionsMax: Number.POSITIVE_INFINITY,
    acceptsUrlTargets: false,
    tls: null,
    hasLivePage: true,
    hasEcho: true,
    isQuiet: false,
  });
});

test('everything can be said', () => {
  const line =
    'serve dist -p 81 --listen [::1] --host A.example --host=* --idle 2.5 --head 1 --stall 2 --age 3 --drain 0.25 --requests 4 --connections 5 --url-targets --no-live --no-echo -q';
  expect(parseArguments(line.split(' '))).toEqual({
    command: 'serve',
    folder: 'dist',
    port: 81,
    listen: '::1',
    hosts: ['a.example', '*'],
    idleMs: 2500,
    headMs: 1000,
    stallMs: 2000,
    ageMs: 3000,
    drainMs: 250,
    requestsMax: 4,
    connectionsMax: 5,
    acceptsUrlTargets: true,
    tls: null,
    hasLivePage: false,
    hasEcho: false,
    isQuiet: true,
  });
});

test('a connection with nothing said is all defaults', () => {
  expect(parseArguments(['connect', 'ws://127.0.0.1:8080'])).toEqual({
    command: 'connect',
    url: 'ws://127.0.0.1:8080/',
    fields: [],
    origin: undefined,
    subprotocols: [],
    offersDeflate: true,
    engine: 'node',
    trust: { pinFile: undefined, caFile: undefined, isInsecure: false },
    keyLogFile: undefined,
    timeoutMs: 10_000,
    waitMs: 0,
    isBinary: false,
    takesCommands: false,
    isRaw: false,
    isQuiet: false,
  });
});

test('everything can be said of a connection', () => {
  const line =
    'connect wss://example.com/a?b -H a:1 --header B:\u00a0 --origin https://a.example -s chat --subprotocol mqtt --no-deflate -t 2.5 --ca ca.pem -k -b -c -w 3 -r -q';
  const args = line.split(' ').map((word) => word.replace('\u00a0', ' x: y '));
  expect(parseArguments(args)).toEqual({
    command: 'connect',
    url: 'wss://example.com/a?b',
    fields: [
      { name: 'a', value: '1' },
      { name: 'B', value: 'x: y' },
    ],
    origin: 'https://a.example',
    subprotocols: ['chat', 'mqtt'],
    offersDeflate: false,
    engine: 'node',
    trust: { pinFile: undefined, caFile: 'ca.pem', isInsecure: true },
    keyLogFile: undefined,
    timeoutMs: 2500,
    waitMs: 3000,
    isBinary: true,
    takesCommands: true,
    isRaw: true,
    isQuiet: true,
  });
});

test.each([
  ['localhost:8080/echo', 'ws://localhost:8080/echo'],
  ['[::1]:8080', 'ws://[::1]:8080/'],
  ['http://example.com', 'ws://example.com/'],
  ['https://example.com:444/a', 'wss://example.com:444/a'],
  ['WS://EXAMPLE.com/a b?c d', 'ws://example.com/a%20b?c%20d'],
  ['ws://grüße.example/ü', 'ws://xn--gre-6ka8l.example/%C3%BC'],
])('the URL %s', (text, url) => {
  expect(parseArguments(['connect', text])).toMatchObject({ url });
});

test.each([
  [['--tls'], { files: null, engine: 'holdline', heartbeatMs: undefined }],
  [['--tls', '--tls-engine', 'node'], { files: null, engine: 'node', heartbeatMs: undefined }],
  [
    ['--cert', 'c', '--key', 'k', '--heartbeat', '2'],
    { files: { cert: 'c', key: 'k' }, engine: 'holdline', heartbeatMs: 2000 },
  ],
  [[], null],
])('TLS of serve by %j', (args, tls) => {
  expect(parseArguments(['serve', ...args])).toMatchObject({ tls });
});

test.each([
  ['tls://localhost:8443', { host: 'localhost', port: 8443, serverName: 'localhost' }],
  ['TLS://[::1]:1/', { host: '::1', port: 1, serverName: null }],
  ['tls://127.0.0.1:65535', { host: '127.0.0.1', port: 65_535, serverName: null }],
])('the server of %s', (text, server) => {
  expect(parseArguments(['connect', text])).toMatchObject({ command: 'connect-tls', server });
  const named = parseArguments(['connect', text, '--servername', 'other.example']);
  expect(named).toMatchObject({ server: { ...server, serverName: 'other.example' } });
  expect(parseArguments(['connect', text, '--servername='])).toMatchObject({
    server: { ...server, serverName: null },
  });
});

test.each([
  [[], 'node'],
  [['--ca', 'x'], 'node'],
  [['--pin', 'x'], 'holdline'],
  [['--keylog', 'x'], 'holdline'],
  [['--tls-engine', 'holdline'], 'holdline'],
])('the engine of wss:// by %j', (args, engine) => {
  expect(parseArguments(['connect', 'wss://a', ...args])).toMatchObject({ engine });
});

test('a folder that looks like an option comes behind --', () => {
  expect(parseArguments(['serve', '--', '--port'])).toMatchObject({ folder: '--port' });
});

test.each([
  [['--help'], { command: 'help', topic: 'holdline' }],
  [['-h'], { command: 'help', topic: 'holdline' }],
  [['serve', '--help'], { command: 'help', topic: 'serve' }],
  [['serve', 'x', '-h'], { command: 'help', topic: 'serve' }],
  [['connect', '--help'], { command: 'help', topic: 'connect' }],
  [['connect', '--version'], { command: 'version' }],
  [['--version'], { command: 'version' }],
  [['serve', '--version'], { command: 'version' }],
])('%j', (args, expected) => {
  expect(parseArguments(args)).toEqual(expected);
});

describe('wrong arguments', () => {
  test.each([
    [[], 'which command'],
    [['fly'], "no command 'fly'"],
    [['a\nb'], "no command 'a\\x0ab'"],
    [['serve', '--fly'], "no option '--fly'"],
    [['serve', '-x'], "no option '-x'"],
    [['serve', '--__proto__'], "no option '--__proto__'"],
    [['serve', '--constructor=1'], "no option '--constructor'"],
    [['serve', 'a', 'b'], 'only one folder'],
    [['serve', ''], 'folder is empty'],
    [['serve', '--port'], '--port needs a value'],
    [['serve', '-p'], '-p needs a value'],
    [['serve', '--port', '--quiet'], '--port needs a value'],
    [['serve', '--port', ''], "not ''"],
    [['serve', '--port', 'x'], "not 'x'"],
    [['serve', '--port=-1'], "not '-1'"],
    [['serve', '--port', '65536'], 'from 0 to 65535'],
    [['serve', '--port', '8e1'], "not '8e1'"],
    [['serve', '--port', '0x50'], "not '0x50'"],
    [['serve', '--port', ' 80'], "not ' 80'"],
    [['serve', '--port', '8\u001b[1m'], "not '8\\x1b[1m'"],
    [['serve', '--quiet=yes'], '--quiet takes no value'],
    [['serve', '--no-quiet'], "no option '--no-quiet'"],
    [['serve', '--listen', ''], '--listen needs an address'],
    [['serve', '--host', 'a:80'], 'without a port'],
    [['serve', '--host', ''], 'without a port'],
    [['serve', '--idle', '0'], 'seconds above 0'],
    [['serve', '--idle', '1.2345'], 'seconds above 0'],
    [['serve', '--drain', 'Infinity'], 'seconds above 0'],
    [['serve', '--requests', '0'], 'from 1 to'],
    [['serve', '--connections', '1.5'], 'from 1 to'],
    [['connect'], 'where to'],
    [['connect', 'a', 'b'], 'only one URL'],
    [['connect', 'ws://'], 'no URL'],
    [['connect', 'ws://a:x'], 'no URL'],
    [['connect', 'ws://a\u001b[1m'], 'no URL'],
    [['connect', 'ftp://a'], 'ws or wss'],
    [['connect', 'ws://a/#b'], 'no fragment'],
    [['connect', 'ws://me:secret@a'], 'no user'],
    [['connect', 'a', '--fly'], "no option '--fly'"],
    [['connect', 'a', '-H'], '-H needs a value'],
    [['connect', 'a', '-H', 'name'], "'Name: value'"],
    [['connect', 'a', '-H', ': value'], "'Name: value'"],
    [['connect', 'a', '-H', 'a b: c'], 'field'],
    [['connect', 'a', '-H', 'a: b\r\nc: d'], 'cannot be sent'],
    [['connect', 'a', '-H', 'Upgrade: x'], /upgrade/i],
    [['connect', 'a', '-H', 'Sec-WebSocket-Key: x'], /sec-websocket-key/i],
    [['connect', 'a', '-H', 'Content-Length: 1'], /content-length/i],
    [['connect', 'a', '-H', 'x: 1', '-H', 'X: 2'], 'once'],
    [['connect', 'a', '-H', 'Origin: x', '--origin', 'y'], 'once'],
    [['connect', 'a', '-s', 'a b'], /subprotocol/],
    [['connect', 'a', '-s', 'a', '-s', 'a'], /subprotocol/],
    [['connect', 'a', '--ca', 'x'], 'for wss://'],
    [['connect', 'ws://a', '-k'], 'for wss://'],
    [['connect', 'wss://a', '--pin', 'x', '-k'], '--pin trusts one'],
    [['connect', 'wss://a', '--pin', 'x', '--tls-engine', 'node'], 'take holdline'],
    [['connect', 'wss://a', '--tls-engine', 'x'], 'holdline or node'],
    [['connect', 'wss://a', '--alpn', 'x'], '--alpn is for tls:// only'],
    [['connect', 'wss://a', '--heartbeat', '1'], '--heartbeat is for tls:// only'],
    [['connect', 'tls://a'], 'a host and a port'],
    [['connect', 'tls://:1'], 'a host and a port'],
    [['connect', 'tls://a:1/path'], 'a host and a port'],
    [['connect', 'tls://me@a:1'], 'a host and a port'],
    [['connect', 'tls://[1.2.3.4]:1'], 'a host and a port'],
    [['connect', 'tls://a:0'], 'from 1 to 65535'],
    [['connect', 'tls://a:65536'], 'from 1 to 65535'],
    [['connect', 'tls://a:1', '-H', 'a: b'], '--header is not for tls://'],
    [['connect', 'tls://a:1', '--tls-engine', 'node'], '--tls-engine is not for tls://'],
    [['connect', 'tls://a:1', '--alpn', ''], 'name of a protocol'],
    [['connect', 'tls://a:1', '--servername', '1.2.3.4'], 'takes a host name'],
    [['connect', 'tls://a:1', '--pin', 'x', '--ca', 'y'], '--pin trusts one'],
    [['serve', '--cert', 'x'], 'go together'],
    [['serve', '--tls', '--key', 'x'], 'go together'],
    [['serve', '--tls', '--tls-engine', 'x'], 'holdline or node'],
    [['serve', '--heartbeat', '1'], 'for --tls only'],
    [['serve', '--tls', '--tls-engine', 'node', '--heartbeat', '1'], 'no heartbeats'],
    [['connect', 'a', '--wait', '-1'], '--wait needs a value'],
    [['connect', 'a', '--timeout', 'x'], 'seconds above 0'],
  ])('%j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
    expect(() => parseArguments(args)).toThrow(message);
  });
});

describe.each([
  ['serve', SERVE_HELP, SERVE_OPTIONS],
  ['connect', CONNECT_HELP, CONNECT_OPTIONS],
] as const)('the help of %s', (_command, help, options) => {
  test.each(Object.entries(options))('has --%s', (name, option) => {
    const short = 'short' in option ? `-${option.short}, ` : '    ';
    const value = option.type === 'string' ? " [A-Z']+" : ' {2}';
    expect(help).toMatch(new RegExp(`^ {2}${short}--${name}${value}`, 'm'));
  });

  test('has no option that does not exist', () => {
    const named = [...help.matchAll(/(?<![\w-])--([a-z-]+)/g)].map(([, name]) => name);
    expect(Object.keys(options)).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  test('fits into a terminal', () => {
    const lines = `${HOLDLINE_HELP}${help}`.split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});
