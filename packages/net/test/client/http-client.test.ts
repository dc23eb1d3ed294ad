// What goes out on the wire for a request, and what comes back of a response.
import { expect, it } from 'vitest';
import { HttpClient } from '../../src/index.ts';
import { ClientBench, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

it('sends Host first, and path and query of the URL without userinfo and fragment', async () => {
  const bench = new ClientBench();
  await bench.ask({
    url: 'http://user:secret@a.example:8080/a/../b%20c?q=1&r#part',
    fields: [
      { name: 'Accept', value: 'text/plain' },
      { name: 'X-Two', value: '2' },
    ],
  });
  expect(bench.network.server().take()).toBe(
    'GET /b%20c?q=1&r HTTP/1.1\r\nHost: a.example:8080\r\nAccept: text/plain\r\nX-Two: 2\r\nConnection: keep-alive\r\n\r\n',
  );
});

it('percent-encodes what a URL may have raw and a request-target may not', async () => {
  const bench = new ClientBench();
  await bench.ask({ url: 'http://a.example/p[1]?a[]=1|2&b=%zz&c=^`{}' });
  const [line] = bench.network.server().take().split('\r\n');
  expect(line).toBe('GET /p%5B1%5D?a%5B%5D=1%7C2&b=%25zz&c=%5E%60%7B%7D HTTP/1.1');
});

it('leaves the port of the scheme out of Host, and keeps the brackets of an address in it', async () => {
  const bench = new ClientBench();
  for (const [url, host] of [
    ['http://a.example:80/', 'a.example'],
    ['http://[2001:db8::1]:8080/', '[2001:db8::1]:8080'],
    ['https://b.example:443/', 'b.example'],
    ['https://b.example:80/', 'b.example:80'],
  ] as const) {
    await bench.ask({ url });
    expect(bench.network.server().take()).toContain(`\r\nHost: ${host}\r\n`);
  }
  expect(bench.network.servers.map(({ origin }) => [origin.host, origin.port])).toEqual([
    ['a.example', 80],
    ['2001:db8::1', 8080],
    ['b.example', 443],
    ['b.example', 80],
  ]);
});

it('takes a Host of the caller, first all the same', async () => {
  const bench = new ClientBench();
  const fields = [
    { name: 'A', value: '1' },
    { name: 'host', value: 'other.example' },
  ];
  await bench.ask({ url: 'http://a.example/', fields });
  const [, host, a] = bench.network.server().take().split('\r\n');
  expect([host, a]).toEqual(['host: other.example', 'A: 1']);
});

it('sends a target as it is given, with the Host that belongs to it', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 9 });
  const origin = 'http://proxy.example:3128';
  for (const [method, target, host] of [
    ['OPTIONS', '*', 'proxy.example:3128'],
    ['GET', 'http://a.example:81/x?y', 'a.example:81'],
    ['CONNECT', 'b.example:443', 'b.example:443'],
    ['GET', '/x', 'proxy.example:3128'],
  ] as const) {
    await bench.ask({ origin, method, target });
    const text = bench.network.server().take();
    expect(text.split('\r\n').slice(0, 2)).toEqual([
      `${method} ${target} HTTP/1.1`,
      `Host: ${host}`,
    ]);
  }
});

it('states the length of a content where it knows it', async () => {
  const bench = new ClientBench();
  const cases = [
    [{ method: 'POST', content: 'grün' }, 'Content-Length: 5', 'gr\xc3\xbcn'],
    [{ method: 'PUT', content: encode('abc') }, 'Content-Length: 3', 'abc'],
    [{ method: 'POST', content: '' }, 'Content-Length: 0', ''],
    [{ method: 'POST' }, 'Content-Length: 0', ''],
    [
      { method: 'POST', content: [encode('ab'), encode('c')], contentLength: 3 },
      'Content-Length: 3',
      'abc',
    ],
    [
      { method: 'POST', content: () => 'again' },
      'Transfer-Encoding: chunked',
      '5\r\nagain\r\n0\r\n\r\n',
    ],
    [{ method: 'POST', content: () => encode('a'), contentLength: 1 }, 'Content-Length: 1', 'a'],
    [
      { method: 'POST', content: 'x', fields: [{ name: 'Content-Length', value: '1' }] },
      'Content-Length: 1',
      'x',
    ],
  ] as const;
  for (const [request, line, content] of cases) {
    await bench.ask({ origin: 'http://a.example', target: '/', ...request });
    const text = bench.network.server().take();
    expect(text.split('\r\n')).toContain(line);
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(content);
    expect(text.toLowerCase().split('content-length').length).toBeLessThan(3);
  }
});

it('sends no framing with a GET that has no content', async () => {
  const bench = new ClientBench();
  await bench.ask('/');
  expect(bench.network.server().take().toLowerCase()).not.toMatch(
    /content-length|transfer-encoding/,
  );
});

it('sends trailers behind chunks, asked for at the end', async () => {
  const bench = new ClientBench();
  let sum = 0;
  async function* content(): AsyncGenerator<Uint8Array> {
    for (const text of ['ab', 'cde']) {
      sum += text.length;
      yield encode(text);
    }
  }
  const trailers = () => [{ name: 'X-Sum', value: String(sum) }];
  await bench.ask({ origin: 'http://a.example', method: 'POST', content: content(), trailers });
  expect(bench.network.server().take()).toMatch(
    /\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\nX-Sum: 5\r\n\r\n$/,
  );
});

it('sends trailers of a content at hand in chunks, too', async () => {
  const bench = new ClientBench();
  const trailers = [{ name: 'X-Sum', value: '2' }];
  await bench.ask({ origin: 'http://a.example', method: 'POST', content: 'ab', trailers });
  const text = bench.network.server().take();
  expect(text).toContain('Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 2\r\n\r\n');
  expect(text.toLowerCase()).not.toContain('content-length');
});

it('resolves with the head before the content is here', async () => {
  const bench = new ClientBench();
  const outcome = await bench.ask('/');
  const server = bench.network.server();
  server.send('HTTP/1.1 206 Some\r\nContent-Length: 4\r\nA: 1\r\na: 2\r\n\r\nab');
  await turns();
  const { response } = outcome;
  expect(response?.status).toBe(206);
  expect(response?.reason).toBe('Some');
  expect(response?.field('a')).toBe('1, 2');
  expect(response?.field('b')).toBe(null);
  expect(response?.fields).toHaveLength(3);
  expect([response?.number, response?.retried]).toEqual([1, false]);
  const text = response?.content.text();
  server.send('cd');
  expect(await text).toBe('abcd');
});

it('reads chunks and their trailers', async () => {
  const bench = new ClientBench();
  const outcome = await bench.ask('/');
  bench.network
    .server()
    .send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
    .send('2\r\nde\r\n0\r\nX-End: yes\r\n\r\n');
  await turns();
  expect(await textOf(outcome)).toBe('abcde');
  expect(outcome.response?.trailers).toEqual([{ name: 'x-end', value: 'yes' }]);
});

it('reports informational responses on the way to the final one', async () => {
  const bench = new ClientBench();
  const seen: number[] = [];
  const outcome = await bench.ask({
    url: 'http://a.example/',
    onInformational: (event) => seen.push(event.status),
  });
  bench.network
    .server()
    .send('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n')
    .answer('done');
  await turns();
  expect(seen).toEqual([103, 102]);
  expect(await textOf(outcome)).toBe('done');
});

it('shows the connection that a response came on', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const outcome = await bench.ask('/');
  bench.time.advance(1000);
  bench.network.server().answer('abc');
  await turns();
  const connection = outcome.response?.connection;
  expect(connection?.snapshot()).toEqual({
    id: 1,
    origin: 'http://a.example',
    remoteAddress: '192.0.2.1',
    remotePort: 0,
    tls: null,
    requests: 2,
    outstanding: 0,
    bytesReceived: 79,
    bytesSent: 98,
    state: 'idle',
    ageMs: 1000,
    idleLeftMs: 30_000,
    closeCause: null,
  });
  expect(outcome.response?.number).toBe(2);
  expect(bench.client.connections).toEqual([connection?.snapshot()]);
  connection?.abort();
  expect(connection?.state).toBe('closed');
  expect(bench.causes).toEqual(['cut']);
});

it('refuses requests that have parts of the wrong kind', async () => {
  const { client } = new ClientBench();
  const origin = 'http://a.example';
  const cases: [object, RegExp][] = [
    [{}, /needs url or origin/],
    [{ url: 'ftp://a.example/' }, /http or https/],
    [{ url: 'nothing' }, /URL/],
    [{ origin: `${origin}/path` }, /neither path nor query/],
    [{ origin, content: 5 }, /content must be/],
    [{ origin, signal: {} as AbortSignal }, /addEventListener/],
    [{ origin, content: {} }, /content must be/],
  ];
  for (const [request, message] of cases) {
    await expect(client.request(request)).rejects.toThrow(TypeError);
    await expect(client.request(request)).rejects.toThrow(message);
  }
  // Nothing is left of them that would have to be waited for.
  await client.close();
});

it('sends the pieces that are there at once together with the head', async () => {
  const bench = new ClientBench();
  let arrivals = 0;
  const content = [encode('a'), encode('b'), encode('c')];
  bench.start({ origin: 'http://a.example', method: 'PUT', content });
  while (bench.opened.length === 0) await Promise.resolve();
  const server = bench.network.server();
  const { onData } = server;
  server.onData = (data) => {
    arrivals += 1;
    onData.call(server, data);
  };
  await turns();
  expect(server.text).toMatch(/a\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n$/);
  expect(arrivals).toBe(1);
});

it('lets a stream of events live', async () => {
  const bench = new ClientBench();
  const outcome = await bench.ask('/');
  bench.network.server().send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
  await turns();
  for (let event = 0; event < 10; event += 1) {
    bench.time.advance(250_000);
    bench.network.server().send('2\r\n:\n\r\n');
    await turns();
  }
  bench.time.advance(300_000);
  await turns();
  await expect(outcome.response?.content.text()).rejects.toMatchObject({
    code: 'HTTP_CLIENT_CONTENT_TIMEOUT',
  });
});

it('refuses a head that cannot be sent, and keeps the connection', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const origin = 'http://a.example';
  for (const request of [
    { origin, target: '/a b' },
    { origin, target: 'a' },
    { url: `${origin}/`, target: 'a b' },
    { origin, method: 'G ET' },
    { origin, fields: [{ name: 'A', value: '1\r\nB: 2' }] },
    { origin, fields: [{ name: 'Content-Length', value: '1, 1' }] },
  ]) {
    const outcome = await bench.ask(request);
    expect(outcome.error).toBeInstanceOf(Error);
    expect(outcome.error?.name).toMatch(/TypeError|LocalProtocolError/);
  }
  await bench.ask('/next');
  expect(bench.network.servers).toHaveLength(1);
  expect(bench.network.server().take()).toMatch(/^GET \/next /);
});

it('cuts the connection when it is too late to refuse a trailer', async () => {
  const bench = new ClientBench();
  const trailers = [{ name: 'Content-Length', value: '1' }];
  const outcome = await bench.ask({
    origin: 'http://a.example',
    method: 'POST',
    content: 'a',
    trailers,
  });
  expect(outcome.error?.message).toContain('must not be a trailer');
  expect(bench.network.server().end).toBe('reset');
  expect(bench.client.connections).toEqual([]);
});

it('refuses options that are out of their range', () => {
  for (const options of [
    { connectionsPerOriginMax: 0 },
    { connectionsMax: Number.NaN },
    { queuedMax: -1 },
    { pipelining: 0 },
    { connectMs: -1 },
    { queueMs: -1 },
    { unreadMs: -1 },
    { http1: { timeouts: { idleMs: 0 } } },
    { tcp: { keepAlive: { delayMs: 5 } } },
  ]) {
    expect(() => new HttpClient(options)).toThrow(RangeError);
  }
  expect(() => new HttpClient({ connect: 5 as never })).toThrow(TypeError);
  expect(() => new HttpClient({ http1: { limits: { nothing: 1 } as never } })).toThrow(RangeError);
});

it('remembers no more origins than it needs', async () => {
  const bench = new ClientBench();
  const signal = AbortSignal.abort();
  for (let index = 0; index < 1001; index += 1) {
    const request = { origin: `http://${index}.example`, signal };
    await expect(bench.client.request(request)).rejects.toMatchObject({
      code: 'HTTP_CLIENT_ABORTED',
    });
  }
  await bench.ask('/');
  expect(bench.network.server().text).toContain('Host: a.example');
});
