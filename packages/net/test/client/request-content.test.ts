// Contents of requests: streamed no faster than the server takes them, asked for first, given up.
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { HttpContent } from '../../src/index.ts';
import { ClientBench, codeOf, type Outcome, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

const origin = 'http://a.example';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Pieces on demand, and what became of them. */
class Source implements AsyncIterable<Uint8Array> {
  asked = 0;
  released = false;
  readonly #piece: Uint8Array;
  readonly #count: number;

  constructor(count: number, piece: Uint8Array = encode('x')) {
    this.#count = count;
    this.#piece = piece;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      while (this.asked < this.#count) {
        this.asked += 1;
        yield this.#piece;
      }
    } finally {
      this.released = true;
    }
  }
}

function put(bench: ClientBench, content: HttpContent | (() => HttpContent)): Promise<Outcome> {
  return bench.ask({ origin, target: '/put', method: 'PUT', content });
}

it('pulls no more than the server takes', async () => {
  const bench = new ClientBench();
  bench.network.isPaused = true;
  const source = new Source(100, new Uint8Array(10_000));
  const outcome = await put(bench, source);
  expect(source.asked).toBeLessThan(20);
  bench.network.server().transport.resume();
  for (let round = 0; round < 200 && !source.released; round += 1) await turns();
  expect(source.asked).toBe(100);
  expect(bench.network.server().text.length).toBeGreaterThan(1_000_000);
  bench.network.server().answer('ok');
  await turns();
  expect(await textOf(outcome)).toBe('ok');
  expect(bench.client.connections[0]?.state).toBe('idle');
});

it('takes pieces that are there at once', async () => {
  const bench = new ClientBench();
  await put(bench, [encode('ab'), new Uint8Array(0), encode('c')]);
  expect(bench.network.server().text).toContain('\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n');
});

it('takes whatever a function gives', async () => {
  for (const give of [() => 'abc', () => encode('abc'), () => [encode('abc')]]) {
    const bench = new ClientBench();
    await put(bench, give);
    expect(bench.network.server().text).toContain('\r\n\r\n3\r\nabc\r\n0\r\n\r\n');
  }
});

it('fails, and cuts the connection, when the content fails', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield encode('a');
    throw new Error('the disk is gone');
  }
  const tooMuch = [encode('abc')];
  const cases: [HttpContent | (() => HttpContent), number | undefined, RegExp][] = [
    [failing(), undefined, /disk/],
    [
      () => {
        throw new Error('the disk is gone');
      },
      undefined,
      /disk/,
    ],
    [['text' as never], undefined, /Uint8Array/],
    [tooMuch, 2, /Content-Length/],
    [tooMuch, 4, /Content-Length/],
    [() => 5 as never, undefined, /content/],
  ];
  for (const [content, contentLength, message] of cases) {
    const bench = new ClientBench();
    const length = contentLength === undefined ? {} : { contentLength };
    const outcome = await bench.ask({ origin, method: 'PUT', content, ...length });
    expect(codeOf(outcome)).toBe('HTTP_CLIENT_REQUEST_CONTENT_FAILED');
    expect(String(outcome.error?.cause)).toMatch(message);
    expect(bench.network.server().end).toBe('reset');
    expect(bench.client.connections).toEqual([]);
    expect(bench.faults).toEqual([]);
  }
});

it('waits with the content until the server asks for it', async () => {
  const bench = new ClientBench();
  const source = new Source(2, encode('abc'));
  const expectContinue = true;
  const outcome = await bench.ask({ origin, method: 'PUT', content: source, expectContinue });
  const server = bench.network.server();
  expect(server.take()).toMatch(/Expect: 100-continue\r\n.*\r\n\r\n$/s);
  expect(source.asked).toBe(0);
  server.send('HTTP/1.1 103 Early Hints\r\n\r\n');
  await turns();
  expect([server.take(), source.asked]).toEqual(['', 0]);
  server.send('HTTP/1.1 100 Continue\r\n\r\n');
  await turns();
  expect(server.take()).toBe('3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n');
  server.answer('ok');
  await turns();
  expect(await textOf(outcome)).toBe('ok');
  expect(bench.client.connections[0]?.state).toBe('idle');
});

it('sends the content unasked when the server does not answer', async () => {
  const bench = new ClientBench({ http1: { timeouts: { continueMs: 300 } } });
  await bench.ask({ origin, method: 'PUT', content: 'abc', expectContinue: true });
  const server = bench.network.server();
  expect(server.take()).toMatch(/\r\n\r\n$/);
  bench.time.advance(300);
  await turns();
  expect(server.take()).toBe('abc');
  // 100 that comes late changes nothing.
  server.send('HTTP/1.1 100 Continue\r\n\r\n');
  await turns();
  expect(server.take()).toBe('');
});

it('expects nothing for a request without content', async () => {
  const bench = new ClientBench();
  await bench.ask({ origin, method: 'PUT', content: '', expectContinue: true });
  await bench.ask({ origin, expectContinue: true });
  expect(bench.network.servers).toHaveLength(2);
  for (const { text } of bench.network.servers) expect(text).toMatch(/^(?!.*Expect).*\r\n\r\n$/s);
});

it('does not send the content that a final response makes needless', async () => {
  const bench = new ClientBench();
  const source = new Source(1);
  const expectContinue = true;
  const outcome = await bench.ask({ origin, method: 'PUT', content: source, expectContinue });
  const server = bench.network.server();
  server.take();
  server.send('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno');
  await turns();
  expect(outcome.response?.status).toBe(401);
  expect(await textOf(outcome)).toBe('no');
  expect(source.asked).toBe(0);
  // The server still waits for what was declared: only an end can tell it.
  expect(server.take()).toBe('');
  expect(server.end).toBe('reset');
});

it('sends a request without expectation that was refused for it', async () => {
  const bench = new ClientBench();
  const source = new Source(1, encode('abc'));
  const expectContinue = true;
  const outcome = await bench.ask({ origin, method: 'POST', content: source, expectContinue });
  const head = 'HTTP/1.1 417 Expectation Failed\r\nContent-Length: 3\r\n\r\nbad';
  bench.network.server().send(head);
  await turns();
  expect(bench.network.servers).toHaveLength(2);
  expect(bench.network.server(1).text).not.toContain('Expect');
  expect(bench.network.server(1).text).toContain('3\r\nabc\r\n0\r\n\r\n');
  bench.network.server(1).answer('ok');
  await turns();
  expect(await textOf(outcome)).toBe('ok');
});

it('takes 417 for the answer when there was no expectation, or none any more', async () => {
  const bench = new ClientBench({ http1: { timeouts: { continueMs: 300 } } });
  for (const expectContinue of [false, true]) {
    const outcome = await bench.ask({ origin, method: 'PUT', content: 'abc', expectContinue });
    bench.time.advance(300);
    await turns();
    expect(bench.network.server().take()).toMatch(/abc$/);
    bench.network.server().send('HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n');
    await turns();
    expect(outcome.response?.status).toBe(417);
    expect(bench.network.servers).toHaveLength(1);
  }
});

it('hears the answer of a server that takes no more of the request', async () => {
  const large = 'x'.repeat(1_000_000);
  for (const content of [large, [encode(large)]]) {
    const bench = new ClientBench();
    bench.network.isPaused = true;
    const outcome = await put(bench, content);
    bench.network.server().send('HTTP/1.1 413 No\r\nContent-Length: 4\r\n\r\nless');
    await turns();
    expect([outcome.response?.status, await textOf(outcome)]).toEqual([413, 'less']);
  }
});

it('tells at once of a server at fault that takes no more of the request', async () => {
  const bench = new ClientBench();
  bench.network.isPaused = true;
  const outcome = await bench.ask({ origin, method: 'PUT', content: 'x'.repeat(1_000_000) });
  bench.network.server().send('HTTP/1.1 999999 What\r\n\r\n');
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_RESPONSE_INVALID');
  expect(bench.causes).toEqual(['failed']);
});

/** A request of which half is out. */
async function halfSent(bench: ClientBench): Promise<{ outcome: Outcome; more: () => void }> {
  let more: () => void = () => {};
  async function* content(): AsyncGenerator<Uint8Array> {
    yield encode('first');
    await new Promise<void>((resolve) => {
      more = resolve;
    });
    yield encode('second');
  }
  const outcome = await put(bench, content());
  return { outcome, more: () => more() };
}

it('goes on sending behind a response that does not say close', async () => {
  const bench = new ClientBench();
  const { outcome, more } = await halfSent(bench);
  bench.network.server().answer('early');
  await turns();
  expect(await textOf(outcome)).toBe('early');
  expect(bench.client.connections[0]?.state).toBe('active');
  more();
  await turns();
  expect(bench.network.server().text).toContain('6\r\nsecond\r\n0\r\n\r\n');
  expect(bench.client.connections[0]?.state).toBe('idle');
});

it('cuts the connection when the rest fails behind a response', async () => {
  const bench = new ClientBench();
  let fail: (error: Error) => void = () => {};
  async function* content(): AsyncGenerator<Uint8Array> {
    yield encode('first');
    await new Promise((_resolve, reject) => {
      fail = reject;
    });
  }
  const outcome = await put(bench, content());
  bench.network.server().answer('early');
  await turns();
  expect(await textOf(outcome)).toBe('early');
  fail(new Error('the disk is gone'));
  await turns();
  expect(bench.network.server().end).toBe('reset');
  await bench.client.close();
});

it('listens to no signal once the connection is lost behind a response', async () => {
  const bench = new ClientBench();
  const { signal } = new AbortController();
  const heard = new Set<unknown>();
  signal.addEventListener = (_: unknown, listener: unknown) => heard.add(listener);
  signal.removeEventListener = (_: unknown, listener: unknown) => heard.delete(listener);
  const content = new Source(1_000_000, new Uint8Array(100_000));
  bench.network.isPaused = true;
  await bench.ask({ origin, method: 'PUT', content, signal });
  bench.network.server().answer('early');
  await turns();
  expect(heard.size).toBe(1);
  bench.network.server().transport.abort();
  await turns();
  expect(heard.size).toBe(0);
  expect(content.released).toBe(true);
});

it('stops sending when the response says close', async () => {
  const bench = new ClientBench();
  const { outcome, more } = await halfSent(bench);
  const server = bench.network.server();
  server.send('HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\n');
  await turns();
  more();
  await turns();
  expect(server.text).not.toContain('second');
  server.send('much');
  await turns();
  expect(outcome.response?.status).toBe(413);
  expect(await textOf(outcome)).toBe('much');
  expect(server.end).not.toBe(null);
});

it('can be told to stop sending behind a response', async () => {
  const bench = new ClientBench();
  bench.network.isPaused = true;
  const source = new Source(1_000_000, new Uint8Array(100_000));
  const controller = new AbortController();
  const request = { origin, method: 'PUT', content: source, signal: controller.signal };
  const outcome = bench.start(request);
  await turns();
  bench.network.server().answer('early');
  await turns();
  expect(await textOf(outcome)).toBe('early');
  expect(source.released).toBe(false);
  controller.abort();
  await turns();
  expect(source.released).toBe(true);
  expect(bench.client.connections).toEqual([]);
});

it('lets go of a content that is not sent', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'fail';
  const stream = Readable.from([encode('a')]);
  const outcome = await put(bench, stream);
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECT_FAILED');
  expect(stream.destroyed).toBe(true);
});

it('lets go of a content that the server does not want', async () => {
  const bench = new ClientBench();
  const content = Readable.from([encode('a')]);
  await bench.ask({ origin, method: 'PUT', content, expectContinue: true });
  bench.network.server().send('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  await turns();
  expect(content.destroyed).toBe(true);
});

it('lets go of a content when the connection is lost', async () => {
  const bench = new ClientBench();
  bench.network.isPaused = true;
  const source = new Source(1_000_000, new Uint8Array(100_000));
  const outcome = bench.start({ origin, method: 'PUT', content: source });
  await turns();
  bench.network.server().transport.abort();
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECTION_ENDED');
  expect(source.released).toBe(true);
});

it('remembers that a server speaks HTTP/1.0', async () => {
  const bench = new ClientBench();
  await bench.ask('/');
  bench.network.server().send('HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n');
  await turns();
  const chunked = await put(bench, new Source(1));
  expect(codeOf(chunked)).toBe('HTTP_CLIENT_LENGTH_REQUIRED');
  expect(chunked.error?.safeToRetry).toBe(true);
  await bench.ask({ origin, method: 'PUT', content: 'abc', expectContinue: true });
  expect(bench.network.server().text).toMatch(/^PUT [^E]*\r\n\r\nabc$/);
  expect(bench.network.server().text).not.toContain('Expect');
});
