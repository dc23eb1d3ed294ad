// Hostile servers behind `fetch`: bombs, loops and lies about the coding end with an error, and nothing
// is held on to.
import process from 'node:process';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createFetch, type Fetch } from '../../src/fetch/index.ts';
import { HttpClient } from '../../src/index.ts';
import { ok, RawServer, turns } from './support/raw-server.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Hostile {
  readonly server: RawServer;
  readonly client: HttpClient;
  readonly fetch: Fetch;
}

/** A server that answers each target with bytes, and `fetch` over a single connection to it. */
async function serve(answer: (target: string) => string | Uint8Array): Promise<Hostile> {
  const server = await new RawServer(({ target }, socket) => {
    const bytes = answer(target);
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }).listen();
  const client = new HttpClient({ connectionsPerOriginMax: 1 });
  closers.push(
    () => server.close(),
    () => client.close(),
  );
  return { server, client, fetch: createFetch(client) };
}

function coded(coding: string, content: Uint8Array): Uint8Array {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${content.length}`;
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), content]);
}

const BOMB_BYTES = 100_000_000;

/** Bytes in buffers, once there are no more and no more to come. */
async function settledBytes(): Promise<number> {
  for (let before = 0; ; ) {
    // Decoders work in threads of their own.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { arrayBuffers } = process.memoryUsage();
    if (arrayBuffers <= before) return before;
    before = arrayBuffers;
  }
}

describe('a bomb', () => {
  const zeros = Buffer.alloc(BOMB_BYTES);
  const gzip = gzipSync(zeros, { level: 1 });
  const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
  it.each([
    ['gzip', gzip],
    ['deflate', deflateSync(zeros, { level: 1 })],
    ['br', brotliCompressSync(zeros, quick)],
    ['gzip, gzip', gzipSync(gzip)],
  ])('in %s is decoded no faster than it is read', async (coding, content) => {
    const { server, client, fetch } = await serve(() => coded(coding, content));
    const before = process.memoryUsage().arrayBuffers;
    const { body } = await fetch(server.origin);
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    for (let pieces = 0; pieces < 10; pieces += 1) {
      expect((await reader.read()).value?.length).toBeGreaterThan(0);
    }
    expect((await settledBytes()) - before).toBeLessThan(BOMB_BYTES / 4);
    await reader.cancel();
    await client.close();
  });
});

describe('a coding', () => {
  const text = Buffer.from('not coded at all, whatever the head says');
  it.each([
    ['gzip', text],
    ['br', text],
    ['deflate', text],
    ['gzip', gzipSync(text).subarray(0, -1)],
    ['br', brotliCompressSync(text).subarray(0, -1)],
    ['gzip, gzip', gzipSync(text)],
    ['gzip', Buffer.concat([gzipSync(text).subarray(0, -8), Buffer.alloc(8)])],
  ])('%s that is a lie ends the body with an error', async (coding, content) => {
    const { server, client, fetch } = await serve((target) =>
      target === '/next' ? ok('next') : coded(coding, content),
    );
    const response = await fetch(server.origin);
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(await (await fetch(`${server.origin}/next`)).text()).toBe('next');
    // The content of HTTP was whole.
    expect(client.connections.map(({ requests }) => requests)).toEqual([2]);
  });

  it('named a thousand times is refused, and the connection is kept', async () => {
    const { server, client, fetch } = await serve(() => coded('gzip, '.repeat(1000), text));
    await expect(fetch(server.origin)).rejects.toThrow(TypeError);
    await turns(2);
    expect(client.connections.map(({ state }) => state)).toEqual(['idle']);
  });
});

describe('a redirect', () => {
  const to = (location: string): string =>
    ok('').replace('200 OK', '302 Found').replace('\r\n\r\n', `\r\nLocation: ${location}\r\n\r\n`);

  it('to itself is followed 20 times, on one connection', async () => {
    const { server, fetch } = await serve((target) => to(target));
    await expect(fetch(`${server.origin}/loop`)).rejects.toMatchObject({
      name: 'TypeError',
      cause: { message: 'more than 20 redirects' },
    });
    expect(server.seen).toHaveLength(21);
    expect(server.sockets).toHaveLength(1);
  });

  it('whose content has no end is followed all the same', async () => {
    const { server, fetch } = await serve((target) =>
      target === '/end'
        ? ok('end')
        : `HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: ${2 ** 40}\r\n\r\nand so on`,
    );
    expect(await (await fetch(`${server.origin}/start`)).text()).toBe('end');
    expect(server.sockets).toHaveLength(2);
    await server.closed(1);
  });

  it('whose content stops in the middle does not hold the only connection', async () => {
    const { server, fetch } = await serve((target) =>
      target === '/end'
        ? ok('end')
        : 'HTTP/1.1 302 Found\r\nLocation: /end\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nand',
    );
    expect(await (await fetch(`${server.origin}/start`)).text()).toBe('end');
    expect(server.sockets).toHaveLength(2);
  });

  it.each([
    'file:///etc/passwd',
    'data:text/plain,hello',
    'javascript:alert(1)',
    'ftp://127.0.0.1/',
    'http://[',
    'http://127.0.0.1:99999/',
    'http://user:password@other.example/',
    'http:// /',
  ])('to %s is an error', async (location) => {
    const { server, client, fetch } = await serve(() => to(location));
    await expect(fetch(server.origin)).rejects.toThrow(TypeError);
    await turns(2);
    expect(client.connections.map(({ state }) => state)).toEqual(['idle']);
    expect(server.seen).toHaveLength(1);
  });

  it('cannot smuggle a line into the next request', async () => {
    const { server, fetch } = await serve((target) =>
      target === '/' ? to('/a\tb%0d%0aX: y#\x80') : ok(target),
    );
    await fetch(server.origin);
    expect(server.seen[1]?.target).toBe('/ab%0d%0aX:%20y');
    expect(server.seen[1]?.head).not.toMatch(/^X:/m);
  });

  it('takes no credentials along to another origin, and back', async () => {
    const other = await serve((target) => (target === '/back' ? to(back) : ok('')));
    const { server, fetch } = await serve((target) =>
      target === '/' ? to(`${other.server.origin}/back`) : ok('home'),
    );
    const back = `${server.origin}/home`;
    const headers = { authorization: 'Basic c2VjcmV0', cookie: 'secret=1', accept: 'text/x' };
    expect(await (await fetch(server.origin, { headers })).text()).toBe('home');
    expect(server.seen[0]?.head).toContain('secret=1');
    for (const { head } of [...other.server.seen, ...server.seen.slice(1)]) {
      expect(head).not.toMatch(/^(authorization|cookie):/im);
      expect(head).toMatch(/^accept: text\/x/im);
    }
  });
});

it('a status that is none of HTTP is an error, and the connection is kept', async () => {
  for (const status of ['000', '099', '600', '999']) {
    const { server, client, fetch } = await serve(() => ok('x').replace('200', status));
    await expect(fetch(server.origin)).rejects.toThrow(TypeError);
    await turns(2);
    expect(client.connections.map(({ state }) => state)).toEqual(['idle']);
  }
});

it('a head that only bytes can express comes as it is', async () => {
  const { server, fetch } = await serve(() =>
    ok('x', 'A: \x80\xff', 'A:  b ', 'Set-Cookie: 1', 'Set-Cookie: 2').replace('OK', '\xe9\t!'),
  );
  const { headers, statusText } = await fetch(server.origin);
  expect(headers.get('a')).toBe('\x80\xff, b');
  expect(headers.getSetCookie()).toEqual(['1', '2']);
  expect(statusText).toBe('\xe9\t!');
});
