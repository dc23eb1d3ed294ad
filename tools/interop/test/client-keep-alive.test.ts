// The client on servers that leave: when a connection has been idle for long enough, has carried enough
// requests, or the server starts anew. What is idempotent is never lost, and nothing is done twice.
import process from 'node:process';
import { HttpClient, type HttpClientError, type HttpClientOptions } from '@holdline/net';
import { createFetch } from '@holdline/net/fetch';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { apache, haproxy, nginx, type Peer, RunningPeer } from './support/peers.ts';
import { Upstream } from './support/upstream.ts';

/** How long the streams go on that meet the end of idle connections; longer with time. */
const PATIENCE_MS = Number(process.env['HOLDLINE_PATIENCE_MS'] ?? 3000);
const STREAMS = 24;

const closers: (() => unknown)[] = [];
let upstream: Upstream;

beforeEach(async () => {
  upstream = await new Upstream().listen();
  closers.push(() => upstream.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(context: TestContext, peer: Peer, settings = {}): Promise<RunningPeer> {
  const running = await RunningPeer.start(context, peer, upstream, settings);
  closers.push(() => running.remove());
  return running;
}

/** A client, and what became of its connections. */
function makeClient(options: HttpClientOptions = {}) {
  const opened: number[] = [];
  const causes: string[] = [];
  const client = new HttpClient({
    onConnection: ({ id }) => opened.push(id),
    onConnectionEnd: (_, cause) => causes.push(cause),
    ...options,
  });
  closers.push(() => client.close());
  return { client, opened, causes };
}

const pause = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs));
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Methods and what was asked of each; the counts tell how often the server behind saw it. */
interface Fates {
  answered: number;
  repeated: number;
  readonly lost: string[];
}

/** Makes a request, and notes what becomes of it. */
async function ask(
  client: HttpClient,
  origin: string,
  target: string,
  fates: Fates,
): Promise<void> {
  const isSafe = !target.startsWith('/post');
  const content = isSafe ? null : 'once';
  try {
    const response = await client.request({
      origin,
      target,
      method: isSafe ? 'GET' : 'POST',
      content,
    });
    expect(response.status).toBe(200);
    expect(((await response.content.json()) as { url: string }).url).toBe(target);
    fates.answered += 1;
    if (response.retried) fates.repeated += 1;
  } catch (error) {
    const { code, safeToRetry } = error as HttpClientError;
    fates.lost.push(`${target} ${code} ${safeToRetry}`);
  }
}

/** Requests that the server behind has seen twice, and those that it has not seen though answered. */
function doubled(): string[] {
  return [...upstream.counts].filter(([, count]) => count > 1).map(([target]) => target);
}

/** Streams of requests whose gaps are as long as the server keeps a connection, more or less. */
async function stumble(origin: string, keepAliveMs: number): Promise<Fates & { opened: number }> {
  const fates = { answered: 0, repeated: 0, lost: [], opened: 0 };
  const rounds = Math.ceil(PATIENCE_MS / keepAliveMs);
  await Promise.all(
    range(STREAMS).map(async (stream) => {
      const kind = stream % 4 === 0 ? 'post' : 'get';
      // Each has a connection of its own, or it would get the one that was used last. Without a
      // margin, the client leaves when the server says that it will, if it does.
      const http1 = { timeouts: { idleMarginMs: 0 } };
      const { client, opened } = makeClient({ connectionsPerOriginMax: 1, http1 });
      for (const round of range(rounds)) {
        await ask(client, origin, `/${kind}/${stream}/${round}`, fates);
        // The server's clock is not ours, and its timers are late like all timers.
        await pause(keepAliveMs - 8 + ((stream * 5 + round) % 13));
      }
      fates.opened += opened.length;
    }),
  );
  expect(fates.answered + fates.lost.length).toBe(STREAMS * rounds);
  return fates;
}

describe.each([
  { peer: nginx, name: 'nginx', keepAliveMs: 250 },
  { peer: haproxy, name: 'haproxy', keepAliveMs: 250 },
  { peer: apache, name: 'Apache', keepAliveMs: 1000 },
])('$name that leaves after $keepAliveMs ms', ({ peer, name, keepAliveMs }) => {
  it('loses nothing that may be repeated, and does nothing twice', {
    timeout: 600_000,
  }, async (context) => {
    const { url } = await start(context, peer, { keepAliveMs });
    const fates = await stumble(url, keepAliveMs);
    if (process.env['HOLDLINE_PATIENCE_MS'] !== undefined) console.info(name, fates);
    expect(doubled()).toEqual([]);
    expect(upstream.counts.size).toBe(fates.answered);
    // Only what is not idempotent can be lost, and that is told.
    const told = /^\/post.* HTTP_CLIENT_CONNECTION_ENDED false$/;
    expect(fates.lost.filter((line) => !told.test(line))).toEqual([]);
    // They have met.
    expect(fates.opened).toBeGreaterThan(STREAMS);
  });
});

describe.each([nginx, apache])('$program with a bound on requests', (peer) => {
  it('gets as many on each connection, whether it says so or not', async (context) => {
    const { url } = await start(context, peer, { requestsMax: 7 });
    const { client, opened } = makeClient({ connectionsPerOriginMax: 4 });
    const fates: Fates = { answered: 0, repeated: 0, lost: [] };
    await Promise.all(
      range(200).map((index) => ask(client, url, `/${index % 2 ? 'get' : 'post'}/${index}`, fates)),
    );
    expect(fates).toEqual({ answered: 200, repeated: 0, lost: [] });
    expect(doubled()).toEqual([]);
    expect(opened.length).toBeGreaterThanOrEqual(Math.ceil(200 / 8));
    expect(opened.length).toBeLessThanOrEqual(Math.ceil(200 / 7) + 4);
  });
});

describe('Apache, which tells its values to who asks', () => {
  it('is left a second before it would leave', async (context) => {
    const { url } = await start(context, apache, { keepAliveMs: 3000, requestsMax: 50 });
    const { client, causes } = makeClient();
    const response = await client.request({ url });
    await response.content.text();
    expect(response.field('keep-alive')).toBe('timeout=3, max=50');
    // Half a minute, were it not for that.
    expect(response.connection.idleLeftMs).toBeLessThanOrEqual(2000);
    while (causes.length === 0) await pause(50);
    expect(causes).toEqual(['idle-timeout']);
  });

  it('is told by the last request that it allows', async (context) => {
    const { url } = await start(context, apache, { requestsMax: 3 });
    const { client } = makeClient();
    const requestBytes: number[] = [];
    let bytesBefore = 0;
    for (const index of range(8)) {
      const response = await client.request({ url: `${url}/get/${index}` });
      await response.content.text();
      if (response.number === 1) bytesBefore = 0;
      const { bytesSent } = response.connection;
      requestBytes.push(bytesSent - bytesBefore);
      bytesBefore = bytesSent;
    }
    const bare = `GET /get/0 HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`.length;
    const asking = bare + 'Connection: keep-alive\r\n'.length;
    // `max=3`, it says, and means three more.
    const last = bare + 'Connection: close\r\n'.length;
    expect(requestBytes).toEqual([...[asking, bare, bare, last], ...[asking, bare, bare, last]]);
  });
});

describe.each([nginx, haproxy, apache])('$program that starts anew', (peer) => {
  it('while the client is idle costs it nothing', async (context) => {
    const running = await start(context, peer);
    const { client, opened, causes } = makeClient();
    const fetch = createFetch(client);
    const fates: Fates = { answered: 0, repeated: 0, lost: [] };
    await ask(client, running.url, '/post/before', fates);
    await running.stop();
    await running.start();
    await ask(client, running.url, '/post/after', fates);
    await running.stop();
    await running.start();
    expect((await fetch(`${running.url}/fetched`)).status).toBe(200);
    expect(fates).toEqual({ answered: 2, repeated: 0, lost: [] });
    expect(opened).toHaveLength(3);
    expect(causes).toHaveLength(2);
    expect(doubled()).toEqual([]);
  });

  it('while the client is busy loses nothing when it finishes what it has begun', async (context) => {
    const running = await start(context, peer);
    const { client } = makeClient({ connectionsPerOriginMax: 4 });
    const fates: Fates = { answered: 0, repeated: 0, lost: [] };
    await Promise.all(
      range(8).map(async (stream) => {
        for (const round of range(60)) {
          if (stream === 0 && round % 20 === 10) running.reload();
          await ask(client, running.url, `/get/${stream}/${round}`, fates);
        }
      }),
    );
    expect(fates.lost).toEqual([]);
    expect(fates.answered).toBe(480);
    expect(doubled()).toEqual([]);
  });

  it('without a word loses only what is told', async (context) => {
    const running = await start(context, peer);
    const { client } = makeClient({ connectionsPerOriginMax: 4 });
    const fates: Fates = { answered: 0, repeated: 0, lost: [] };
    const streams = range(8).map(async (stream) => {
      for (const round of range(40)) {
        await ask(client, running.url, `/${stream % 2 ? 'get' : 'post'}/${stream}/${round}`, fates);
        await pause(1);
      }
    });
    await pause(20);
    await running.stop();
    await running.start();
    await Promise.all(streams);
    expect(fates.answered + fates.lost.length).toBe(320);
    for (const [target, count] of upstream.counts) {
      expect(count, target).toBeLessThanOrEqual(target.startsWith('/post') ? 1 : 2);
    }
    const after: Fates = { answered: 0, repeated: 0, lost: [] };
    await ask(client, running.url, '/post/after', after);
    expect(after.answered).toBe(1);
  });
});
