// Attempts to connect that fail, and whom they take along.
import { expect, it } from 'vitest';
import { HttpClientError } from '../../src/index.ts';
import { ClientBench, codeOf, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

it('fails a request that no connection can be opened for, and tells why', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'fail';
  const outcome = await bench.ask('/');
  expect(outcome.error).toBeInstanceOf(HttpClientError);
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECT_FAILED');
  expect(outcome.error?.cause).toEqual(new Error('refused'));
  expect([outcome.error?.bytesSent, outcome.error?.safeToRetry]).toEqual([0, true]);
  bench.network.opening = 'open';
  await bench.ask('/again');
  expect(bench.network.server().text).toContain('/again');
});

it('treats a connector that throws like one that rejects', async () => {
  const bench = new ClientBench({
    connect: () => {
      throw new Error('thrown');
    },
  });
  const outcome = await bench.ask('/');
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECT_FAILED');
  expect(outcome.error?.cause).toEqual(new Error('thrown'));
});

it('fails nobody as long as there is another connection', async () => {
  const bench = new ClientBench();
  await bench.ask('/1');
  bench.network.opening = 'fail';
  const second = await bench.ask('/2');
  expect(second.error).toBe(undefined);
  bench.network.server(0).answer();
  await turns();
  expect(bench.network.server(0).text).toContain('/2');
});

it('repeats a request on an idle connection where no other can be opened', async () => {
  const bench = new ClientBench();
  bench.start('/warm');
  bench.start('/warm');
  await turns();
  for (const server of bench.network.servers) server.answer();
  await turns();
  bench.network.opening = 'fail';
  const outcome = await bench.ask('/x');
  bench.network.server(1).transport.abort();
  await turns();
  expect(bench.network.attempts).toBe(3);
  expect(bench.network.server(0).text).toContain('GET /x ');
  bench.network.server(0).answer('there');
  await turns();
  expect(await textOf(outcome)).toBe('there');
  await bench.ask('/y');
  bench.network.server(0).transport.abort();
  await turns();
  expect(bench.client.queued).toBe(0);
});

it('fails nobody as long as another attempt is under way', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'hang';
  const first = bench.start('/1');
  const second = bench.start('/2');
  await turns();
  bench.network.hanging[0]?.fail(new Error('one'));
  await turns();
  expect([first.error, second.error]).toEqual([undefined, undefined]);
  bench.network.hanging[1]?.fail(new Error('two'));
  await turns();
  expect(first.error?.cause).toEqual(new Error('two'));
  expect(second.error?.cause).toEqual(new Error('two'));
});

it('tries anew for those who came after the attempt had begun', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1 });
  bench.network.opening = 'hang';
  const first = await bench.ask('/1');
  const second = await bench.ask('/2');
  expect(bench.network.attempts).toBe(1);
  bench.network.opening = 'open';
  bench.network.hanging[0]?.fail(new Error('down'));
  await turns();
  expect(codeOf(first)).toBe('HTTP_CLIENT_CONNECT_FAILED');
  expect(bench.network.attempts).toBe(2);
  bench.network.server().answer('up again');
  await turns();
  expect(await textOf(second)).toBe('up again');
});

it('gives an attempt up after connectMs', async () => {
  const bench = new ClientBench({ connectMs: 500 });
  bench.network.opening = 'hang';
  const outcome = await bench.ask('/');
  bench.time.advance(499);
  await turns();
  expect(outcome.error).toBe(undefined);
  bench.time.advance(1);
  await turns();
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_CONNECT_TIMEOUT');
  expect(bench.network.cancelled).toBe(1);
});

it('takes a connection that opened while the event loop stood still', async () => {
  const bench = new ClientBench({ connectMs: 500 });
  bench.network.opening = 'hang';
  const outcome = await bench.ask('/');
  bench.network.hanging[0]?.open();
  bench.time.stall(2000);
  await turns();
  bench.network.server().answer('in time');
  await turns();
  expect(await textOf(outcome)).toBe('in time');
});

it('tries one connection at a time behind a failure, and more once one is open', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 4 });
  await bench.ask('/0');
  bench.network.opening = 'fail';
  await bench.ask('/1');
  bench.network.opening = 'hang';
  await bench.ask('/2');
  await bench.ask('/3');
  expect(bench.network.hanging).toHaveLength(1);
  bench.network.hanging[0]?.open();
  await turns();
  expect(bench.network.hanging).toHaveLength(3);
});

it('tries again when the connection that was a hope ends', async () => {
  const bench = new ClientBench({ connectionsMax: 9 });
  await bench.ask('/1');
  bench.network.opening = 'fail';
  const second = await bench.ask('/2');
  expect(bench.network.attempts).toBe(2);
  bench.network.opening = 'open';
  bench.network.server(0).answer('', 'Connection: close');
  await turns();
  expect(bench.network.attempts).toBe(3);
  bench.network.server().answer('two');
  await turns();
  expect(await textOf(second)).toBe('two');
});

it('tells a host without a server from one that is there', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'fail';
  const a = bench.start({ url: 'http://a.example/' });
  await turns();
  bench.network.opening = 'open';
  const b = await bench.ask({ url: 'http://b.example/' });
  expect(codeOf(a)).toBe('HTTP_CLIENT_CONNECT_FAILED');
  bench.network.server().answer('b');
  await turns();
  expect(await textOf(b)).toBe('b');
});

it('sends nothing to a server that speaks before it is asked, and does not try for ever', async () => {
  const bench = new ClientBench();
  bench.network.greeting = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
  const outcome = await bench.ask({ url: 'http://a.example/', method: 'POST', content: 'secret' });
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_RESPONSE_INVALID');
  expect(outcome.error).toMatchObject({
    faultCode: 'HTTP1_UNSOLICITED_RESPONSE',
    bytesSent: 0,
    safeToRetry: true,
  });
  expect(bench.network.servers.map(({ text }) => text)).toEqual(['', '']);
});

it('tries once more when a server closes what it has just accepted', async () => {
  const bench = new ClientBench();
  const outcome = bench.start('/');
  // The client has the connection before it has its turn.
  while (bench.opened.length === 0) await Promise.resolve();
  bench.network.server().transport.end();
  await turns();
  expect(bench.network.server(0).text).toBe('');
  bench.network.server(1).answer('welcome');
  await turns();
  expect(await textOf(outcome)).toBe('welcome');
});
