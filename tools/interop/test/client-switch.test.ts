// Upgrade and CONNECT through servers that nobody here wrote, to an echo behind them.
import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpClient } from '@holdline/net';
import { createAgent } from '@holdline/net/agent';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { ByteTunnel } from './support/byte-tunnel.ts';
import { apache, haproxy, nginx, type Peer, RunningPeer } from './support/peers.ts';
import { Upstream } from './support/upstream.ts';

const closers: (() => unknown)[] = [];
let upstream: Upstream;
let client: HttpClient;

beforeEach(async () => {
  upstream = await new Upstream().listen();
  client = new HttpClient();
  closers.push(
    () => upstream.close(),
    () => client.abort(),
  );
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(context: TestContext, peer: Peer): Promise<string> {
  const running = await RunningPeer.start(context, peer, upstream);
  closers.push(() => running.remove());
  return running.url;
}

const HELLO = 'hello, '.repeat(20_000);

describe.each([nginx, haproxy, apache])('through $program', (peer) => {
  it('switches to an echo', async (context) => {
    const origin = await start(context, peer);
    const request = { origin, target: '/switch', upgrade: 'echo' };
    const upgrade = await client.upgrade(request);
    expect([upgrade.response.status, upgrade.protocol]).toEqual([101, 'echo']);
    const tunnel = new ByteTunnel();
    upgrade.switchTo(tunnel.factory);
    tunnel.send(HELLO);
    await tunnel.until(({ text }) => text.length >= HELLO.length);
    expect(tunnel.text).toBe(HELLO);
    expect(client.connections.map(({ state }) => state)).toEqual(['switched']);
    tunnel.end();
    await tunnel.until(({ isReleased }) => isReleased);
    expect(client.connections).toEqual([]);
  });

  it('switches for node:http through the agent', async (context) => {
    const origin = await start(context, peer);
    const headers = { connection: 'upgrade', upgrade: 'echo' };
    const agent = createAgent(client);
    const socket = await new Promise<Duplex>((resolve, reject) => {
      const request = httpRequest(`${origin}/switch`, { agent, headers });
      request.on('upgrade', (_response, duplex) => resolve(duplex));
      request.on('response', ({ statusCode }) => reject(new Error(`status ${statusCode}`)));
      request.on('error', reject);
      request.end();
    });
    socket.write(HELLO);
    let text = '';
    for await (const data of socket.setEncoding('utf8')) {
      text += data;
      if (text.length >= HELLO.length) break;
    }
    expect(text).toBe(HELLO);
  });
});

// haproxy passes every offer on, and what is behind it takes them all.
describe.each([nginx, apache])('through $program', (peer) => {
  it('gets an answer like any other where it does not switch', async (context) => {
    const origin = await start(context, peer);
    const request = { origin, target: '/', upgrade: 'echo' };
    const { response, protocol } = await client.upgrade(request);
    expect([response.status, protocol]).toEqual([200, null]);
    await response.content.text();
    expect(client.connections.map(({ state }) => state)).toEqual(['idle']);
  });
});

it('opens a tunnel through Apache, and speaks HTTP in it', async (context) => {
  const origin = await start(context, apache);
  const target = `127.0.0.1:${upstream.port}`;
  const upgrade = await client.upgrade({ origin, method: 'CONNECT', target });
  expect([upgrade.response.status, upgrade.protocol]).toEqual([200, 'connect']);
  const tunnel = new ByteTunnel();
  upgrade.switchTo(tunnel.factory);
  tunnel.send('GET /nothing HTTP/1.1\r\nHost: upstream\r\nConnection: close\r\n\r\n');
  await tunnel.until(({ isReleased }) => isReleased);
  expect(tunnel.text).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
  expect(upstream.counts.get('/nothing')).toBe(1);
});

it('is refused a tunnel by Apache to where it does not lead', async (context) => {
  const origin = await start(context, apache);
  const request = { origin, method: 'CONNECT', target: '127.0.0.1:1' };
  const { response, protocol } = await client.upgrade(request);
  expect([response.status, protocol]).toEqual([403, null]);
  expect(await response.content.text()).toContain('blocked');
});
