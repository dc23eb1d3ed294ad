// Servers that end connections at the worst moment, over TCP: a request is repeated once where that can
// do no harm and never where it might, and whoever is not answered is told what is known.
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient, type HttpClientError } from '../../src/index.ts';
import { ok, type RawRequest, RawServer, turns } from './support/raw-server.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(
  answer: (request: RawRequest, socket: Socket) => void,
): Promise<{ server: RawServer; client: HttpClient }> {
  const server = await new RawServer(answer).listen();
  const client = new HttpClient({ connectionsPerOriginMax: 1 });
  closers.push(
    () => server.close(),
    () => client.close(),
  );
  return { server, client };
}

/** How a server ends a connection, behind what it has written. */
const ends: Readonly<Record<string, (socket: Socket) => void>> = {
  FIN: (socket) => socket.end(),
  'a close': (socket) => socket.destroySoon(),
  RST: (socket) => socket.write('', () => socket.resetAndDestroy()),
};

interface Outcome {
  readonly text?: string;
  readonly retried?: boolean;
  readonly error?: HttpClientError;
}

async function ask(client: HttpClient, request: object): Promise<Outcome> {
  try {
    const response = await client.request(request);
    return { text: await response.content.text(), retried: response.retried };
  } catch (error) {
    return { error: error as HttpClientError };
  }
}

const INCOMPLETE = 'HTTP_CLIENT_RESPONSE_INCOMPLETE';

describe.each(Object.entries(ends))('%s', (name, end) => {
  it.each([
    ['H', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\n', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12345678', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n', INCOMPLETE],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n', INCOMPLETE],
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: toy\r\n', INCOMPLETE],
    ['HTTP/1.1 103 Early Hints\r\n\r\n', 'HTTP_CLIENT_CONNECTION_ENDED'],
    ['', 'HTTP_CLIENT_CONNECTION_ENDED'],
  ])('behind %j fails the request', async (part, code) => {
    const { server, client } = await serve(({ target }, socket) => {
      if (target === '/next') {
        socket.write(ok(target));
        return;
      }
      if (part !== '') socket.write(part);
      end(socket);
    });
    const outcome = await ask(client, { origin: server.origin });
    // RST may overtake what was written before it.
    const codes = name === 'RST' ? [code, 'HTTP_CLIENT_CONNECTION_ENDED'] : [code];
    expect(codes).toContain(outcome.error?.code);
    expect(outcome.error?.bytesSent).toBeGreaterThan(0);
    expect(await ask(client, { origin: server.origin, target: '/next' })).toMatchObject({
      text: '/next',
      retried: false,
    });
    expect(server.seen).toHaveLength(2);
  });

  it('instead of an answer has what is idempotent repeated, once', async () => {
    for (const [method, idempotent] of [
      ['GET', undefined],
      ['PUT', undefined],
      ['DELETE', undefined],
      ['POST', true],
    ] as const) {
      const { server, client } = await serve(({ target, number }, socket) => {
        if (target === '/warm' || number === 1) socket.write(ok(target));
        else end(socket);
      });
      const { origin } = server;
      await ask(client, { origin, target: '/warm' });
      const content = method === 'GET' ? null : 'content';
      const request = { origin, target: '/x', method, content, ...(idempotent && { idempotent }) };
      expect(await ask(client, request)).toMatchObject({ text: '/x', retried: true });
      expect(server.count('/x')).toBe(2);
      expect(server.seen.at(-1)?.content).toBe(content ?? '');
    }
  });

  it('each time does not have it repeated twice', async () => {
    const { server, client } = await serve(({ target }, socket) => {
      if (target === '/warm') socket.write(ok(target));
      else end(socket);
    });
    const { origin } = server;
    await ask(client, { origin, target: '/warm' });
    const { error } = await ask(client, { origin, target: '/x' });
    expect(error).toMatchObject({ code: 'HTTP_CLIENT_CONNECTION_ENDED', safeToRetry: true });
    expect(server.count('/x')).toBe(2);
  });

  it('never has anything else repeated', async () => {
    for (const request of [
      { method: 'POST', content: 'content' },
      { method: 'PATCH', content: 'content' },
      { method: 'UNHEARD-OF' },
      { method: 'GET', idempotent: false },
      { method: 'PUT', content: [Buffer.from('only once')] },
    ]) {
      const { server, client } = await serve(({ target }, socket) => {
        if (target === '/warm') socket.write(ok(target));
        else end(socket);
      });
      const { origin } = server;
      await ask(client, { origin, target: '/warm' });
      const { error } = await ask(client, { origin, target: '/x', ...request });
      expect(error?.code).toBe('HTTP_CLIENT_CONNECTION_ENDED');
      // Repeating would do no harm to the last one: there is nothing left to repeat.
      expect(error?.safeToRetry).toBe(request.method === 'PUT');
      expect(server.count('/x')).toBe(1);
    }
  });

  it('at any instant around the next request loses and doubles nothing', async () => {
    let pause = 0;
    const { server, client } = await serve(({ target, number }, socket) => {
      const isFirst = target.endsWith('first');
      if (isFirst || number === 1) socket.write(ok(target));
      if (isFirst) void turns(pause).then(() => end(socket));
    });
    const { origin } = server;
    const fates = { answered: 0, repeated: 0, lost: 0 };
    for (let round = 0; round < 100; round += 1) {
      const method = round % 2 === 0 ? 'GET' : 'POST';
      const content = method === 'POST' ? 'once' : null;
      pause = round % 5;
      await ask(client, { origin, target: `/${round}-first` });
      await turns(Math.floor(round / 5) % 5);
      const target = `/${round}`;
      const { text, retried, error } = await ask(client, { origin, target, method, content });
      if (error === undefined) {
        expect(text).toBe(target);
        fates[retried === true ? 'repeated' : 'answered'] += 1;
      } else {
        fates.lost += 1;
        // Only what may have been carried out already, and only where it may have come to the server.
        expect(method).toBe('POST');
        expect(error.code).toBe('HTTP_CLIENT_CONNECTION_ENDED');
        expect(error.safeToRetry).toBe(false);
      }
      expect(server.count(target)).toBeLessThanOrEqual(method === 'POST' ? 1 : 2);
    }
    expect(fates.answered).toBeGreaterThan(0);
    expect(fates.answered + fates.repeated + fates.lost).toBe(100);
  });
});

describe('an end that completes the content', () => {
  const close = 'HTTP/1.1 200 OK\r\n\r\n';
  it.each([
    ['FIN', close, true],
    ['a close', close, true],
    ['RST', close, false],
    ['FIN', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n', true],
    ['FIN', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n', true],
  ])('%s behind %j', async (name, head, isComplete) => {
    const { server, client } = await serve((_request, socket) => {
      socket.write(`${head}all of it`);
      // Behind the head has been read, so that RST cannot overtake it.
      void turns(5).then(() => ends[name]?.(socket));
    });
    const { text, error } = await ask(client, { origin: server.origin });
    if (isComplete) expect(text).toBe('all of it');
    else expect(error?.code).toBe(INCOMPLETE);
  });
});
