// Work is linear in the input: counted as edges of control flow taken by an instrumented build, and
// as bytes copied, for inputs made to be expensive. Nothing is timed.
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { coverage } from '../coverage.mjs';
import { instrumentFolder } from '../instrument.mjs';

const packages = join(import.meta.dirname, '..', '..', '..', 'packages');
const target = join(import.meta.dirname, '..', 'node_modules', '.instrumented', 'linear-work');
instrumentFolder(join(packages, 'http1', 'dist'), target);
const server = await import(join(target, 'server.js'));
const client = await import(join(target, 'client.js'));

const NOW = 1_000_003;
const SIZE = 4000;
const LIMITS = {
  startLineBytesMax: 1e6,
  methodBytesMax: 1e6,
  headBytesMax: 1e6,
  fieldsMax: 1e6,
  emptyLinesMax: 1e6,
  chunkExtensionBytesMax: 1e6,
  trailerBytesMax: 1e6,
  inputBytesMax: 1e7,
};

interface Machine {
  receive(data: Uint8Array, now: number): void;
  nextEvent(now: number): { readonly type: string };
}

let copiedBytes = 0;
const originalSet = Uint8Array.prototype.set;
Uint8Array.prototype.set = function set(source: ArrayLike<number>, offset?: number): void {
  copiedBytes += source.length;
  originalSet.call(this, source, offset);
};
afterAll(() => {
  Uint8Array.prototype.set = originalSet;
});

function serverMachine(): Machine {
  return new server.Http1Server(server.serverSettings({ limits: LIMITS }), NOW);
}

function clientMachine(): Machine {
  const machine = new client.Http1Client(client.clientSettings({ limits: LIMITS }), NOW);
  machine.sendRequest({ method: 'GET', target: '/', fields: [{ name: 'Host', value: 'a' }] }, NOW);
  machine.endMessage([], NOW);
  return machine;
}

/** Edges taken and bytes copied while `text` comes in pieces of `pieceBytes`. */
function work(create: () => Machine, text: string, pieceBytes: number): number {
  const data = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
  const machine = create();
  coverage.clear();
  copiedBytes = 0;
  for (let at = 0; at < data.length; at += pieceBytes) {
    machine.receive(data.slice(at, at + pieceBytes), NOW);
    while (!['need-data', 'paused'].includes(machine.nextEvent(NOW).type));
  }
  return coverage.edges + copiedBytes;
}

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const STATUS = 'HTTP/1.1 200 OK\r\n';

/** Inputs by the name of what is repeated. */
const REQUESTS: Readonly<Record<string, (count: number) => string>> = {
  'a long method': (count) => 'G'.repeat(count),
  'a long target': (count) => `GET /${'%41'.repeat(count)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a long field value': (count) => `${HEAD}X: ${'y'.repeat(count)}\r\n\r\n`,
  'spaces in a field value': (count) => `${HEAD}X: a${' '.repeat(count)}b\r\n\r\n`,
  'spaces behind a field value': (count) => `${HEAD}X: a${' '.repeat(count)}\r\n\r\n`,
  'many fields': (count) => `${HEAD}${'A: b\r\n'.repeat(count)}\r\n`,
  'many Connection options': (count) => `${HEAD}Connection: ${'a,'.repeat(count)}\r\n\r\n`,
  'many Connection lines': (count) => `${HEAD}${'Connection: a\r\n'.repeat(count)}\r\n`,
  'many protocols': (count) =>
    `${HEAD}Connection: upgrade\r\nUpgrade: ${'a/1,'.repeat(count)}\r\n\r\n`,
  'many lengths': (count) => `${HEAD}Content-Length: ${'5,'.repeat(count)}5\r\n\r\n`,
  'many codings': (count) =>
    `${HEAD}Transfer-Encoding: ${'gzip;a="b",'.repeat(count)}chunked\r\n\r\n`,
  'a long host': (count) => `GET / HTTP/1.1\r\nHost: ${'a.'.repeat(count)}\r\n\r\n`,
  'a long IPv6 address': (count) => `GET / HTTP/1.1\r\nHost: [${'1:'.repeat(count)}:]\r\n\r\n`,
  'many empty lines': (count) => '\r\n'.repeat(count),
  'many small chunks': (count) => `${CHUNKED}${'1\r\nx\r\n'.repeat(count)}`,
  'many extensions': (count) => `${CHUNKED}1${';a="b"'.repeat(count)}\r\nx\r\n`,
  'an endless size': (count) => `${CHUNKED}${'0'.repeat(count)}`,
  'many trailers': (count) => `${CHUNKED}0\r\n${'A: b\r\n'.repeat(count)}\r\n`,
  content: (count) => `${HEAD}Content-Length: 100000\r\n\r\n${'x'.repeat(count)}`,
};
const RESPONSES: Readonly<Record<string, (count: number) => string>> = {
  'a long reason': (count) => `HTTP/1.1 200 ${'x'.repeat(count)}\r\n\r\n`,
  'many folds': (count) => `${STATUS}X: a${'\r\n b'.repeat(count)}\r\n\r\n`,
  'spaces before a fold': (count) => `${STATUS}X: a${' '.repeat(count)}b\r\n c\r\n\r\n`,
  'empty folds': (count) => `${STATUS}X: a${'\r\n '.repeat(count)}\r\n\r\n`,
  'many Keep-Alive parameters': (count) => `${STATUS}Keep-Alive: ${'max=1,'.repeat(count)}\r\n\r\n`,
  'content until the end': (count) => `${STATUS}\r\n${'x'.repeat(count)}`,
};

function expectLinear(
  create: () => Machine,
  make: (count: number) => string,
  pieceBytes: number,
): void {
  const once = work(create, make(SIZE), pieceBytes);
  const twice = work(create, make(2 * SIZE), pieceBytes);
  // Twice the input, and what a buffer that doubles copies in between.
  expect(twice / once).toBeLessThan(2.5);
}

for (const pieceBytes of [1, 100, 1_000_000]) {
  describe(`pieces of ${pieceBytes} bytes`, () => {
    for (const [name, make] of Object.entries(REQUESTS)) {
      test(`request: ${name}`, () => expectLinear(serverMachine, make, pieceBytes));
    }
    for (const [name, make] of Object.entries(RESPONSES)) {
      test(`response: ${name}`, () => expectLinear(clientMachine, make, pieceBytes));
    }
  });
}

test('the count can tell quadratic work from linear', () => {
  let copies = 0;
  const quadratic = (count: number) => {
    copiedBytes = 0;
    for (let size = 0; size < count; size++) new Uint8Array(size).set(new Uint8Array(size));
    copies = copiedBytes;
    return copies;
  };
  expect(quadratic(200) / quadratic(100)).toBeGreaterThan(3.5);
});
