// The end of a client: orderly by `close`, at once by `abort`.
import { expect, it } from 'vitest';
import { ClientBench, codeOf, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

/** Whether a promise is settled after what needs no time. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const mark = (): void => {
    settled = true;
  };
  promise.then(mark, mark);
  await turns();
  return settled;
}

it('closes idle connections, and finishes what is under way and what waits', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1 });
  await bench.warm({ url: 'http://b.example/' });
  const first = await bench.ask('/1');
  const second = await bench.ask('/2');
  const closed = bench.client.close();
  await turns();
  expect(bench.causes).toEqual(['drained']);
  expect(bench.network.server(0).end).toBe('finished');
  const refused = await bench.ask('/3');
  expect(codeOf(refused)).toBe('HTTP_CLIENT_CLOSED');
  expect(await isSettled(closed)).toBe(false);
  const server = bench.network.server(1).answer('one');
  await turns();
  server.answer('two');
  await turns();
  expect([await textOf(first), await textOf(second)]).toEqual(['one', 'two']);
  expect(await isSettled(closed)).toBe(true);
  expect(server.end).toBe('finished');
  expect(bench.client.connections).toEqual([]);
});

it('is closed at once when there is nothing', async () => {
  const bench = new ClientBench();
  await bench.client.close();
  await bench.client.close();
  const refused = await bench.ask('/');
  expect(codeOf(refused)).toBe('HTTP_CLIENT_CLOSED');
  expect(refused.error?.safeToRetry).toBe(true);
  await bench.client.close();
  expect(bench.network.attempts).toBe(0);
});

it('waits for a connection that is being opened, as long as somebody waits for it', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'hang';
  const outcome = await bench.ask('/');
  const closed = bench.client.close();
  expect(await isSettled(closed)).toBe(false);
  bench.network.hanging[0]?.open();
  await turns();
  bench.network.server().answer('late');
  await turns();
  expect(await textOf(outcome)).toBe('late');
  expect(await isSettled(closed)).toBe(true);
});

it('closes when the last attempt to connect fails', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'hang';
  const outcome = await bench.ask('/');
  const closed = bench.client.close();
  bench.network.hanging[0]?.fail(new Error('no'));
  await closed;
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECT_FAILED');
});

it('repeats a request while it closes', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const outcome = await bench.ask('/x');
  const closed = bench.client.close();
  bench.network.server(0).transport.end();
  await turns();
  bench.network.server(1).answer('again');
  await turns();
  expect(await textOf(outcome)).toBe('again');
  await closed;
});

it('closes a connection whose turn comes after its request was aborted', async () => {
  const bench = new ClientBench();
  await bench.warm();
  const controller = new AbortController();
  bench.start({ origin: 'http://a.example', signal: controller.signal });
  const closed = bench.client.close();
  controller.abort();
  await closed;
  expect(bench.client.connections).toEqual([]);
});

it('ends everything at once', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 3 });
  for (const path of ['/1', '/2', '/3']) bench.start(path);
  await turns();
  bench.network.server(0).answer();
  bench.network.server(1).send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab');
  await turns();
  bench.network.opening = 'hang';
  const outcomes = [bench.start('/turn'), bench.start({ url: 'http://b.example/connecting' })];
  bench.start('/waiting');
  outcomes.push(bench.start('/waiting'));
  bench.client.abort(new Error('shutting down'));
  await turns();
  for (const outcome of outcomes) {
    expect(codeOf(outcome)).toBe('HTTP_CLIENT_CLOSED');
    expect(outcome.error?.cause).toEqual(new Error('shutting down'));
  }
  expect(bench.network.servers.map(({ end }) => end)).toEqual(['reset', 'reset', 'reset']);
  expect(bench.client.connections).toEqual([]);
  expect(bench.client.queued).toBe(0);
  await bench.client.close();
  for (const hanging of bench.network.hanging) hanging.open();
  await turns();
  expect(bench.client.connections).toEqual([]);
});

it('repeats nothing once it is aborted', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1, pipelining: 2 });
  await bench.warm();
  const first = bench.start('/1');
  const second = bench.start('/2');
  await turns();
  bench.client.abort();
  await turns();
  expect([codeOf(first), codeOf(second)]).toEqual(['HTTP_CLIENT_CLOSED', 'HTTP_CLIENT_CLOSED']);
  expect(bench.network.servers).toHaveLength(1);
});

it('warns of faults that nobody listens to', async () => {
  const { HttpClient } = await import('../../src/index.ts');
  const bench = new ClientBench();
  const client = new HttpClient({ connect: bench.network.connect, clock: bench.time });
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  bench.network.opening = 'fail';
  client.send(
    { origin: 'http://a.example' },
    {
      onResponse() {},
      onData() {},
      onEnd() {},
      onError() {
        throw 'not even an error';
      },
    },
  );
  expect((await warned).message).toBe('not even an error');
});
