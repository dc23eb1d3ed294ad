// Requests sent before the one before them is answered (RFC 9112 section 9.3.2).
import { expect, it } from 'vitest';
import { ClientBench, codeOf, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

const origin = 'http://a.example';
const options = { connectionsPerOriginMax: 1, pipelining: 3 };

/** The paths that the connection opened last was asked for. */
function paths(bench: ClientBench, index?: number): string[] {
  const { text } = bench.network.server(index);
  return Array.from(text.matchAll(/^[A-Z]+ (\S+) HTTP/gm), ([, path = '']) => path);
}

it('sends as many behind one another as it may, once the connection is known to persist', async () => {
  const bench = new ClientBench(options);
  const outcomes = ['/1', '/2', '/3', '/4', '/5'].map((path) => bench.start(path));
  await turns();
  expect(paths(bench)).toEqual(['/1']);
  const server = bench.network.server().answer('one');
  await turns();
  expect(paths(bench)).toEqual(['/1', '/2', '/3', '/4']);
  server.answer('two').answer('three');
  await turns();
  expect(paths(bench)).toEqual(['/1', '/2', '/3', '/4', '/5']);
  server.answer('four').answer('five');
  await turns();
  expect(await Promise.all(outcomes.map(textOf))).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(bench.client.connections[0]?.state).toBe('idle');
});

it('puts a new request behind others at once', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  await bench.ask('/1');
  await bench.ask('/2');
  expect(paths(bench)).toEqual(['/1', '/2']);
  expect(bench.client.connections[0]).toMatchObject({ outstanding: 2, requests: 3 });
});

it('opens connections first', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 2, pipelining: 2 });
  await bench.warm();
  for (const path of ['/1', '/2', '/3']) await bench.ask(path);
  expect(paths(bench, 0)).toEqual(['/1', '/3']);
  expect(paths(bench, 1)).toEqual(['/2']);
});

it('sends nothing behind, and nothing in front of, what is not idempotent', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  bench.start('/get');
  const post = bench.start({ origin, target: '/post', method: 'POST', content: '\n' });
  const after = bench.start('/after');
  await turns();
  expect(paths(bench)).toEqual(['/get']);
  const server = bench.network.server().answer();
  await turns();
  expect(paths(bench)).toEqual(['/get', '/post']);
  server.answer('post');
  await turns();
  expect(paths(bench)).toEqual(['/get', '/post', '/after']);
  server.answer('after');
  await turns();
  expect([await textOf(post), await textOf(after)]).toEqual(['post', 'after']);
});

it('sends nothing behind a request whose content is still on its way', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  let more: () => void = () => {};
  async function* content(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array([97]);
    await new Promise<void>((resolve) => {
      more = resolve;
    });
  }
  bench.start({ origin, target: '/put', method: 'PUT', content: content() });
  bench.start('/behind');
  await turns();
  expect(paths(bench)).toEqual(['/put']);
  more();
  await turns();
  expect(paths(bench)).toEqual(['/put', '/behind']);
});

it('repeats those that a lost connection leaves unanswered, in their order, and not pipelined', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const outcomes = ['/1', '/2', '/3'].map((path) => bench.start(path));
  await turns();
  bench.network.server(0).answer('one').transport.end();
  await turns();
  expect(paths(bench, 1)).toEqual(['/2']);
  bench.network.server(1).answer('two');
  await turns();
  expect(paths(bench, 1)).toEqual(['/2', '/3']);
  bench.network.server(1).answer('three');
  await turns();
  expect(await Promise.all(outcomes.map(textOf))).toEqual(['one', 'two', 'three']);
  expect(outcomes.map(({ response }) => response?.retried)).toEqual([false, true, true]);
});

it('repeats those behind a response that says close', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const outcomes = ['/1', '/2'].map((path) => bench.start(path));
  await turns();
  bench.network.server(0).answer('one', 'Connection: close');
  await turns();
  bench.network.server(1).answer('two');
  await turns();
  expect(await Promise.all(outcomes.map(textOf))).toEqual(['one', 'two']);
});

it('fails who was answered wrongly, and repeats who stood behind', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const outcomes = ['/1', '/2'].map((path) => bench.start(path));
  await turns();
  bench.network.server(0).send('nonsense\r\n\r\n');
  await turns();
  expect(codeOf(outcomes[0] as object)).toBe('HTTP_CLIENT_RESPONSE_INVALID');
  bench.network.server(1).answer('two');
  await turns();
  expect(await textOf(outcomes[1] as object)).toBe('two');
});

it('sends what it repeats behind nobody, so that it is not lost on their account', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const outcomes = ['/1', '/2', '/3'].map((path) => bench.start(path));
  await turns();
  bench.network.server(0).answer('one', 'Connection: close');
  await turns();
  expect(paths(bench, 1)).toEqual(['/2']);
  bench.start('/4');
  bench.network.server(1).answer('two');
  await turns();
  // `/4` has not been repeated, and may stand behind `/3`, which has.
  expect(paths(bench, 1)).toEqual(['/2', '/3', '/4']);
  bench.network.server(1).answer('three', 'Connection: close');
  await turns();
  expect(await Promise.all(outcomes.map(textOf))).toEqual(['one', 'two', 'three']);
});

it('sends no repetition behind another request, though no connection can be opened for it', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 2, pipelining: 3 });
  for (const path of ['/warm', '/up']) bench.start(path);
  await turns();
  for (const index of [0, 1]) bench.network.server(index).answer();
  await turns();
  for (const index of [0, 1]) bench.network.server(index).take();
  await bench.ask('/before');
  const repeated = await bench.ask('/repeated');
  bench.network.opening = 'fail';
  bench.network.server(0).transport.abort();
  await turns();
  // Another occasion to try, and to give up.
  const next = await bench.ask('/next');
  expect(paths(bench, 1)).toEqual(['/before']);
  for (const path of ['/before', '/repeated', '/next']) {
    expect(paths(bench, 1)).toContain(path);
    bench.network.server(1).answer(path);
    await turns();
  }
  expect([await textOf(repeated), await textOf(next)]).toEqual(['/repeated', '/next']);
});

it('gives each of those that are repeated a connection, for which an idle one makes room', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 2, pipelining: 3 });
  for (const path of ['/warm', '/up']) bench.start(path);
  await turns();
  for (const index of [0, 1]) bench.network.server(index).take();
  for (const index of [0, 1]) bench.network.server(index).answer();
  await turns();
  for (const path of ['/1', '/2', '/3']) await bench.ask(path);
  expect([paths(bench, 0), paths(bench, 1)]).toEqual([['/2', '/3'], ['/1']]);
  bench.network.server(1).answer();
  await turns();
  bench.network.server(0).transport.end();
  await turns();
  expect([paths(bench, 2), paths(bench, 3)]).toEqual([['/2'], ['/3']]);
  expect(bench.causes).toContain('evicted');
});

it('counts the bytes of a request apart from those behind it', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const outcomes = ['/1', '/2'].map((path) => bench.start(path));
  await turns();
  const sent = bench.network.server(0).take();
  bench.network.server(0).send('HTTP/1.1 999999 What\r\n\r\n');
  await turns();
  expect(codeOf(outcomes[0] as object)).toBe('HTTP_CLIENT_RESPONSE_INVALID');
  const { error } = outcomes[0] as { error?: { readonly bytesSent: number } };
  expect(error?.bytesSent).toBe(sent.indexOf('GET /2 '));
});

it('never repeats a request that has been repeated', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const outcomes = ['/1', '/2'].map((path) => bench.start(path));
  await turns();
  bench.network.server(0).transport.end();
  await turns();
  bench.network.server(1).answer('one');
  await turns();
  expect(paths(bench, 1)).toEqual(['/1', '/2']);
  bench.network.server(1).transport.end();
  await turns();
  expect(await textOf(outcomes[0] as object)).toBe('one');
  expect(codeOf(outcomes[1] as object)).toBe('HTTP_CLIENT_CONNECTION_ENDED');
});

it('cuts the connection when it is the turn of a request that nobody waits for', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const controller = new AbortController();
  const first = bench.start('/1');
  const second = bench.start({ url: `${origin}/2`, signal: controller.signal });
  const third = bench.start('/3');
  await turns();
  controller.abort();
  await turns();
  expect(codeOf(second)).toBe('HTTP_CLIENT_ABORTED');
  expect(bench.network.server(0).end).toBe(null);
  bench.network.server(0).answer('one');
  await turns();
  expect(await textOf(first)).toBe('one');
  expect(bench.network.server(0).end).toBe('reset');
  bench.network.server(1).answer('three');
  await turns();
  expect(await textOf(third)).toBe('three');
  expect(paths(bench, 1)).toEqual(['/3']);
});

it('repeats those behind a request that is aborted', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const controller = new AbortController();
  const first = bench.start({ url: `${origin}/1`, signal: controller.signal });
  const second = bench.start('/2');
  await turns();
  controller.abort();
  await turns();
  expect(codeOf(first)).toBe('HTTP_CLIENT_ABORTED');
  bench.network.server(1).answer('two');
  await turns();
  expect(await textOf(second)).toBe('two');
});

it('answers those before a request that is aborted while its content is sent', async () => {
  const bench = new ClientBench(options);
  await bench.warm();
  const first = await bench.ask('/1');
  const controller = new AbortController();
  async function* content(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1);
    await new Promise(() => {});
  }
  const request = { method: 'PUT', content: content(), signal: controller.signal };
  const second = await bench.ask({ url: `${origin}/2`, ...request });
  controller.abort();
  await turns();
  expect(codeOf(second)).toBe('HTTP_CLIENT_ABORTED');
  bench.network.server(0).answer('one');
  await turns();
  expect(await textOf(first)).toBe('one');
  // What follows would be taken for the rest of the content.
  expect(bench.network.server(0).end).toBe('reset');
  await bench.ask('/3');
  expect(paths(bench, 1)).toEqual(['/3']);
});
