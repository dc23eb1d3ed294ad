// What becomes of requests whose connection dies: sent again, once, or failed with what is known.
import { expect, it } from 'vitest';
import { ClientBench, codeOf, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

const origin = 'http://a.example';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

it('sends a request again whose used connection died without a byte of response', async () => {
  for (const death of ['end', 'abort'] as const) {
    const bench = new ClientBench();
    await bench.warm();
    const outcome = await bench.ask('/x');
    expect(bench.network.server(0).take()).toMatch(/^GET \/x /);
    bench.network.server(0).transport[death]();
    await turns();
    expect(bench.network.server(1).take()).toMatch(/^GET \/x /);
    bench.network.server(1).answer('yes');
    await turns();
    expect(await textOf(outcome)).toBe('yes');
    expect(outcome.response?.retried).toBe(true);
    expect(outcome.response?.number).toBe(1);
    expect(bench.causes[0]).toBe(death === 'end' ? 'failed' : 'reset');
  }
});

it('never sends a request a third time', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const outcome = await bench.ask('/x');
  bench.network.server(0).transport.abort();
  await turns();
  expect(bench.network.server(1).text).toMatch(/^GET \/x /);
  bench.network.server(1).transport.abort();
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECTION_ENDED');
  expect(bench.network.servers).toHaveLength(2);
});

it('knows of the first sending when there is no second', async () => {
  const ends: ((bench: ClientBench) => void)[] = [
    ({ network }) => {
      for (const attempt of network.hanging) attempt.fail(new Error('refused'));
    },
    (bench) => bench.time.advance(1000),
    (bench) => bench.client.abort(),
  ];
  const codes: (string | undefined)[] = [];
  for (const end of ends) {
    const bench = new ClientBench({ queueMs: 1000 });
    await bench.warm();
    const outcome = await bench.ask('/x');
    const sentBytes = bench.network.server(0).take().length;
    bench.network.opening = 'hang';
    bench.network.server(0).transport.abort();
    await turns();
    // One that was never sent waits for the same connection.
    const other = await bench.ask('/y');
    end(bench);
    await turns();
    codes.push(codeOf(outcome));
    expect(outcome.error?.bytesSent).toBe(sentBytes);
    expect(outcome.error?.message).not.toMatch(/HTTP_CLIENT_.*HTTP_CLIENT_/);
    expect(outcome.error?.safeToRetry).toBe(true);
    expect(other.error?.bytesSent).toBe(0);
  }
  expect(codes).toEqual([
    'HTTP_CLIENT_CONNECT_FAILED',
    'HTTP_CLIENT_QUEUE_TIMEOUT',
    'HTTP_CLIENT_CLOSED',
  ]);
});

it('does not repeat a request on another connection that was idle for as long', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 2 });
  bench.start('/1');
  bench.start('/2');
  await turns();
  bench.network.server(0).answer();
  bench.network.server(1).answer();
  await turns();
  await bench.ask('/x');
  bench.network.server(1).transport.abort();
  await turns();
  expect(bench.network.server(0).end).toBe(null);
  expect(bench.network.server(2).text).toMatch(/^GET \/x /);
  expect(bench.client.connections).toHaveLength(2);
});

it('makes room for the repetition where there is none', async () => {
  const bench = new ClientBench({ connectionsMax: 2 });
  await bench.warm();
  await bench.warm({ url: 'http://b.example/' });
  await bench.ask('/x');
  bench.network.server(0).transport.abort();
  await turns();
  expect(bench.network.server(2).text).toMatch(/^GET \/x /);
  expect(bench.client.connections.length).toBeLessThanOrEqual(2);
});

it('fails a request that is not idempotent, and says so', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const outcome = await bench.ask({ origin, method: 'POST', content: 'abc' });
  bench.network.server(0).transport.end();
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECTION_ENDED');
  expect(outcome.error?.safeToRetry).toBe(false);
  expect(outcome.error?.faultCode).toBe('HTTP1_UNEXPECTED_END');
  expect(outcome.error?.bytesSent).toBe(58);
  expect(bench.network.servers).toHaveLength(1);
});

it('takes the word of a caller who knows better', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const yes = await bench.ask({ origin, method: 'POST', content: 'abc', idempotent: true });
  bench.network.server(0).transport.end();
  await turns();
  expect(bench.network.server(1).take()).toContain('\r\n\r\nabc');
  bench.network.server(1).answer('twice');
  await turns();
  expect(await textOf(yes)).toBe('twice');
  const no = await bench.ask({ origin, idempotent: false });
  bench.network.server(1).transport.end();
  await turns();
  expect(codeOf(no)).toBe('HTTP_CLIENT_CONNECTION_ENDED');
});

it('does not repeat a request on whose connection nothing had gone well before', async () => {
  const bench = new ClientBench();
  const outcome = await bench.ask('/x');
  bench.network.server(0).transport.end();
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECTION_ENDED');
  expect(outcome.error?.safeToRetry).toBe(true);
  expect(bench.network.servers).toHaveLength(1);
});

it('does not repeat a request whose response has begun', async () => {
  for (const [begun, code] of [
    ['HTTP/1.1 200 O', 'HTTP_CLIENT_RESPONSE_INCOMPLETE'],
    ['H', 'HTTP_CLIENT_RESPONSE_INCOMPLETE'],
  ] as const) {
    const bench = new ClientBench();
    await bench.warm();
    const outcome = await bench.ask('/x');
    bench.network.server(0).send(begun).transport.end();
    await turns();
    expect(codeOf(outcome)).toBe(code);
    expect(outcome.error?.safeToRetry).toBe(false);
    expect(bench.network.servers).toHaveLength(1);
  }
});

it('repeats a request of which only 1xx responses had come', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const outcome = await bench.ask('/x');
  bench.network.server(0).send('HTTP/1.1 102 Processing\r\n\r\n').transport.end();
  await turns();
  bench.network.server(1).answer('yes');
  await turns();
  expect(await textOf(outcome)).toBe('yes');
});

it('reports what is missing of a response that ends too early', async () => {
  for (const head of [
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
  ]) {
    const bench = new ClientBench();
    const outcome = await bench.ask('/x');
    bench.network.server(0).send(head).transport.end();
    await turns();
    await expect(outcome.response?.content.text()).rejects.toMatchObject({
      code: 'HTTP_CLIENT_RESPONSE_INCOMPLETE',
      faultCode: 'HTTP1_UNEXPECTED_END',
      safeToRetry: false,
    });
  }
});

it('takes a reset for no end of a content that only an end completes', async () => {
  const bench = new ClientBench();
  const outcome = await bench.ask('/x');
  bench.network.server(0).send('HTTP/1.1 200 OK\r\n\r\nabc');
  await turns();
  bench.network.server(0).transport.abort();
  await turns();
  await expect(outcome.response?.content.text()).rejects.toMatchObject({
    code: 'HTTP_CLIENT_RESPONSE_INCOMPLETE',
  });
});

it('does not repeat what was answered wrongly, or not in time', async () => {
  for (const [answer, code, faultCode] of [
    ['nonsense\r\n\r\n', 'HTTP_CLIENT_RESPONSE_INVALID', 'HTTP1_INVALID_VERSION'],
    ['', 'HTTP_CLIENT_RESPONSE_TIMEOUT', 'HTTP1_HEAD_TIMEOUT'],
  ] as const) {
    const bench = new ClientBench({ http1: { timeouts: { headMs: 1000, idleMs: 9000 } } });
    await bench.warm();
    const outcome = await bench.ask('/x');
    bench.network.server(0).send(answer);
    await turns();
    bench.time.advance(1000);
    await turns();
    expect(codeOf(outcome)).toBe(code);
    expect(outcome.error?.faultCode).toBe(faultCode);
    expect(bench.network.servers).toHaveLength(1);
    expect(bench.causes).toEqual(['failed']);
  }
});

it('fails a content that comes too slowly, and one that is faulty', async () => {
  for (const [content, code] of [
    ['', 'HTTP_CLIENT_CONTENT_TIMEOUT'],
    ['x\r\n', 'HTTP_CLIENT_RESPONSE_INVALID'],
  ] as const) {
    const bench = new ClientBench({ http1: { timeouts: { contentGraceMs: 1000 } } });
    const outcome = await bench.ask('/x');
    bench.network.server(0).send(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${content}`);
    await turns();
    bench.time.advance(1001);
    await turns();
    await expect(outcome.response?.content.bytes()).rejects.toMatchObject({ code });
  }
});

it('tells of a server that takes nothing of the request', async () => {
  const bench = new ClientBench({ http1: { timeouts: { writeStallMs: 1000 } } });
  await bench.warm();
  const server = bench.network.server(0);
  server.transport.pause();
  const content = new Uint8Array(100_000);
  const outcome = await bench.ask({ origin, method: 'PUT', content });
  bench.time.advance(1000);
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_WRITE_STALLED');
  expect(bench.network.servers).toHaveLength(1);
});

it('repeats a content that it has, or can get again, and no other', async () => {
  const pieces = () => [encode('a'), encode('b')];
  for (const [content, repeats] of [
    ['ab', true],
    [encode('ab'), true],
    [pieces, true],
    [pieces(), false],
  ] as const) {
    const bench = new ClientBench();
    await bench.warm();
    const outcome = await bench.ask({ origin, method: 'PUT', content });
    bench.network.server(0).transport.end();
    await turns();
    if (repeats) expect(bench.network.server(1).take()).toMatch(/a(\r\n1\r\n)?b/);
    else expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECTION_ENDED');
    if (!repeats) expect(outcome.error?.safeToRetry).toBe(true);
  }
});

it('repeats a request that met the 408 of a server which waited too long', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const outcome = await bench.ask('/x');
  const head = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 3\r\n\r\n';
  bench.network.server(0).send(`${head}bye`);
  await turns();
  bench.network.server(1).answer('yes');
  await turns();
  expect(await textOf(outcome)).toBe('yes');
  expect(outcome.response?.retried).toBe(true);
});

it('hands a 408 on where it may be meant', async () => {
  const close = 'Connection: close\r\n';
  for (const [warm, request, lines] of [
    [false, { origin }, close],
    [true, { origin, method: 'POST', content: 'a' }, close],
    [true, { origin }, ''],
  ] as const) {
    const bench = new ClientBench();
    if (warm) await bench.warm();
    const outcome = await bench.ask(request);
    const head = `HTTP/1.1 408 Request Timeout\r\n${lines}Content-Length: 3\r\n\r\n`;
    bench.network.server(0).send(`${head}bye`);
    await turns();
    expect(outcome.response?.status).toBe(408);
    expect(await textOf(outcome)).toBe('bye');
  }
});

it('repeats a misdirected request on another connection, whatever its method', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const outcome = await bench.ask({ origin, method: 'POST', content: 'a' });
  const misdirected = 'HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\n\r\n';
  bench.network.server(0).send(misdirected);
  await turns();
  expect(bench.network.server(1).take()).toMatch(/^POST /);
  bench.network.server(1).send(misdirected);
  await turns();
  expect(outcome.response?.status).toBe(421);
});

it('can be stopped from repeating', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const controller = new AbortController();
  const outcome = await bench.ask({ origin, signal: controller.signal });
  bench.network.opening = 'hang';
  bench.network.server(0).transport.end();
  await turns();
  expect(bench.network.attempts).toBe(2);
  controller.abort();
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_ABORTED');
  expect(bench.network.cancelled).toBe(1);
});

it('sends a request that never left, whatever its method, as often as it takes', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 3 });
  for (const path of ['/1', '/2', '/3']) bench.start(path);
  await turns();
  for (const server of bench.network.servers) server.answer();
  await turns();
  const outcome = bench.start({ origin, method: 'POST', content: 'once' });
  // Each of the three is found dead before it is written to.
  for (const server of bench.network.servers) server.transport.end();
  await turns();
  expect(bench.network.servers.slice(0, 3).map(({ text }) => text.includes('POST'))).toEqual([
    false,
    false,
    false,
  ]);
  bench.network.server(3).answer('first and last');
  await turns();
  expect(await textOf(outcome)).toBe('first and last');
  expect(outcome.response?.retried).toBe(false);
});
