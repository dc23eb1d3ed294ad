// The memory of compression behind the facade: a budget, and windows that nobody uses.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sharedClock } from '../../src/clock.ts';
import { WebSocket, WebSocketServer } from '../../src/ws/index.ts';
import { lineContexts } from '../../src/ws/line-settings.ts';

const TEXT = JSON.stringify(Array.from({ length: 200 }, (_, index) => ({ index, name: 'same' })));
const BUDGET_BYTES = 67_108_864;

let server: WebSocketServer;

async function open(): Promise<{ client: WebSocket; peer: WebSocket }> {
  const { port } = server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const [[peer]] = await Promise.all([once(server, 'connection'), once(client, 'open')]);
  return { client, peer };
}

async function receives(socket: WebSocket): Promise<string> {
  const [data] = await once(socket, 'message');
  return String(data);
}

/** Two turns of the keeper, in which nothing was sent. */
function idle(): void {
  for (let turn = 0; turn < 2; turn++) lineContexts().onExpiry(sharedClock().now());
}

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  await once(server, 'listening');
});

afterEach(async () => {
  for (const client of server.clients ?? []) client.terminate();
  server.close();
  await once(server, 'close');
});

test('windows are counted, given up when they are idle, and begin anew', async () => {
  const { client, peer } = await open();
  expect(client.extensions).toBe('permessage-deflate');
  expect(lineContexts().usedBytes).toBe(0);
  peer.send(TEXT);
  expect(await receives(client)).toBe(TEXT);
  const heldBytes = lineContexts().usedBytes;
  expect(heldBytes).toBeGreaterThan(0);
  idle();
  // The receiver's stays, since its peer may refer to it.
  expect(lineContexts().usedBytes).toBeLessThan(heldBytes);
  expect(lineContexts().usedBytes).toBeGreaterThan(0);
  peer.send(TEXT);
  expect(await receives(client)).toBe(TEXT);
  client.close();
  await Promise.all([once(client, 'close'), once(peer, 'close')]);
  expect(lineContexts().usedBytes).toBe(0);
});

test('a window is not given up within a message', async () => {
  const { client, peer } = await open();
  const received = receives(client);
  peer.send(TEXT, { fin: false });
  idle();
  peer.send(TEXT);
  expect(await received).toBe(TEXT + TEXT);
});

test('above the budget of the process, new connections of servers do without', async () => {
  lineContexts().usedBytes += BUDGET_BYTES;
  const { client, peer } = await open();
  lineContexts().usedBytes -= BUDGET_BYTES;
  expect(client.extensions).toBe('');
  peer.send(TEXT);
  expect(await receives(client)).toBe(TEXT);
});
