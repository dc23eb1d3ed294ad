import { describe, expect, test } from 'vitest';
import { parseArguments } from '../src/arguments.ts';
import { CONNECT_OPTIONS } from '../src/connect/connect-arguments.ts';
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
    isInsecure: false,
    caFile: undefined,
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
    isInsecure: true,
    caFile: 'ca.pem',
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
