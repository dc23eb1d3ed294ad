// What is left when servers were hostile: no memory, no connections, nothing that keeps a process alive.
// `HOLDLINE_HOSTILE` is the number of exchanges; ten thousand take a while.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { HttpClient } from '../../src/index.ts';
import { ok, RawServer, turns } from './support/raw-server.ts';

const EXCHANGES = Number(process.env['HOLDLINE_HOSTILE'] ?? 2000);

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Ways to treat a request; each is known to the client by what it rejects with, if with anything. */
const treatments: readonly ((socket: Socket) => void)[] = [
  (socket) => socket.write(ok('fine')),
  (socket) => socket.write(ok('fine', 'Connection: close')),
  (socket) => socket.write(`${ok('fine')}and more`),
  (socket) => socket.write('220 not HTTP\r\n'),
  (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(200)}`),
  (socket) => socket.write(`HTTP/1.1 200 OK\r\nA: ${'b'.repeat(40_000)}`),
  (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)),
  (socket) => socket.write(`${CHUNKED}zz\r\n`),
  (socket) => socket.end(`${CHUNKED}5\r\nabc`),
  (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'),
  (socket) => socket.end(),
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-', () => socket.resetAndDestroy()),
  (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: toy\r\n\r\n'),
  (socket) => socket.write(ok('fine', 'Keep-Alive: timeout=0, max=0')),
];

/** A server that remembers nothing. */
async function serve(): Promise<{ origin: string; server: Server }> {
  let requests = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('data', (data) => {
      for (let at = data.indexOf('\r\n\r\n'); at !== -1; at = data.indexOf('\r\n\r\n', at + 1)) {
        requests += 1;
        if (socket.writable) treatments[requests % treatments.length]?.(socket);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const address = server.address() as { port: number };
  return { origin: `http://127.0.0.1:${address.port}`, server };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are held on to. */
async function heldBytes(): Promise<number> {
  // Weak references and what finalizers hold need another turn.
  for (let round = 0; round < 3; round += 1) {
    await turns(2);
    collectGarbage();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it('holds no memory and no connection of hostile exchanges', { timeout: 600_000 }, async () => {
  const { origin } = await serve();
  const ends = new Map<string, number>();
  const client = new HttpClient({
    connectionsPerOriginMax: 4,
    onConnectionEnd: (_, cause) => ends.set(cause, (ends.get(cause) ?? 0) + 1),
  });
  const codes = new Map<string, number>();
  const { signal } = new AbortController();
  const exchange = async (target: string): Promise<string> => {
    try {
      const response = await client.request({ origin, target, signal });
      return await response.content.text();
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const run = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 8) {
      const outcomes = Array.from({ length: 8 }, (_, index) => exchange(`/${done + index}`));
      for (const code of await Promise.all(outcomes)) codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  };
  await run(EXCHANGES / 2);
  const before = await heldBytes();
  await run(EXCHANGES / 2);
  const grownBytes = (await heldBytes()) - before;
  if (process.env['HOLDLINE_HOSTILE'] !== undefined) console.info({ grownBytes, codes, ends });
  // What compilers and caches take, and far less than one of our objects for each exchange.
  expect(grownBytes).toBeLessThan(100_000 + EXCHANGES * 5);
  expect([...codes.keys()].sort()).toEqual([
    'HTTP_CLIENT_CONNECTION_ENDED',
    'HTTP_CLIENT_RESPONSE_INCOMPLETE',
    'HTTP_CLIENT_RESPONSE_INVALID',
    'fine',
  ]);
  await client.close();
  expect([client.connections, client.queued]).toEqual([[], 0]);
});

/** Runs a program that uses the client, and resolves with its output when it ends by itself. */
async function runProgram(origin: string, program: string): Promise<string> {
  const entry = pathToFileURL(new URL('../../src/index.ts', import.meta.url).pathname).href;
  const source = `import { HttpClient } from ${JSON.stringify(entry)};
    const origin = ${JSON.stringify(origin)};
    ${program}`;
  const flags = ['--no-warnings', '--experimental-transform-types', '--input-type=module'];
  const child = spawn(process.execPath, [...flags, '-e', source]);
  closers.push(() => child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return output;
}

it('keeps no process alive', async (context) => {
  if (Number(process.versions.node.split('.')[0]) < 22) {
    context.skip('needs a Node that runs TypeScript');
  }
  const { origin } = await serve();
  // Never answered, but read.
  const silent = await new RawServer(() => {}).listen();
  closers.push(() => silent.close());
  const output = await runProgram(
    origin,
    `const silent = ${JSON.stringify(silent.origin)};
    const timeouts = { headMs: 50 };
    const client = new HttpClient({ connectionsPerOriginMax: 2, queueMs: 60_000, http1: { timeouts } });
    const text = (request) => client.request(request).then((response) => response.content.text());
    const requests = [];
    for (let index = 0; index < 60; index += 1) requests.push(text({ origin, target: '/' + index }));
    requests.push(text({ origin: silent }));
    const signal = AbortSignal.timeout(20);
    requests.push(text({ origin: silent, signal, method: 'POST', content: 'a' }));
    requests.push(text({ origin: silent, signal }));
    requests.push(client.upgrade({ origin, upgrade: 'nothing' }));
    requests.push(text({ url: 'http://127.0.0.1:1/' }));
    const settled = await Promise.allSettled(requests);
    const isIdle = () => client.connections.some(({ state }) => state === 'idle');
    while (!isIdle()) await text({ origin }).catch(() => {});
    console.log(settled.length, 'settled,', client.queued, 'wait,', isIdle() && 'one is idle');`,
  );
  expect(output).toBe('65 settled, 0 wait, one is idle\n');
});
