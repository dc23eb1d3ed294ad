// Servers that take their time, or none of the request: nobody waits for ever, and nothing is stored
// without bound.
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient, type HttpClientError, type HttpClientOptions } from '../../src/index.ts';
import {
  ok,
  type RawRequest,
  RawServer,
  type RawServerOptions,
  turns,
} from './support/raw-server.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Timeouts = NonNullable<NonNullable<HttpClientOptions['http1']>['timeouts']>;

async function serve(
  answer: (request: RawRequest, socket: Socket) => void,
  timeouts: Partial<Timeouts> = {},
  options: RawServerOptions = {},
): Promise<{ server: RawServer; client: HttpClient }> {
  const server = await new RawServer(answer, options).listen();
  const client = new HttpClient({ connectionsPerOriginMax: 1, http1: { timeouts } });
  closers.push(
    () => server.close(),
    () => client.close(),
  );
  return { server, client };
}

/** A content without end, and whether it was let go of. */
class Endless implements AsyncIterable<Uint8Array> {
  pieces = 0;
  released = false;

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (; ; this.pieces += 1) {
        if (this.pieces % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
        yield new Uint8Array(16_384);
      }
    } finally {
      this.released = true;
    }
  }
}

/** Resolves once a content has been let go of. */
async function release(content: Endless): Promise<void> {
  while (!content.released) await turns(1);
}

async function fate(client: HttpClient, request: object): Promise<string | HttpClientError> {
  try {
    return await (await client.request(request)).content.text();
  } catch (error) {
    return error as HttpClientError;
  }
}

/** Repeats a text for as long as somebody listens. */
function trickle(socket: Socket, text: string, everyMs: number): void {
  const timer = setInterval(() => {
    if (socket.writable) socket.write(text);
    else clearInterval(timer);
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}

describe('a server that drips', () => {
  it.each([
    ['a status line', '', ' ', 'HTTP_CLIENT_RESPONSE_TIMEOUT'],
    ['a head', 'HTTP/1.1 200 OK\r\nA: ', 'a', 'HTTP_CLIENT_RESPONSE_TIMEOUT'],
    ['a content', 'HTTP/1.1 200 OK\r\n\r\n', 'a', 'HTTP_CLIENT_CONTENT_TIMEOUT'],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      '1\r\na\r\n',
      'HTTP_CLIENT_CONTENT_TIMEOUT',
    ],
    [
      'trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: ',
      'a',
      'HTTP_CLIENT_CONTENT_TIMEOUT',
    ],
  ])('%s is given up', async (name, begun, text, code) => {
    const { server, client } = await serve(
      (_request, socket) => {
        socket.write(name === 'a status line' ? 'HTTP/1.1 200' : begun);
        trickle(socket, text, 10);
      },
      { headMs: 150, contentGraceMs: 150, contentBytesPerSecondMin: 10_000 },
    );
    expect(await fate(client, { origin: server.origin })).toMatchObject({ code });
    await server.closed(1);
    expect(server.seen).toHaveLength(1);
  });

  it('informational responses is given up, though it seems to be alive', async () => {
    const { server, client } = await serve(
      (_request, socket) => trickle(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 2),
      { headMs: 10_000 },
    );
    expect(await fate(client, { origin: server.origin })).toMatchObject({
      code: 'HTTP_CLIENT_RESPONSE_INVALID',
      faultCode: 'HTTP1_TOO_MANY_INFORMATIONAL',
    });
  });
});

describe('a server that says nothing', () => {
  it('is given up, and not asked again', async () => {
    const { server, client } = await serve(
      ({ target }, socket) => {
        if (target === '/warm') socket.write(ok(''));
      },
      { headMs: 50 },
    );
    const { origin } = server;
    await fate(client, { origin, target: '/warm' });
    const error = await fate(client, { origin, target: '/x' });
    expect(error).toMatchObject({ code: 'HTTP_CLIENT_RESPONSE_TIMEOUT', safeToRetry: true });
    expect(server.count('/x')).toBe(1);
    await server.closed(1);
  });

  it('to Expect is sent the content, and given up then', async () => {
    const { server, client } = await serve(() => {}, { headMs: 50, continueMs: 20 });
    const request = { origin: server.origin, method: 'PUT', content: 'abc', expectContinue: true };
    expect(await fate(client, request)).toMatchObject({ code: 'HTTP_CLIENT_RESPONSE_TIMEOUT' });
    expect(server.seen[0]?.content).toBe('abc');
  });
});

describe('a server that reads nothing', () => {
  it('is given up, and holds little of the content', async () => {
    const { server, client } = await serve(() => {}, { writeStallMs: 100 }, { readsNothing: true });
    const content = new Endless();
    const error = await fate(client, { origin: server.origin, method: 'POST', content });
    expect(error).toMatchObject({ code: 'HTTP_CLIENT_WRITE_STALLED', safeToRetry: false });
    await release(content);
    // The system buffers a few megabytes, the client 64 KiB and the pieces of one turn.
    expect(content.pieces * 16_384).toBeLessThan(32_000_000);
    expect(client.connections).toEqual([]);
  });

  it('and answers is heard, and told no more', async () => {
    const answer = ok('enough', 'Connection: close');
    const { server, client } = await serve(
      () => {},
      {},
      {
        readsNothing: true,
        // Whoever is told that something can be read need not read it.
        onConnection: (socket) => socket.once('readable', () => socket.write(answer)),
      },
    );
    const content = new Endless();
    const request = { origin: server.origin, method: 'POST', content };
    expect(await fate(client, request)).toBe('enough');
    await release(content);
    expect(client.connections).toEqual([]);
  });
});

describe('a server that answers before the content has come', () => {
  const early = (onHead: (socket: Socket) => void): RawServerOptions => ({
    readsNothing: true,
    onConnection: (socket) => socket.once('data', () => onHead(socket)),
  });

  it('and half-closes is always heard', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { server, client } = await serve(
        () => {},
        {},
        {
          ...early((socket) => {
            socket.end(ok('too much', 'Connection: close'));
            // It goes on reading, as RFC 9112 section 9.6 has it.
            socket.on('data', () => {});
          }),
        },
      );
      const content = new Endless();
      const request = { origin: server.origin, method: 'POST', content };
      expect(await fate(client, request)).toBe('too much');
      await release(content);
    }
  });

  it('and resets is heard, or the loss is told', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { server, client } = await serve(
        () => {},
        {},
        {
          ...early((socket) => {
            socket.pause();
            // What lies here unread makes the system answer with RST.
            socket.write(ok('too much', 'Connection: close'), () => socket.destroy());
          }),
        },
      );
      const content = new Endless();
      const outcome = await fate(client, { origin: server.origin, method: 'POST', content });
      if (outcome !== 'too much') {
        const { code, safeToRetry } = outcome as HttpClientError;
        expect(['HTTP_CLIENT_CONNECTION_ENDED', INCOMPLETE]).toContain(code);
        expect(safeToRetry).toBe(false);
      }
      await release(content);
      expect(client.connections).toEqual([]);
    }
  });

  it('and goes on reading keeps its connection', async () => {
    const { server, client } = await serve(
      ({ target }, socket) => {
        if (target === '/next') socket.write(ok(target));
      },
      {},
      { onConnection: (socket) => socket.once('data', () => socket.write(ok('early'))) },
    );
    async function* content(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(100);
      while (client.connections[0]?.outstanding !== 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      yield new Uint8Array(100);
    }
    const { origin } = server;
    expect(await fate(client, { origin, method: 'POST', content: content() })).toBe('early');
    expect(await fate(client, { origin, target: '/next' })).toBe('/next');
    expect(server.seen.map(({ content: { length }, connection }) => [length, connection])).toEqual([
      [200, 1],
      [0, 1],
    ]);
  });
});

const INCOMPLETE = 'HTTP_CLIENT_RESPONSE_INCOMPLETE';

it('a flood that nobody reads stays in the server', async () => {
  let written = 0;
  const { server, client } = await serve((_request, socket) => {
    const flood = Buffer.alloc(65_536);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 40}\r\n\r\n`);
    const more = (): void => {
      while (socket.writable && socket.write(flood)) written += flood.length;
    };
    socket.on('drain', more);
    more();
  });
  const response = await client.request({ origin: server.origin });
  let before = -1;
  while (written !== before) {
    before = written;
    await turns(100);
  }
  const [connection] = client.connections;
  expect(connection?.bytesReceived).toBeLessThan(1_000_000);
  response.content.abort();
  expect(client.connections).toEqual([]);
  await server.closed(1);
});
