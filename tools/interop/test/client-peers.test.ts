// The client, `fetch` and the agent on servers that nobody here wrote, in front of node:http.
import { get as httpGet, type IncomingMessage } from 'node:http';
import { HttpClient, type HttpClientOptions } from '@holdline/net';
import { createAgent } from '@holdline/net/agent';
import { createFetch } from '@holdline/net/fetch';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { apache, BIG_FILE_BYTES, haproxy, nginx, type Peer, RunningPeer } from './support/peers.ts';
import { digestOf, type Told, Upstream } from './support/upstream.ts';

/** More than systems and proxies buffer, and far less than all. */
const IN_FLIGHT_BYTES_MAX = 32_000_000;

const closers: (() => unknown)[] = [];
let upstream: Upstream;
let connections = 0;
let client: HttpClient;

function makeClient(options: HttpClientOptions = {}): HttpClient {
  connections = 0;
  client = new HttpClient({ onConnection: () => (connections += 1), ...options });
  return client;
}

beforeEach(async () => {
  upstream = await new Upstream().listen();
  closers.push(() => upstream.close());
  makeClient();
});
afterEach(async () => {
  await client.close();
  expect(client.connections).toEqual([]);
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(context: TestContext, peer: Peer, settings = {}): Promise<string> {
  const running = await RunningPeer.start(context, peer, upstream, settings);
  closers.push(() => running.remove());
  return running.url;
}

/** Makes a request, and reads what the server behind says of it. */
async function told(request: Parameters<HttpClient['request']>[0]): Promise<Told> {
  const response = await client.request(request);
  expect(response.status).toBe(200);
  return (await response.content.json()) as Told;
}

const PIECES = Array.from({ length: 100 }, (_, piece) => `piece ${piece}\n`).join('');

async function* zeros(byteCount: number, onPiece: (sent: number) => void) {
  const piece = new Uint8Array(65_536);
  for (let sent = 0; sent < byteCount; sent += piece.length) {
    yield piece.subarray(0, Math.min(piece.length, byteCount - sent));
    onPiece(sent);
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe.each([nginx, haproxy, apache])('$program', (peer) => {
  const hasFiles = peer !== haproxy;

  it('keeps its connection', async (context) => {
    const origin = await start(context, peer);
    for (const index of range(50)) {
      const target = `/${index}`;
      expect((await told({ origin, target })).url).toBe(target);
    }
    expect(connections).toBe(1);
    expect(upstream.counts.size).toBe(50);
  });

  it('answers in every framing', async (context) => {
    const origin = await start(context, peer);
    const ask = async (target: string, method = 'GET', fields: object[] = []) => {
      const request = {
        origin,
        target,
        method,
        fields: fields as { name: string; value: string }[],
      };
      const response = await client.request(request);
      return { response, text: await response.content.text() };
    };
    const pieces = await ask('/pieces');
    expect([pieces.response.head.framing, pieces.text]).toEqual(['chunked', PIECES]);
    const sum = pieces.response.trailers.find(({ name }) => name === 'x-sum')?.value;
    // The others drop the trailers of those behind them.
    expect(sum).toBe(peer === haproxy ? '100' : undefined);
    expect((await ask('/old/')).text).toBe('as in 1996');
    const empty = await ask('/nothing');
    expect([empty.response.status, empty.text]).toEqual([204, '']);
    const head = await ask('/large?bytes=5', 'HEAD');
    expect([head.response.field('content-length'), head.text]).toEqual(['5', '']);
    if (!hasFiles) return;
    const openEnded = await ask('/open-ended/pieces');
    expect(openEnded.response.head.framing).toBe('close-delimited');
    expect(openEnded.text).toBe(PIECES);
    const file = await ask('/files/small');
    expect(file.text).toBe('abc');
    const etag = file.response.field('etag') ?? '';
    const unchanged = await ask('/files/small', 'GET', [{ name: 'If-None-Match', value: etag }]);
    expect([unchanged.response.status, unchanged.text]).toEqual([304, '']);
    expect((await ask('/files/small', 'HEAD')).text).toBe('');
    // None of these has spoiled a connection for the next.
    expect((await ask('/pieces')).text).toBe(PIECES);
  });

  it('reads content and trailers of every framing', async (context) => {
    const origin = await start(context, peer);
    const content = Buffer.from('a content; '.repeat(1000));
    const pieces = [content.subarray(0, 100), content.subarray(100)];
    const digest = digestOf(content);
    for (const request of [
      { content },
      { content: pieces },
      { content: pieces, contentLength: content.length },
      { content, expectContinue: true },
      { content: pieces, expectContinue: true, method: 'PUT' },
      { content, trailers: [{ name: 'X-Sum', value: 'yes' }] },
    ]) {
      const { byteCount, ...rest } = await told({ origin, method: 'POST', ...request });
      expect([byteCount, rest.digest]).toEqual([content.length, digest]);
    }
  });

  it('is asked first, and may refuse', async (context) => {
    const origin = await start(context, peer);
    let asked = 0;
    const content = {
      *[Symbol.iterator]() {
        asked += 1;
        yield Buffer.from('more than ten bytes');
      },
    };
    const request = { origin, method: 'PUT', content, contentLength: 19, expectContinue: true };
    const refused = await client.request({ ...request, target: '/limited' });
    expect(refused.status).toBe(413);
    await refused.content.text();
    expect(asked).toBe(0);
    // 417 is answered by a request without the expectation.
    const repeated = await told({ ...request, target: '/unexpected' });
    expect(repeated.headers['expect']).toBe(undefined);
    expect([asked, repeated.byteCount]).toEqual([1, 19]);
  });

  it('takes a content of any size, of which little is stored', async (context) => {
    const origin = await start(context, peer);
    let inFlightBytes = 0;
    const content = zeros(BIG_FILE_BYTES, (sent) => {
      inFlightBytes = Math.max(inFlightBytes, sent - upstream.bytesRead);
    });
    const { byteCount } = await told({ origin, method: 'POST', content });
    expect(byteCount).toBe(BIG_FILE_BYTES);
    expect(inFlightBytes).toBeLessThan(IN_FLIGHT_BYTES_MAX);
  });

  it('sends a content of any size, of which little is stored', async (context) => {
    const origin = await start(context, peer);
    const target = hasFiles ? '/files/big' : `/large?bytes=${BIG_FILE_BYTES}`;
    const { content } = await client.request({ origin, target });
    let pieces = 0;
    let bytes = 0;
    let unreadBytes = 0;
    for await (const piece of content) {
      pieces += 1;
      bytes += piece.length;
      const [connection] = client.connections;
      unreadBytes = Math.max(unreadBytes, (connection?.bytesReceived ?? 0) - bytes);
      if (pieces % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bytes).toBe(BIG_FILE_BYTES);
    expect(unreadBytes).toBeLessThan(1_000_000);
  });

  it('answers pipelined requests, each once', async (context) => {
    const origin = await start(context, peer, { requestsMax: 40 });
    makeClient({ connectionsPerOriginMax: 2, pipelining: 8 });
    const urls = await Promise.all(
      range(300).map(async (index) => (await told({ origin, target: `/${index}` })).url),
    );
    expect(urls).toEqual(range(300).map((index) => `/${index}`));
    expect([...upstream.counts.values()].filter((count) => count !== 1)).toEqual([]);
    expect(upstream.counts.size).toBe(300);
  });

  it('is asked by fetch', async (context) => {
    const origin = await start(context, peer);
    const fetch = createFetch(client);
    const coded = peer === apache ? ['gzip', 'br'] : peer === nginx ? ['gzip'] : [];
    for (const coding of coded) {
      const response = await fetch(`${origin}/${coding}/`);
      expect(response.headers.get('content-encoding')).toBe(coding);
      expect(((await response.json()) as Told).url).toBe(`/${coding}/`);
    }
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('streamed'));
        controller.close();
      },
    });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const posted = (await (await fetch(`${origin}/post`, init)).json()) as Told;
    expect([posted.method, posted.byteCount]).toEqual(['POST', 8]);
    const response = await fetch(`${origin}/pieces`);
    expect(await response.text()).toBe(PIECES);
  });

  it('is asked by node:http through the agent', async (context) => {
    const origin = await start(context, peer);
    const agent = createAgent(client);
    closers.push(() => agent.destroy());
    const ask = (target: string): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        httpGet(`${origin}${target}`, { agent }, resolve).on('error', reject);
      });
    for (const target of ['/pieces', '/pieces', '/pieces']) {
      let text = '';
      for await (const data of (await ask(target)).setEncoding('utf8')) text += data;
      expect(text).toBe(PIECES);
    }
    expect(connections).toBe(1);
    expect(upstream.counts.get('/pieces')).toBe(3);
  });
});

it('hears 103 (Early Hints) of haproxy', async (context) => {
  const origin = await start(context, haproxy);
  const hints: unknown[] = [];
  const onInformational = (hint: unknown): void => void hints.push(hint);
  await told({ origin, target: '/hints', onInformational });
  expect(hints).toMatchObject([
    { status: 103, fields: [{ name: 'link', value: '</a.css>; rel=preload' }] },
  ]);
});
