// Who waits for a connection, for how long, and who is next.
import { expect, it } from 'vitest';
import { ClientBench, codeOf, type Outcome, textOf } from './support/client-bench.ts';
import { type ServerEnd, turns } from './support/fake-server.ts';

/** The path that a connection was asked for last. */
function pathOf(server: ServerEnd): string {
  return /^\w+ (\S+) /.exec(server.text.slice(server.text.lastIndexOf('GET ')))?.[1] ?? '';
}

/** Answers whatever every open connection was asked for, and tells the paths. */
async function answerAll(bench: ClientBench): Promise<string[]> {
  const paths: string[] = [];
  for (const server of bench.network.open) {
    const text = server.take();
    for (const [, path = ''] of text.matchAll(/GET (\S+) /g)) {
      paths.push(`${server.origin.host}${path}`);
      server.answer();
    }
  }
  await turns();
  return paths;
}

it('opens no more connections to an origin than it may, and serves who came first', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 2 });
  for (const path of ['/1', '/2', '/3', '/4', '/5']) bench.start(path);
  await turns();
  expect(bench.network.servers.map(pathOf)).toEqual(['/1', '/2']);
  expect(bench.client.queued).toBe(3);
  bench.network.server(1).answer();
  await turns();
  expect(pathOf(bench.network.server(1))).toBe('/3');
  bench.network.server(0).answer();
  await turns();
  expect(pathOf(bench.network.server(0))).toBe('/4');
  expect(bench.network.attempts).toBe(2);
});

it('gives a connection that opens to whoever waits longest', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'hang';
  for (const path of ['/1', '/2', '/3']) bench.start(path);
  await turns();
  bench.network.hanging[2]?.open();
  await turns();
  expect(bench.network.servers.map(pathOf)).toEqual(['/1']);
  bench.network.server(0).answer();
  await turns();
  expect(pathOf(bench.network.server(0))).toBe('/2');
  bench.network.hanging[0]?.open();
  bench.network.hanging[1]?.open();
  await turns();
  // One of them came for nothing, and is there for the next.
  expect(bench.network.servers.map(pathOf)).toEqual(['/2', '/3', '']);
  await bench.ask('/4');
  expect(pathOf(bench.network.server(2))).toBe('/4');
});

it('takes turns among origins when all of them together have too few connections', async () => {
  const bench = new ClientBench({ connectionsMax: 2 });
  for (let index = 1; index <= 6; index += 1) bench.start({ url: `http://a.example/${index}` });
  for (const host of ['b', 'c']) {
    for (const index of [1, 2]) bench.start({ url: `http://${host}.example/${index}` });
  }
  await turns();
  const order: string[][] = [];
  for (let round = 0; round < 12; round += 1) order.push(await answerAll(bench));
  const served = order.flat();
  expect(served).toHaveLength(10);
  expect([...new Set(served)]).toHaveLength(10);
  // The flood of the first does not keep the others waiting for its end.
  expect(served.indexOf('b.example/1')).toBeLessThan(4);
  expect(served.indexOf('c.example/1')).toBeLessThan(6);
  expect(served.indexOf('a.example/6')).toBeGreaterThan(served.indexOf('c.example/1'));
});

it('never has more connections than it may', async () => {
  const bench = new ClientBench({ connectionsMax: 3 });
  for (let index = 0; index < 20; index += 1) {
    bench.start({ url: `http://${'abcde'[index % 5]}.example/${index}` });
  }
  let served = 0;
  for (let round = 0; round < 40 && served < 20; round += 1) {
    await turns();
    expect(bench.network.open.length).toBeLessThanOrEqual(3);
    served += (await answerAll(bench)).length;
  }
  expect(served).toBe(20);
});

it('lets two origins alternate on a single connection', async () => {
  const bench = new ClientBench({ connectionsMax: 1 });
  for (const index of [1, 2, 3]) {
    bench.start({ url: `http://a.example/${index}` });
    bench.start({ url: `http://b.example/${index}` });
  }
  await turns();
  const order: string[] = [];
  for (let round = 0; round < 6; round += 1) order.push(...(await answerAll(bench)));
  expect(order.map((path) => path[0])).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});

it('closes the connection that was idle for longest to make room for another origin', async () => {
  const bench = new ClientBench({ connectionsMax: 2 });
  await bench.warm({ url: 'http://a.example/' });
  bench.time.advance(10);
  await bench.warm({ url: 'http://b.example/' });
  await bench.ask({ url: 'http://c.example/' });
  expect(bench.causes).toEqual(['evicted']);
  expect(bench.network.open.map(({ origin }) => origin.host)).toEqual(['b.example', 'c.example']);
});

it('lets an origin with many connections give one to an origin with few', async () => {
  const bench = new ClientBench({ connectionsMax: 4 });
  for (let index = 0; index < 40; index += 1) bench.start({ url: `http://a.example/${index}` });
  await turns();
  for (let index = 0; index < 20; index += 1) bench.start({ url: `http://b.example/${index}` });
  const shares: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    await answerAll(bench);
    shares.push(bench.network.open.map(({ origin }) => origin.host[0]).join(''));
  }
  expect(shares.at(-1)?.match(/b/g)?.length).toBe(2);
});

it('fails a request that waits longer than it may', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1, queueMs: 1000 });
  const first = await bench.ask('/1');
  const second = await bench.ask('/2');
  bench.time.advance(600);
  const third = await bench.ask('/3');
  bench.time.advance(400);
  await turns();
  expect(codeOf(second)).toBe('HTTP_CLIENT_QUEUE_TIMEOUT');
  expect(second.error?.safeToRetry).toBe(true);
  expect(third.error).toBe(undefined);
  bench.network.server().answer('1');
  await turns();
  expect(await textOf(first)).toBe('1');
  bench.time.advance(10_000);
  expect(third.error).toBe(undefined);
  expect(pathOf(bench.network.server())).toBe('/3');
});

it('measures the time that each request waits', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1, queueMs: 1000 });
  await bench.ask('/1');
  const second = await bench.ask('/2');
  bench.time.advance(600);
  const third = await bench.ask('/3');
  bench.time.advance(400);
  bench.time.advance(599);
  await turns();
  expect([codeOf(second), third.error]).toEqual(['HTTP_CLIENT_QUEUE_TIMEOUT', undefined]);
  bench.time.advance(1);
  await turns();
  expect(codeOf(third)).toBe('HTTP_CLIENT_QUEUE_TIMEOUT');
});

it('takes no more requests than may wait', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1, queuedMax: 1 });
  const outcomes = [await bench.ask('/1'), await bench.ask('/2'), await bench.ask('/3')];
  expect(codeOf(outcomes[2] as Outcome)).toBe('HTTP_CLIENT_QUEUE_FULL');
  // Another origin's first is not kept waiting by anybody.
  bench.start({ url: 'http://b.example/' });
  await turns();
  expect(bench.network.servers).toHaveLength(2);
  expect(bench.client.queued).toBe(1);
});

it('takes out who gives up, wherever it stands', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1 });
  bench.start('/0');
  const controllers = [1, 2, 3].map((index) => {
    const controller = new AbortController();
    bench.start({ url: `http://a.example/${index}`, signal: controller.signal });
    return controller;
  });
  await turns();
  for (const index of [1, 0, 2]) {
    controllers[index]?.abort();
    await turns();
    expect(bench.client.queued).toBe([2, 1, 0][[1, 0, 2].indexOf(index)]);
  }
  await bench.ask('/4');
  bench.network.server().answer();
  await turns();
  expect(pathOf(bench.network.server())).toBe('/4');
});

it('gives up an attempt to connect when nobody waits for it any more', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'hang';
  const controller = new AbortController();
  const outcome = await bench.ask({ url: 'http://a.example/', signal: controller.signal });
  controller.abort(new Error('changed my mind'));
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_ABORTED');
  expect(outcome.error?.cause).toEqual(new Error('changed my mind'));
  expect(bench.network.cancelled).toBe(1);
  // A connection that comes all the same is let go of.
  bench.network.hanging[0]?.open();
  await turns();
  expect(bench.network.server().end).toBe('reset');
  expect(bench.client.connections).toEqual([]);
});
