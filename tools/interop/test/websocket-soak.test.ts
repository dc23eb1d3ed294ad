// Many bad clients, and what is left of them in the server: nothing. `HOLDLINE_SOAK=1` makes them ten
// thousand, and prints what was measured.
import type { Socket } from 'node:net';
import process from 'node:process';
import { afterEach, expect, test } from 'vitest';
import { type Account, flood, frame, type SoakOptions, SoakServer } from './support/soak.ts';

const isWhole = process.env['HOLDLINE_SOAK'] === '1';
const CONNECTIONS = isWhole ? 10_000 : 500;
const MESSAGES = isWhole ? 1_000_000 : 100_000;
/** An open connection has several times that. */
const LEFT_BYTES_PER_CONNECTION = 300;
/** What compiling and counting take meanwhile. */
const NOISE_BYTES = 400_000;
const TEXT = 0x81;
const FRAGMENT = 0x00;
const PING = 0x89;

const servers: SoakServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.stop();
});

async function serve(options: SoakOptions = {}): Promise<SoakServer> {
  const server = await SoakServer.start(options);
  servers.push(server);
  return server;
}

/** Does it twice, since the first time fills caches; expects that the second leaves nothing. */
async function expectNothingLeft(
  server: SoakServer,
  connections: number,
  treat: () => Promise<void>,
): Promise<Account> {
  const fresh = await server.account(0);
  await treat();
  const before = await server.account(0);
  await treat();
  const after = await server.account(0);
  if (isWhole) {
    const megabytes = (account: Account): string =>
      [account.heapUsed, account.external, account.rss]
        .map((bytes) => (bytes / 1e6).toFixed(1))
        .join(' / ');
    const all = [fresh, before, after].map(megabytes).join(', then ');
    console.log(`${expect.getState().currentTestName}: heap / external / RSS in MB: ${all}`);
    console.log(after.ends, after.codes, `at most ${after.bufferedBytesMax} bytes waited`);
  }
  const leftMax = connections * LEFT_BYTES_PER_CONNECTION + NOISE_BYTES;
  expect(after.heapUsed - before.heapUsed).toBeLessThan(leftMax);
  expect(after.external - before.external).toBeLessThan(leftMax);
  expect(after.contextBytes).toBe(0);
  return after;
}

/** Reads on, so that the end is seen. */
async function end(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  // That may be a reset.
  await new Promise((resolve) => socket.resume().once('close', resolve));
}

test.each([false, true])('connections that are killed; compressed: %s', async (compressed) => {
  const server = await serve({ compressed });
  const after = await expectNothingLeft(server, CONNECTIONS, async () => {
    const sockets = await server.openAll(CONNECTIONS);
    const text = 'hello '.repeat(100);
    for (const socket of sockets) socket.resume().write(frame(TEXT, text));
    const open = await server.account(CONNECTIONS);
    if (isWhole) {
      const { heapUsed, external, rss } = open;
      console.log(`${CONNECTIONS} open: heap ${heapUsed}, external ${external}, RSS ${rss}`);
    }
    for (const [index, socket] of sockets.entries()) {
      // In the middle of a frame, between two, and with a FIN.
      if (index % 3 === 0) socket.write(frame(TEXT, text).subarray(0, 300));
      if (index % 3 === 2) socket.destroy();
      else socket.resetAndDestroy();
    }
  });
  const { reset = 0, 'fin-without-close': ended = 0, 'ended-in-message': cut = 0 } = after.ends;
  expect(reset + ended + cut).toBe(2 * CONNECTIONS);
});

test('clients that never close', async () => {
  const count = CONNECTIONS / 10;
  const server = await serve({ websocket: { timeouts: { closingMs: 200, lingerMs: 200 } } });
  const after = await expectNothingLeft(server, count, async () => {
    const sockets = await server.openAll(count);
    const ends = sockets.map(end);
    for (const socket of sockets) socket.write(frame(TEXT, 'close'));
    await Promise.all(ends);
  });
  expect(after.ends).toEqual({ 'close-unanswered': 2 * count });
});

test('clients that never read what a server sends that heeds nothing', async () => {
  const server = await serve({ websocket: { timeouts: { writeStallMs: 300 } } });
  const after = await expectNothingLeft(server, 3, async () => {
    for (let count = 0; count < 3; count++) {
      const socket = await server.open();
      socket.write(frame(TEXT, 'flood'));
      const gone = await server.account(0);
      // 16 MiB is the limit; what waits is not more than one message beyond it.
      expect(gone.bufferedBytesMax).toBeLessThan(16_777_216 + 2 * 65_546);
      socket.destroy();
    }
  });
  expect(after.codes).toEqual({ WS_BACKLOG_TOO_LARGE: 6 });
});

test('clients that send and never read', async () => {
  const server = await serve({ websocket: { timeouts: { writeStallMs: 300 } } });
  const after = await expectNothingLeft(server, 10, async () => {
    const sockets = await server.openAll(10);
    const text = frame(TEXT, 'x'.repeat(60_000));
    await Promise.all(sockets.map((socket) => flood(socket, text, 1_000)));
    await server.account(0);
    for (const socket of sockets) socket.destroy();
  });
  expect(after.ends).toEqual({ 'write-stall': 20 });
  // What it has read of them before it stopped, and no more.
  expect(after.bufferedBytesMax).toBeLessThan(1_000_000);
});

test('floods of pings', async () => {
  const server = await serve();
  const after = await expectNothingLeft(server, 10, async () => {
    for (let count = 0; count < 10; count++) {
      const socket = await server.open();
      const ended = end(socket);
      await flood(socket, frame(PING, 'p'.repeat(125)), MESSAGES / 10);
      socket.end();
      await ended;
    }
  });
  expect(after.ends).toEqual({ limit: 20 });
  expect(after.codes).toEqual({ WS_TOO_MANY_CONTROL_FRAMES: 20 });
});

test.each([
  ['more than the limit', {}, { limit: 2 }],
  [
    'without a limit',
    { limits: { fragmentsMax: Number.MAX_SAFE_INTEGER } },
    { 'fin-without-close': 2 },
  ],
])('a million empty fragments: %s', async (_name, websocket, expected) => {
  const server = await serve({ websocket });
  const after = await expectNothingLeft(server, 1, async () => {
    const socket = await server.open();
    const ended = end(socket);
    socket.write(frame(0x01));
    await flood(socket, frame(FRAGMENT), 1_000_000);
    socket.end(frame(0x80, 'end'));
    await ended;
  });
  expect(after.ends).toEqual(expected);
});
