// Contents of responses: read in pieces or as a whole, held back, discarded, limited.
import { expect, it } from 'vitest';
import type { HttpClientError } from '../../src/index.ts';
import { ClientBench, type Outcome, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

const origin = 'http://a.example';

/** A request whose response has begun, with a content of so many bytes to come; -1 for chunks. */
async function begin(bench: ClientBench, length: number): Promise<Outcome> {
  const outcome = await bench.ask('/');
  const framing = length < 0 ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  bench.network.server().send(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n`);
  await turns();
  return outcome;
}

function contentOf(outcome: Outcome) {
  if (outcome.response === undefined) throw new Error('there is no response');
  return outcome.response.content;
}

it('gives the pieces as they come', async () => {
  const bench = new ClientBench();
  const content = contentOf(await begin(bench, 6));
  const pieces: string[] = [];
  const reading = (async () => {
    for await (const piece of content) pieces.push(Buffer.from(piece).toString());
  })();
  for (const piece of ['ab', 'cd', 'ef']) {
    bench.network.server().send(piece);
    await turns();
    expect(pieces.at(-1)).toBe(piece);
  }
  await reading;
  expect(pieces).toHaveLength(3);
  expect(await content.next()).toEqual({ done: true, value: undefined });
});

it('holds little of what nobody reads, and the server back', async () => {
  const bench = new ClientBench({ http1: { limits: { inputBytesMax: 10_000 } } });
  const total = 1_000_000;
  const content = contentOf(await begin(bench, total));
  const server = bench.network.server();
  for (let sent = 0; sent < total; sent += 10_000) server.send('x'.repeat(10_000));
  await turns();
  // What waits here, what waits in the machine, and a piece on its way.
  expect(server.transport.bufferedBytes).toBeGreaterThan(total - 100_000);
  let read = 0;
  for await (const piece of content) read += piece.length;
  expect(read).toBe(total);
  expect(server.transport.bufferedBytes).toBe(0);
  expect(bench.client.connections[0]?.state).toBe('idle');
});

it('lets the connection go that brought a small content, read or not', async () => {
  const bench = new ClientBench();
  const outcome = await begin(bench, 3);
  bench.network.server().send('abc');
  await turns();
  expect(bench.client.connections[0]?.state).toBe('idle');
  await bench.ask('/next');
  expect(bench.network.servers).toHaveLength(1);
  expect(await textOf(outcome)).toBe('abc');
});

it('reads a content as a whole before and after it has come', async () => {
  const bench = new ClientBench();
  const early = await begin(bench, 4);
  const bytes = contentOf(early).bytes();
  bench.network.server().send('ab').send('cd');
  expect(Buffer.from(await bytes).toString()).toBe('abcd');
  const late = await begin(bench, 4);
  bench.network.server().send('ab');
  await turns();
  bench.network.server().send('cd');
  await turns();
  expect(await contentOf(late).bytes()).toEqual(new Uint8Array([97, 98, 99, 100]));
  const rest = await begin(bench, 4);
  bench.network.server().send('ab');
  await turns();
  expect((await contentOf(rest).next()).value).toHaveLength(2);
  bench.network.server().send('cd');
  expect(await textOf(rest)).toBe('cd');
});

it('decodes text as fetch does, and JSON', async () => {
  const bench = new ClientBench();
  const text = await begin(bench, 7);
  bench.network.server().send('\xef\xbb\xbfgr\xc3\xbc');
  await turns();
  expect(await textOf(text)).toBe('grü');
  const json = await begin(bench, 7);
  bench.network.server().send('{"a":1}');
  await turns();
  expect(await contentOf(json).json()).toEqual({ a: 1 });
  const none = await begin(bench, 1);
  bench.network.server().send('{');
  await turns();
  await expect(contentOf(none).json()).rejects.toThrow(SyntaxError);
});

it('gives an empty content for a response that has none', async () => {
  const bench = new ClientBench();
  const head = await bench.ask({ origin, method: 'HEAD' });
  bench.network.server().send('HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n');
  await turns();
  expect(await contentOf(head).bytes({ bytesMax: 0 })).toHaveLength(0);
  const unchanged = await bench.ask('/');
  bench.network.server().send('HTTP/1.1 304 Not Modified\r\n\r\n');
  await turns();
  expect(await textOf(unchanged)).toBe('');
});

it('reads no more as a whole than the caller wants', async () => {
  const limit = { bytesMax: 5 };
  const tooLarge = { code: 'HTTP_CLIENT_CONTENT_TOO_LARGE' };
  const stated = new ClientBench();
  await expect(contentOf(await begin(stated, 6)).bytes(limit)).rejects.toMatchObject(tooLarge);
  await turns();
  expect(stated.network.server().end).toBe('reset');
  const large = contentOf(await begin(stated, 6));
  await expect(large.bytes(limit)).rejects.toMatchObject(tooLarge);
  await expect(large.bytes()).rejects.toMatchObject(tooLarge);
  const chunked = new ClientBench();
  const bytes = contentOf(await begin(chunked, -1)).bytes(limit);
  chunked.network.server().send('6\r\nabcdef\r\n');
  await expect(bytes).rejects.toMatchObject(tooLarge);
  const waiting = new ClientBench();
  const outcome = await begin(waiting, -1);
  waiting.network.server().send('6\r\nabcdef\r\n');
  await turns();
  await expect(contentOf(outcome).text(limit)).rejects.toMatchObject(tooLarge);
  const complete = new ClientBench();
  const all = await begin(complete, 6);
  complete.network.server().send('abcdef');
  await turns();
  await expect(contentOf(all).text(limit)).rejects.toMatchObject(tooLarge);
  expect(complete.client.connections[0]?.state).toBe('idle');
});

it('lets nobody else read while a read is under way, or after a discard', async () => {
  const bench = new ClientBench();
  const content = contentOf(await begin(bench, 6));
  const reading = content.next();
  await expect(content.next()).rejects.toThrow(TypeError);
  await expect(content.bytes()).rejects.toThrow(TypeError);
  bench.network.server().send('abc');
  await reading;
  const whole = content.bytes();
  await expect(content.next()).rejects.toThrow(TypeError);
  bench.network.server().send('def');
  await whole;
  content.discard();
  content.discard();
  await expect(content.next()).rejects.toMatchObject({ code: 'HTTP_CLIENT_CONTENT_DISCARDED' });
  await expect(content.text()).rejects.toMatchObject({ code: 'HTTP_CLIENT_CONTENT_DISCARDED' });
});

it('reads the little that is left of a discarded content, for the sake of the connection', async () => {
  const bench = new ClientBench();
  const content = contentOf(await begin(bench, 200_000));
  const server = bench.network.server().send('x');
  for await (const _ of content) {
    break;
  }
  server.send('x'.repeat(199_999));
  await turns();
  expect(bench.client.connections[0]?.state).toBe('idle');
});

it('ends a read that waits when the content is discarded', async () => {
  const bench = new ClientBench();
  const content = contentOf(await begin(bench, 5));
  const reading = content.next();
  content.discard();
  expect(await reading).toEqual({ done: true, value: undefined });
});

it('fails a read of the whole when the content is discarded', async () => {
  const bench = new ClientBench();
  const content = contentOf(await begin(bench, 5));
  const reading = content.text();
  bench.network.server().send('abc');
  await turns();
  content.discard();
  bench.network.server().send('de');
  await expect(reading).rejects.toMatchObject({ code: 'HTTP_CLIENT_CONTENT_DISCARDED' });
  await turns();
  expect(bench.client.connections[0]?.state).toBe('idle');
});

it('measures what is left of a content, not what has been read of it', async () => {
  const bench = new ClientBench();
  const content = contentOf(await begin(bench, 10));
  bench.network.server().send('abcdef');
  await turns();
  expect((await content.next()).value).toHaveLength(6);
  const rest = content.bytes({ bytesMax: 4 });
  bench.network.server().send('ghij');
  expect(Buffer.from(await rest).toString()).toBe('ghij');
  expect(await content.bytes({ bytesMax: 0 })).toHaveLength(0);
});

it('cuts the connection when a discarded content takes long to end', async () => {
  for (const length of [-1, 5]) {
    const bench = new ClientBench({ discardMs: 700 });
    contentOf(await begin(bench, length)).discard();
    const server = bench.network.server();
    bench.time.advance(699);
    // However lively it is.
    server.send(length === -1 ? '1\r\nx\r\n' : 'x');
    await turns();
    expect([server.end, bench.causes]).toEqual([null, []]);
    bench.time.advance(1);
    await turns();
    expect([server.end, bench.causes]).toEqual(['reset', ['content-unread']]);
  }
});

it('forgets the time of a discard that has ended', async () => {
  const bench = new ClientBench();
  contentOf(await begin(bench, -1)).discard();
  bench.network.server().send('0\r\n\r\n');
  await turns();
  await bench.ask('/next');
  bench.time.advance(2000);
  await turns();
  expect([bench.causes, bench.network.servers.length]).toEqual([[], 1]);
});

it('tells a sink no more than the end of what it discards', async () => {
  const bench = new ClientBench({ discardBytesMax: 3 });
  for (const [content, told] of [
    ['abc', 'end'],
    ['abcd', 'HTTP_CLIENT_CONTENT_DISCARDED'],
  ] as const) {
    const calls: string[] = [];
    bench.client.send(
      { origin },
      {
        onResponse: (_, exchange) => exchange.discard(),
        onData: () => calls.push('data'),
        onEnd: () => calls.push('end'),
        onError: (error) => calls.push((error as HttpClientError).code),
      },
    );
    await turns();
    const chunks = [...content].map((byte) => `1\r\n${byte}\r\n`).join('');
    bench.network
      .server()
      .send(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
    await turns();
    expect(calls).toEqual([told]);
  }
  expect(bench.causes).toEqual(['content-unread']);
});

it('has no response to discard before it has come', async () => {
  const bench = new ClientBench({ discardMs: 0 });
  const sink = { onResponse() {}, onData() {}, onEnd() {}, onError() {} };
  bench.client.send({ origin }, sink).discard();
  await turns();
  bench.time.advance(10);
  bench.network.server().answer('abc');
  await turns();
  expect(bench.client.connections[0]?.state).toBe('idle');
});

it('cuts the connection when much is left of a discarded content', async () => {
  const stated = new ClientBench();
  contentOf(await begin(stated, 262_145)).discard();
  await turns();
  expect(stated.network.server().end).toBe('reset');
  expect(stated.causes).toEqual(['content-unread']);
  const chunked = new ClientBench();
  contentOf(await begin(chunked, -1)).discard();
  const server = chunked.network.server();
  const chunk = `2000\r\n${'x'.repeat(8192)}\r\n`;
  for (let sent = 0; sent < 32; sent += 1) server.send(chunk);
  await turns();
  expect(server.end).toBe(null);
  server.send(chunk);
  await turns();
  expect(server.end).toBe('reset');
  expect(chunked.causes).toEqual(['content-unread']);
});

it('does not wait for the end of a discarded content that only the end completes', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1 });
  const outcome = await bench.ask('/');
  bench.network.server(0).send('HTTP/1.1 200 OK\r\n\r\n');
  await turns();
  contentOf(outcome).discard();
  await bench.ask('/next');
  expect(bench.network.server(0).end).toBe('reset');
  expect(bench.network.server(1).text).toMatch(/^GET \/next /);
});

it('gives a response up that nobody reads for too long', async () => {
  const bench = new ClientBench({ unreadMs: 1000 });
  const content = contentOf(await begin(bench, 200_000));
  const server = bench.network.server();
  server.send('x'.repeat(70_000));
  await turns();
  bench.time.advance(999);
  expect((await content.next()).done).toBe(false);
  server.send('x'.repeat(70_000));
  await turns();
  bench.time.advance(999);
  await turns();
  expect(server.end).toBe(null);
  bench.time.advance(1);
  await turns();
  expect(server.end).toBe('reset');
  // What has come can be read; then comes the error.
  await expect(
    (async () => {
      for await (const _ of content);
    })(),
  ).rejects.toMatchObject({ code: 'HTTP_CLIENT_CONTENT_UNREAD' });
});

it('does not blame the server for the time in which nobody read', async () => {
  const timeouts = { contentGraceMs: 1000, contentBytesPerSecondMin: 100 };
  const bench = new ClientBench({ http1: { timeouts, limits: { inputBytesMax: 1000 } } });
  const content = contentOf(await begin(bench, 200_000));
  bench.network.server().send('x'.repeat(200_000));
  await turns();
  bench.time.advance(1_000_000);
  await turns();
  expect(await content.bytes()).toHaveLength(200_000);
});

it('fails a read that waits when the connection is lost', async () => {
  const bench = new ClientBench();
  const content = contentOf(await begin(bench, 6));
  const reading = content.next();
  bench.network.server().transport.end();
  await expect(reading).rejects.toMatchObject({ code: 'HTTP_CLIENT_RESPONSE_INCOMPLETE' });
  await expect(content.next()).rejects.toMatchObject({ code: 'HTTP_CLIENT_RESPONSE_INCOMPLETE' });
});

it('hears of a lost connection while nobody reads', async () => {
  const bench = new ClientBench({ http1: { limits: { inputBytesMax: 1000 } } });
  const content = contentOf(await begin(bench, 200_000));
  bench.network.server().send('x'.repeat(100_000));
  await turns();
  bench.network.server().transport.abort();
  await turns();
  expect(bench.causes).toEqual(['reset']);
  await expect(content.bytes()).rejects.toMatchObject({ code: 'HTTP_CLIENT_RESPONSE_INCOMPLETE' });
});
