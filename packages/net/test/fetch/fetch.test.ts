// What the platform's own `fetch` cannot be compared with: time, memory, errors and connections.
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFetch } from '../../src/fetch/index.ts';
import { HttpClient, HttpClientError } from '../../src/index.ts';
import { EchoServer, LONG_TEXT } from './support/echo-server.ts';

const server = new EchoServer();
const client = new HttpClient();
const fetchOne = createFetch(client, { userAgent: 'test/1' });

beforeAll(() => server.listen());
afterAll(async () => {
  await client.close();
  await server.close();
  expect(client.connections).toEqual([]);
});

const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail('it should have failed'),
    (error: Error) => error,
  );

it('rejects with TypeError, whose cause says why', async () => {
  const error = await failureOf(fetchOne('http://localhost:1/'));
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe('fetch failed');
  expect(error.cause).toBeInstanceOf(HttpClientError);
  expect(error.cause).toMatchObject({ code: 'HTTP_CLIENT_CONNECT_FAILED' });
});

it('knows no other schemes than http and https', async () => {
  const error = await failureOf(fetchOne('data:text/plain,x'));
  expect(error.message).toBe('fetch failed: the scheme data: is not supported');
});

it('refuses credentials in a URL, as the platform does', async () => {
  expect(await failureOf(fetchOne('http://a:b@localhost/'))).toBeInstanceOf(TypeError);
});

it('rejects with the reason of the signal before the call, before the head and within the body', async () => {
  const reason = new Error('enough');
  expect(await failureOf(fetchOne(server.origin, { signal: AbortSignal.abort(reason) }))).toBe(
    reason,
  );
  const early = new AbortController();
  const silent = failureOf(fetchOne(`${server.origin}/silent`, { signal: early.signal }));
  setTimeout(() => early.abort(reason), 10);
  expect(await silent).toBe(reason);
  const late = new AbortController();
  const response = await fetchOne(`${server.origin}/slow`, { signal: late.signal });
  const text = failureOf(response.text());
  setTimeout(() => late.abort(reason), 10);
  expect(await text).toBe(reason);
  expect(client.connections.filter(({ state }) => state === 'active')).toEqual([]);
});

it('takes the signal of a Request', async () => {
  const controller = new AbortController();
  const request = new Request(`${server.origin}/silent`, { signal: controller.signal });
  const failure = failureOf(fetchOne(request));
  setTimeout(() => controller.abort(), 10);
  expect((await failure).name).toBe('AbortError');
});

it('sends the body of a Request', async () => {
  await fetchOne(new Request(server.origin, { method: 'POST', body: 'from a Request' }));
  expect(server.seen.at(-1)?.body).toBe('from a Request');
});

it('sends what is at hand with its length, and a Blob too', async () => {
  for (const body of ['four', new Blob(['four'])]) {
    await fetchOne(server.origin, { method: 'POST', body });
    expect(server.seen.at(-1)?.headers).toMatchObject({ 'content-length': '4' });
  }
});

it('leaves framing and the connection to the client', async () => {
  const headers = { 'content-length': '7', te: 'x', upgrade: 'h2c', trailer: 'a', 'x-mine': '1' };
  await fetchOne(server.origin, { headers });
  const seen = server.seen.at(-1)?.headers;
  expect(seen).toMatchObject({ 'x-mine': '1', 'user-agent': 'test/1' });
  for (const name of ['content-length', 'te', 'upgrade', 'trailer', 'transfer-encoding']) {
    expect(seen).not.toHaveProperty(name);
  }
});

it('closes behind the response when asked to', async () => {
  const response = await fetchOne(server.origin, { headers: { connection: 'close' } });
  expect(server.seen.at(-1)?.headers['connection']).toBe('close');
  expect(await response.text()).toBe('hello');
});

it('waits for 100 (Continue) when asked to', async () => {
  const headers = { expect: '100-continue' };
  const response = await fetchOne(server.origin, { method: 'POST', body: 'x', headers });
  expect(await response.text()).toBe('hello');
  expect(server.seen.at(-1)?.headers['expect']).toBe('100-continue');
});

it('asks for no coding with a range', async () => {
  await fetchOne(server.origin, { headers: { range: 'bytes=0-1' } });
  expect(server.seen.at(-1)?.headers['accept-encoding']).toBe('identity');
});

it('fails on coded content that is cut, and takes no content at all for none', async () => {
  const cut = await fetchOne(`${server.origin}/coded?with=gzip&cut=20`);
  const error = await failureOf(cut.text());
  expect(error).toBeInstanceOf(TypeError);
  expect(error.cause).toMatchObject({ code: 'Z_BUF_ERROR' });
  const empty = await fetchOne(`${server.origin}/coded?with=gzip&cut=0`);
  expect(await empty.text()).toBe('');
});

it('fails on more codings than anybody needs', async () => {
  const coding = encodeURIComponent(Array(6).fill('gzip').join());
  const error = await failureOf(fetchOne(`${server.origin}/coded?with=${coding}`));
  expect((error.cause as Error).message).toBe('the content has 6 codings, more than 5');
});

it('gives bytes to a reader with a buffer of its own', async () => {
  const response = await fetchOne(server.origin);
  const reader = (response.body as ReadableStream).getReader({ mode: 'byob' });
  const { value } = await reader.read(new Uint8Array(2));
  expect(value).toEqual(new TextEncoder().encode('he'));
  let rest = '';
  for (;;) {
    const result = await reader.read(new Uint8Array(64));
    if (result.done) break;
    rest += new TextDecoder().decode(result.value);
  }
  expect(rest).toBe('llo');
});

it('clones a response with what it knows', async () => {
  const to = encodeURIComponent('/there');
  const response = await fetchOne(`${server.origin}/redirect?status=302&to=${to}`);
  const copy = response.clone();
  expect([copy.url, copy.redirected]).toEqual([`${server.origin}/there`, true]);
  expect([await copy.text(), await response.text()]).toEqual(['hello', 'hello']);
});

it('lets go of its connection when the body is canceled before and while it is read', async () => {
  for (const coding of ['', '?with=gzip']) {
    const path = coding === '' ? '/slow' : `/coded${coding}`;
    const unread = await fetchOne(`${server.origin}${path}`);
    await unread.body?.cancel();
    const begun = await fetchOne(`${server.origin}${path}`);
    const reader = (begun.body as ReadableStream).getReader();
    await reader.read();
    await reader.cancel();
  }
  await settled(() => client.connections.filter(({ state }) => state === 'active').length);
  expect(client.connections.filter(({ state }) => state === 'active')).toEqual([]);
  const whole = await fetchOne(`${server.origin}/long`);
  expect(await whole.text()).toBe(LONG_TEXT);
});

it('reads no faster than its caller', async () => {
  const sockets: Socket[] = [];
  let writtenBytes = 0;
  const flood = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n');
      const piece = new Uint8Array(65_536);
      const go = (): void => {
        while (writtenBytes < 1e8) {
          writtenBytes += piece.length;
          if (!socket.write(piece)) return void socket.once('drain', go);
        }
      };
      go();
    });
  });
  await new Promise<void>((resolve) => flood.listen(0, resolve));
  const { port } = flood.address() as { port: number };
  const response = await fetchOne(`http://localhost:${port}/`);
  const reader = (response.body as ReadableStream).getReader();
  await reader.read();
  await settled(() => writtenBytes);
  expect(writtenBytes).toBeLessThan(3e7);
  await reader.cancel();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => flood.close(resolve));
});

/** Resolves once a figure has stopped to change. */
async function settled(figure: () => number): Promise<void> {
  for (let last = -1; last !== figure(); ) {
    last = figure();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it('repeats a request that died on a connection which the server had given up', async () => {
  let answered = 0;
  const closing = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      answered += 1;
      // The second request on a connection meets its end.
      if (answered === 2) socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  await new Promise<void>((resolve) => closing.listen(0, resolve));
  const { port } = closing.address() as { port: number };
  const own = new HttpClient();
  const once = createFetch(own);
  const texts: string[] = [];
  for (let call = 0; call < 2; call += 1) {
    texts.push(await (await once(`http://localhost:${port}/`)).text());
  }
  expect(texts).toEqual(['ok', 'ok']);
  expect(answered).toBe(3);
  await own.close();
  await new Promise((resolve) => closing.close(resolve));
  const refused = connect(port, 'localhost');
  await new Promise((resolve) => refused.once('error', resolve));
});
