// Which connection a request is put on, how long one is kept, and what makes it unfit.
import { expect, it } from 'vitest';
import { ClientBench, codeOf, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

/** Requests at a time, each on a connection of its own, all answered: so many idle connections. */
async function warmUp(bench: ClientBench, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) bench.start('/warm');
  await turns();
  for (const server of bench.network.servers) {
    server.take();
    server.answer();
    await turns();
  }
}

/** The connection that got the request for a path. */
function whereIs(bench: ClientBench, path: string): number {
  return bench.network.servers.findIndex((server) => server.text.startsWith(`GET ${path} `));
}

it('uses the connection first that was used last', async () => {
  const bench = new ClientBench();
  await warmUp(bench, 3);
  await bench.ask('/a');
  await bench.ask('/b');
  expect([whereIs(bench, '/a'), whereIs(bench, '/b')]).toEqual([2, 1]);
  bench.network.server(2).answer();
  await turns();
  await bench.ask('/c');
  expect(bench.network.server(2).text).toContain('GET /c ');
  expect(bench.network.servers).toHaveLength(3);
});

it('keeps connections of different origins apart', async () => {
  const bench = new ClientBench();
  await bench.warm({ url: 'http://a.example/' });
  for (const request of [
    { url: 'http://b.example/' },
    { url: 'http://a.example:81/' },
    { url: 'https://a.example/' },
    { url: 'http://a.example/', socketPath: '/run/a.sock' },
    { origin: 'http://a.example', socketPath: '/run/b.sock' },
  ]) {
    const before = bench.network.servers.length;
    await bench.ask(request);
    expect(bench.network.servers).toHaveLength(before + 1);
  }
  await bench.ask({ url: 'http://A.example:80/x' });
  expect(bench.network.server(0).text).toContain('GET /x');
});

it('closes an idle connection after idleMs', async () => {
  const bench = new ClientBench({ http1: { timeouts: { idleMs: 5000 } } });
  await bench.warm();
  bench.time.advance(4999);
  await turns();
  expect(bench.network.server().end).toBe(null);
  bench.time.advance(1);
  await turns();
  expect(bench.network.server().end).toBe('finished');
  expect(bench.causes).toEqual(['idle-timeout']);
  expect(bench.client.connections).toEqual([]);
});

it('leaves a second before the server has said that it would', async () => {
  const bench = new ClientBench();
  await bench.warm('/', 'Keep-Alive: max=100, timeout=5');
  expect(bench.client.connections[0]?.idleLeftMs).toBe(4000);
  bench.time.advance(4000);
  await turns();
  expect(bench.causes).toEqual(['idle-timeout']);
});

it('does not use a connection whose time is over, however late the timer is', async () => {
  const bench = new ClientBench();
  await bench.warm('/', 'Keep-Alive: timeout=5');
  bench.time.stall(4500);
  await bench.ask('/next');
  expect(bench.network.servers).toHaveLength(2);
  expect(bench.network.server(1).text).toMatch(/^GET \/next /);
  expect(bench.network.server(0).text).toBe('');
  expect(bench.causes).toEqual(['idle-timeout']);
});

it('asks the server to keep the connection in its first request', async () => {
  const bench = new ClientBench();
  await bench.ask('/first');
  const server = bench.network.server();
  expect(server.take()).toContain('\r\nConnection: keep-alive\r\n');
  server.answer();
  await turns();
  await bench.ask('/second');
  expect(server.take()).toBe('GET /second HTTP/1.1\r\nHost: a.example\r\n\r\n');
});

it('asks a server of HTTP/1.0 in each request, since it goes without', async () => {
  const bench = new ClientBench();
  for (const path of ['/first', '/second', '/third']) {
    const outcome = await bench.ask(path);
    const server = bench.network.server();
    expect(server.take()).toMatch(
      new RegExp(`^GET ${path} .*\\r\\nConnection: keep-alive\\r\\n`, 's'),
    );
    server.send('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n');
    await turns();
    expect(await textOf(outcome)).toBe('');
  }
  expect(bench.network.servers).toHaveLength(1);
});

it('does not ask against the caller, nor of a proxy, which would ask another', async () => {
  const origin = 'http://a.example';
  const own = (value: string) => [{ name: 'connection', value }];
  for (const [request, said] of [
    [{ origin, fields: own('close') }, 'close'],
    [{ origin, fields: own('') }, null],
    [{ origin, target: 'http://b.example/' }, null],
    [{ origin, target: '*', method: 'OPTIONS' }, 'keep-alive'],
  ] as const) {
    const bench = new ClientBench();
    await bench.ask(request);
    const text = bench.network.server().take();
    expect(/\r\nConnection: (.*)\r\n/i.exec(text)?.[1] ?? null).toBe(said);
  }
});

it('sends no more requests on a connection than the server allows', async () => {
  const bench = new ClientBench();
  await bench.warm('/', 'Keep-Alive: timeout=60, max=1');
  const outcome = await bench.ask('/last');
  expect(bench.network.server(0).take()).toContain('Connection: close');
  bench.network.server(0).answer('x');
  await turns();
  expect(await textOf(outcome)).toBe('x');
  await bench.ask('/next');
  expect(bench.network.servers).toHaveLength(2);
  await bench.client.abort();
});

it('closes a connection at once when the server allows no more requests', async () => {
  const bench = new ClientBench();
  await bench.warm('/', 'Keep-Alive: max=0');
  expect(bench.causes).toEqual(['max-requests']);
});

it('sends requestsMax requests on a connection, the last of which says close', async () => {
  const bench = new ClientBench({ http1: { requestsMax: 2 } });
  await bench.warm();
  await bench.ask('/two');
  expect(bench.network.server(0).take()).toContain('Connection: close');
  bench.network.server(0).answer('', 'Connection: close');
  await turns();
  expect(bench.network.server(0).end).toBe('finished');
  await bench.ask('/three');
  expect(whereIs(bench, '/three')).toBe(1);
});

it('closes a connection that has reached its age, and takes another', async () => {
  const bench = new ClientBench({ http1: { timeouts: { ageMsMax: 10_000, idleMs: 60_000 } } });
  await bench.warm();
  bench.time.stall(10_000);
  await bench.ask('/next');
  expect(whereIs(bench, '/next')).toBe(1);
  expect(bench.causes).toEqual(['max-age']);
});

it('does not use a connection again whose response said close, or was of HTTP/1.0', async () => {
  for (const head of [
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
  ]) {
    const bench = new ClientBench();
    const outcome = await bench.ask('/');
    bench.network.server().send(head);
    await turns();
    expect(await textOf(outcome)).toBe('');
    expect(bench.network.server().end).toBe('finished');
    await bench.ask('/next');
    expect(whereIs(bench, '/next')).toBe(1);
  }
});

it('reads a content that only the end of the connection ends', async () => {
  const bench = new ClientBench();
  const outcome = await bench.ask('/');
  bench.network.server().send('HTTP/1.0 200 OK\r\n\r\nall of it').transport.end();
  await turns();
  expect(await textOf(outcome)).toBe('all of it');
  expect(bench.causes).toEqual(['peer-close']);
});

it('notices that the server has left while the connection is idle', async () => {
  const bench = new ClientBench();
  await bench.warm();
  bench.network.server(0).transport.end();
  await turns();
  expect(bench.causes).toEqual(['peer-end']);
  await bench.ask('/next');
  expect(whereIs(bench, '/next')).toBe(1);
});

it('keeps the process alive only while a request is under way', async () => {
  const bench = new ClientBench();
  const outcome = await bench.ask('/');
  const { socket } = bench.network.server();
  expect(socket.isReferenced).toBe(true);
  bench.network.server().send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na');
  await turns();
  expect(socket.isReferenced).toBe(true);
  bench.network.server().send('b');
  await turns();
  expect(await textOf(outcome)).toBe('ab');
  expect(socket.isReferenced).toBe(false);
  bench.start('/again');
  expect(socket.isReferenced).toBe(true);
});

const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';

it('never gives a request what came while the connection was idle', async () => {
  const bench = new ClientBench();
  await bench.warm();
  bench.network.server(0).send(POISON);
  await turns();
  expect(bench.causes).toEqual(['failed']);
  const outcome = await bench.ask('/next');
  expect(whereIs(bench, '/next')).toBe(1);
  bench.network.server(1).answer('mine');
  await turns();
  expect(await textOf(outcome)).toBe('mine');
});

it('never gives a request what came in one piece with the response before', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1 });
  const first = await bench.ask('/first');
  const second = await bench.ask('/second');
  bench.network.server(0).answer('first').send(POISON);
  await turns();
  expect(await textOf(first)).toBe('first');
  expect(bench.network.server(0).text).not.toContain('/second');
  bench.network.server(1).answer('second');
  await turns();
  expect(await textOf(second)).toBe('second');
});

it('looks at the transport between the request and its first byte', async () => {
  const bench = new ClientBench();
  await bench.warm();
  // The bytes are on their way when the request comes, and heard before it is written.
  const outcome = bench.start({ url: 'http://a.example/', method: 'POST', content: 'once' });
  bench.network.server(0).send(POISON);
  await turns();
  expect(bench.network.server(0).text).toBe('');
  expect(bench.network.server(1).text).toMatch(/^POST /);
  bench.network.server(1).answer('mine');
  await turns();
  expect(await textOf(outcome)).toBe('mine');
  expect(outcome.response?.retried).toBe(false);
});

it('hears in the same way that the server has left', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const outcome = bench.start({ url: 'http://a.example/', method: 'POST', content: 'once' });
  bench.network.server(0).transport.end();
  await turns();
  expect(bench.network.server(0).text).toBe('');
  bench.network.server(1).answer('mine');
  await turns();
  expect(await textOf(outcome)).toBe('mine');
});

it('keeps a connection that was free for a request which was aborted before its turn', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const controller = new AbortController();
  const outcome = bench.start({ url: 'http://a.example/x', signal: controller.signal });
  controller.abort();
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_ABORTED');
  await bench.ask('/next');
  expect(whereIs(bench, '/next')).toBe(0);
  expect(bench.network.servers).toHaveLength(1);
});

it('gives the turn of an aborted request to the one that waits', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1 });
  await bench.warm();
  const controller = new AbortController();
  bench.start({ url: 'http://a.example/x', signal: controller.signal });
  bench.start('/next');
  controller.abort();
  await turns();
  expect(bench.network.server(0).text).toMatch(/^GET \/next /);
});
