// Requests that their callers end: at whatever stage, nothing is left behind.
import { expect, it } from 'vitest';
import { type ClientExchange, HttpClientError, type ResponseSink } from '../../src/index.ts';
import { ClientBench, codeOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

const origin = 'http://a.example';

/** A signal that tells how many listen to it. */
class CountingSignal {
  readonly controller: AbortController = new AbortController();
  listeners = 0;

  get signal(): AbortSignal {
    const { signal } = this.controller;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      this.listeners += 1;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      this.listeners -= 1;
      removeEventListener.apply(signal, args);
    };
    return signal;
  }
}

it('does nothing for a signal that is aborted already', async () => {
  const bench = new ClientBench();
  const outcome = await bench.ask({ origin, signal: AbortSignal.abort('no') });
  expect(codeOf(outcome)).toBe('HTTP_CLIENT_ABORTED');
  expect(outcome.error?.cause).toBe('no');
  expect(bench.network.attempts).toBe(0);
  await bench.client.close();
});

type Stage = (bench: ClientBench, signal: AbortSignal) => Promise<unknown>;

const stages: Record<string, Stage> = {
  connecting: async (bench, signal) => {
    bench.network.opening = 'hang';
    return bench.ask({ origin, signal });
  },
  'waiting for a connection': async (bench, signal) => {
    await bench.ask('/other');
    return bench.ask({ origin, signal });
  },
  'waiting for its turn': async (bench, signal) => {
    await bench.warm();
    return bench.start({ origin, signal });
  },
  sending: async (bench, signal) => {
    const content = new Uint8Array(1_000_000);
    const outcome = bench.start({ origin, method: 'PUT', content, signal });
    await Promise.resolve();
    await Promise.resolve();
    return outcome;
  },
  'waiting for 100': async (bench, signal) =>
    bench.ask({ origin, method: 'PUT', content: 'a', expectContinue: true, signal }),
  'waiting for the response': async (bench, signal) => bench.ask({ origin, signal }),
  'reading its head': async (bench, signal) => {
    const outcome = await bench.ask({ origin, signal });
    bench.network.server().send('HTTP/1.1 200 OK\r\nConte');
    await turns();
    return outcome;
  },
};

for (const [stage, reach] of Object.entries(stages)) {
  it(`ends a request while it is ${stage}`, async () => {
    const bench = new ClientBench({ connectionsPerOriginMax: 1 });
    const counting = new CountingSignal();
    const outcome = (await reach(bench, counting.signal)) as { error?: HttpClientError };
    expect(outcome.error).toBe(undefined);
    expect(counting.listeners).toBe(1);
    counting.controller.abort(new Error('enough'));
    await turns();
    expect(outcome.error).toBeInstanceOf(HttpClientError);
    expect(outcome.error?.code).toBe('HTTP_CLIENT_ABORTED');
    expect(outcome.error?.cause).toEqual(new Error('enough'));
    expect(counting.listeners).toBe(0);
    expect(bench.client.queued).toBe(0);
    // Nothing is left that a next request could stumble over.
    bench.network.opening = 'open';
    const isOther = stage === 'waiting for a connection';
    if (isOther) bench.network.server().answer();
    const next = await bench.ask('/next');
    expect(bench.network.server().take()).toMatch(/GET \/next .*\r\n\r\n$/s);
    bench.network.server().answer();
    await turns();
    expect(next.response?.status).toBe(200);
  });
}

it('ends a response while its content is read', async () => {
  const bench = new ClientBench();
  const counting = new CountingSignal();
  const outcome = await bench.ask({ origin, signal: counting.signal });
  bench.network.server().send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
  await turns();
  const content = outcome.response?.content;
  expect((await content?.next())?.done).toBe(false);
  const reading = content?.next();
  counting.controller.abort('enough');
  await expect(reading).rejects.toMatchObject({ code: 'HTTP_CLIENT_ABORTED', cause: 'enough' });
  await turns();
  expect(bench.network.server().end).toBe('reset');
  expect(counting.listeners).toBe(0);
});

it('says how much of an aborted request has left, and whether that does harm', async () => {
  for (const [method, safeToRetry] of [
    ['PUT', true],
    ['POST', false],
  ] as const) {
    const bench = new ClientBench();
    const controller = new AbortController();
    const request = { origin, method, content: 'abc', signal: controller.signal };
    const outcome = await bench.ask(request);
    controller.abort();
    await turns();
    expect(outcome.error?.bytesSent).toBe(bench.network.server().text.length);
    expect(outcome.error?.safeToRetry).toBe(safeToRetry);
  }
});

it('listens to a signal no longer than the request lasts', async () => {
  const bench = new ClientBench();
  const counting = new CountingSignal();
  const outcome = await bench.ask({ origin, signal: counting.signal });
  bench.network.server().answer('abc');
  await turns();
  expect(counting.listeners).toBe(0);
  counting.controller.abort();
  expect(await outcome.response?.content.text()).toBe('abc');
  expect(bench.client.connections[0]?.state).toBe('idle');
});

/** Writes down what it is told. */
class RecordingSink implements ResponseSink {
  readonly log: string[] = [];
  onResponse(head: { status: number }): void {
    this.log.push(`response ${head.status}`);
  }
  onData(data: Uint8Array): void {
    this.log.push(`data ${Buffer.from(data).toString()}`);
  }
  onEnd(): void {
    this.log.push('end');
  }
  onError(error: Error): void {
    this.log.push(`error ${(error as HttpClientError).code}`);
  }
}

it('calls a sink no more after it was aborted from within a callback', async () => {
  const bench = new ClientBench();
  for (const stage of ['onResponse', 'onData'] as const) {
    const sink = new RecordingSink();
    const { [stage]: callback } = sink;
    sink[stage] = function (this: RecordingSink, ...args: [never, ClientExchange?]) {
      callback.apply(this, args as [never]);
      args[1]?.abort();
    };
    bench.client.send({ origin }, sink);
    await turns();
    bench.network.server().answer('abc');
    await turns();
    const before = stage === 'onResponse' ? ['response 200'] : ['response 200', 'data abc'];
    expect(sink.log).toEqual([...before, 'error HTTP_CLIENT_ABORTED']);
    expect(bench.client.connections).toEqual([]);
  }
});

it('does not tell of a switch when the sink was aborted within the response', async () => {
  const bench = new ClientBench();
  const log: string[] = [];
  const sink: ResponseSink = {
    onResponse: (_, exchange) => exchange.abort(),
    onData: () => log.push('data'),
    onEnd: () => log.push('end'),
    onError: () => log.push('error'),
    onSwitch: () => log.push('switch'),
  };
  bench.client.send({ origin, upgrade: 'toy' }, sink);
  await turns();
  const fields = 'Connection: upgrade\r\nUpgrade: toy\r\n\r\n';
  bench.network.server().send(`HTTP/1.1 101 Switching Protocols\r\n${fields}`);
  await turns();
  expect(log).toEqual(['error']);
  expect(bench.network.server().end).toBe('reset');
});

it('lets a sink hold the content and go on', async () => {
  const bench = new ClientBench();
  const sink = new RecordingSink();
  const exchange = bench.client.send({ origin }, sink);
  exchange.hold();
  expect([exchange.connection, exchange.number, exchange.isOver]).toEqual([null, 0, false]);
  await turns();
  exchange.hold();
  exchange.hold();
  bench.network.server().answer('abc');
  await turns();
  expect(sink.log).toEqual([]);
  exchange.resume();
  exchange.resume();
  await turns();
  expect(sink.log).toEqual(['response 200', 'data abc', 'end']);
  expect([exchange.connection?.id, exchange.number, exchange.isOver]).toEqual([1, 1, true]);
  exchange.hold();
  exchange.abort();
  await bench.ask('/next');
  expect(bench.network.server().text).toContain('/next');
});

it('reports what a callback throws, cuts the connection, and goes on elsewhere', async () => {
  for (const stage of ['onResponse', 'onData', 'onEnd'] as const) {
    const bench = new ClientBench();
    const sink = new RecordingSink();
    sink[stage] = () => {
      throw new Error(`thrown in ${stage}`);
    };
    bench.client.send({ origin }, sink);
    await turns();
    bench.network.server().answer('abc');
    await turns();
    expect(bench.faults).toEqual([new Error(`thrown in ${stage}`)]);
    expect(bench.causes).toEqual(['fault']);
    expect(bench.network.server().end).toBe('reset');
    const next = await bench.ask('/next');
    bench.network.server().answer();
    await turns();
    expect(next.response?.status).toBe(200);
  }
});

it('reports what onError throws', async () => {
  const bench = new ClientBench();
  bench.network.opening = 'fail';
  const sink = new RecordingSink();
  sink.onError = () => {
    throw new Error('thrown in onError');
  };
  bench.client.send({ origin }, sink);
  await turns();
  expect(bench.faults).toEqual([new Error('thrown in onError')]);
});
