// Bytes that answer no request, over TCP: whenever they come, no request is given them, and the
// connection that they came on is not used again.
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient, type HttpClientOptions, type ResponseSink } from '../../src/index.ts';
import { ok, type RawRequest, RawServer, turns } from './support/raw-server.ts';

const POISON = ok('poison', 'Set-Cookie: poison=1');

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server, and a client that has nothing but one connection to it. */
async function serve(
  answer: (request: RawRequest, socket: Socket) => void,
  options: HttpClientOptions = {},
): Promise<{ server: RawServer; client: HttpClient }> {
  const server = await new RawServer(answer).listen();
  const client = new HttpClient({ connectionsPerOriginMax: 1, ...options });
  closers.push(
    () => server.close(),
    () => client.close(),
  );
  return { server, client };
}

/** What a server may write behind a complete response. */
const extras: readonly [name: string, extra: string][] = [
  ['another response', POISON],
  ['the beginning of one', 'H'],
  ['a line', '\r\n'],
  ['100 (Continue)', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['408 (Request Timeout)', 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n'],
  ['NUL', '\0'],
];

describe('behind a response', () => {
  it.each(extras)('%s in the same piece', async (_name, extra) => {
    const { server, client } = await serve((request, socket) => {
      const isFirst = request.target === '/first';
      socket.write(ok(request.target) + (isFirst ? extra : ''), 'latin1');
    });
    const request = { origin: server.origin, method: 'POST', content: 'once' };
    const first = client.request({ ...request, target: '/first' });
    const second = client.request({ ...request, target: '/second' });
    expect(await (await first).content.text()).toBe('/first');
    expect(await (await second).content.text()).toBe('/second');
    expect(server.seen.map(({ target, connection }) => [target, connection])).toEqual([
      ['/first', 1],
      ['/second', 2],
    ]);
    await server.closed(1);
  });

  it.each([
    ['content of HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 46\r\n\r\n'],
    ['content of 204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['content of 304', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 46\r\n\r\n'],
    ['more content than its length', 'GET', ok('').replace('200', '201')],
    ['more behind the last chunk', 'GET', `${chunked('a')}\r\n`],
  ])('%s', async (_name, method, head) => {
    const { server, client } = await serve((request, socket) => {
      socket.write(request.target === '/first' ? head + POISON : ok(request.target));
    });
    const first = await client.request({ origin: server.origin, target: '/first', method });
    expect(await first.content.text()).toBe(head.includes('chunked') ? 'a' : '');
    const second = await client.request({ origin: server.origin, target: '/second' });
    expect(await second.content.text()).toBe('/second');
    expect(server.seen.at(-1)?.connection).toBe(2);
  });

  it('cuts a connection that gets bytes while it is idle, before anybody asks', async () => {
    const { server, client } = await serve(({ target }, socket) => socket.write(ok(target)));
    for (const [round, [, extra]] of extras.entries()) {
      const response = await client.request({ origin: server.origin, target: `/${round}` });
      expect(await response.content.text()).toBe(`/${round}`);
      server.sockets[round]?.write(extra);
      await server.closed(round + 1);
      expect(client.connections).toEqual([]);
    }
  });
});

function chunked(content: string): string {
  const size = content.length.toString(16);
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n${content}\r\n0\r\n\r\n`;
}

describe('at the instant of the next request', () => {
  // Once its first byte has left, nobody can tell an answer from what was on its way by chance.
  it.each(['GET', 'POST'])('%s is not sent where they came', async (method) => {
    const { server, client } = await serve(({ target }, socket) => socket.write(ok(target)));
    const ask = async (target: string): Promise<string> => {
      const content = method === 'POST' ? 'once' : null;
      const response = await client.request({ origin: server.origin, target, method, content });
      return response.content.text();
    };
    let connection = 0;
    for (const before of [true, false]) {
      for (let pause = 0; pause < 6; pause += 1) {
        for (const extra of [POISON, 'H', ok('', 'Connection: close')]) {
          connection += 1;
          expect(await ask('/first')).toBe('/first');
          await turns(pause);
          const socket = server.sockets.at(-1);
          if (before) socket?.write(extra);
          const next = ask('/next');
          if (!before) socket?.write(extra);
          expect(await next).toBe('/next');
          expect(server.seen.at(-2)).toMatchObject({ target: '/first', connection });
          expect(server.seen.at(-1)).toMatchObject({ target: '/next', connection: connection + 1 });
          // The connection of the next is that of the first of the next round, if it lives.
          client.connections.length === 1 && server.sockets.at(-1)?.destroy();
          await server.closed(connection + 1);
          connection += 1;
        }
      }
    }
    expect(server.count('/next')).toBe(36);
  });
});

describe('to pipelined requests', () => {
  const record = (log: string[], name: string, isHeld = false): ResponseSink => ({
    onResponse: (_head, exchange) => {
      if (isHeld) exchange.hold();
    },
    onData: (data) => log.push(`${name}: ${Buffer.from(data)}`),
    onEnd: () => log.push(`${name} ends`),
    onError: (error) => log.push(`${name}: ${(error as { code?: string }).code}`),
  });

  it('are no answer to what was sent after they came', async () => {
    const { server, client } = await serve(
      ({ target }, socket) => {
        socket.write(ok(target) + (target === '/first' ? POISON : ''));
      },
      { pipelining: 8 },
    );
    const { origin } = server;
    await (await client.request({ origin, target: '/warm' })).content.text();
    const log: string[] = [];
    const first = client.send({ origin, target: '/first' }, record(log, 'first', true));
    while (server.count('/first') === 0) await turns(1);
    await turns(3);
    const second = client.send({ origin, target: '/second' }, record(log, 'second'));
    while (server.count('/second') === 0) await turns(1);
    first.resume();
    while (!second.isOver) await turns(1);
    expect(log.join()).not.toContain('poison');
    expect(log.slice(0, 2)).toEqual(['first: /first', 'first ends']);
    await server.closed(1);
  });

  it('more answers than requests spoil the connection, not the requests', async () => {
    const { server, client } = await serve(
      ({ target, number, connection }, socket) => {
        if (connection > 1 || number === 1) socket.write(ok(target));
        else if (number === 3) socket.write(ok('/1') + ok('/2') + POISON);
      },
      { pipelining: 2 },
    );
    const get = async (target: string): Promise<string> =>
      (await client.request({ origin: server.origin, target })).content.text();
    expect(await get('/0')).toBe('/0');
    expect(await Promise.all(['/1', '/2', '/3', '/4'].map(get))).toEqual(['/1', '/2', '/3', '/4']);
    expect(server.seen.filter(({ connection }) => connection === 1)).toHaveLength(3);
    await server.closed(1);
  });
});

describe('what a server says of its patience', () => {
  it.each([
    ['timeout=0', true],
    ['timeout=0, max=5', true],
    ['max=0', true],
    ['timeout=1', false],
    ['timeout=-1', false],
    ['timeout=1e9, max=1e9', false],
    ['timeout=99999999999999999999', false],
    ['timeout=999999999, max=999999999', false],
    ['timeout="5", max=""', false],
    ['timeout', false],
    [',,,=;"', false],
    [`timeout=5, ${'x'.repeat(8000)}`, false],
    [`${'timeout=5, '.repeat(700)}max=9`, false],
  ])('Keep-Alive: %.40s', async (value, closes) => {
    const { server, client } = await serve(({ target }, socket) => {
      socket.write(ok(target, `Keep-Alive: ${value}`));
    });
    for (const target of ['/1', '/2']) {
      const response = await client.request({ origin: server.origin, target });
      expect(await response.content.text()).toBe(target);
    }
    expect(server.sockets).toHaveLength(closes ? 2 : 1);
    const left = client.connections.map(({ idleLeftMs }) => idleLeftMs);
    for (const ms of left) expect(ms).toBeLessThanOrEqual(30_000);
    expect(left).toHaveLength(closes ? 0 : 1);
  });
});
