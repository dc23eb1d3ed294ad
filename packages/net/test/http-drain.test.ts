import { describe, expect, it } from 'vitest';
import type { HttpExchange } from '../src/index.ts';
import { FakeTime } from './support/fake-time.ts';
import { get } from './support/raw-client.ts';
import { gate, serve } from './support/serving.ts';

describe('drain', () => {
  it('closes idle connections at once and waits for exchanges', async () => {
    const waiting = gate<HttpExchange>();
    const serving = await serve((exchange) => {
      if (exchange.head.target === '/slow') waiting.open(exchange);
      else exchange.respond({ status: 200, content: 'quick' });
    });
    const idle = await serving.client();
    const busy = await serving.client();
    await idle.send(get('/')).until('quick');
    busy.send(get('/slow'));
    const exchange = await waiting.promise;
    const report = serving.server.drain({ timeoutMs: Number.POSITIVE_INFINITY });
    await idle.untilEnd();
    idle.finish();
    expect(serving.server.address).toBe(null);
    exchange.respond({ status: 200, content: 'finished' });
    const text = await busy.untilEnd();
    busy.finish();
    expect(text).toContain('finished');
    expect(text.toLowerCase()).toContain('connection: close');
    expect(await report).toEqual({
      exchangesFinished: 1,
      connectionsClosed: 2,
      connectionsCut: 0,
      durationMs: expect.any(Number),
    });
    expect(serving.causes.sort()).toEqual(['drained', 'drained']);
  });

  it('waits for no client that has been idle for a second', async () => {
    const clock = new FakeTime();
    const serving = await serve((exchange) => exchange.respond({ status: 200, content: 'ok' }), {
      clock,
    });
    const client = await serving.client();
    await client.send(get('/')).until('ok');
    clock.advance(1000);
    // The client does not end its direction.
    expect(await serving.server.drain({ timeoutMs: Number.POSITIVE_INFINITY })).toMatchObject({
      connectionsClosed: 1,
      durationMs: 0,
    });
    await client.untilEnd();
    expect(client.end).toBe('finished');
  });

  it('cuts what takes too long', async () => {
    const clock = new FakeTime();
    const waiting = gate<HttpExchange>();
    const serving = await serve((exchange) => waiting.open(exchange), { clock });
    const client = await serving.client();
    client.send(get('/'));
    const exchange = await waiting.promise;
    const { signal } = exchange;
    const report = serving.server.drain({ timeoutMs: 3000 });
    clock.advance(2999);
    expect(serving.causes).toEqual([]);
    clock.advance(1);
    expect(await report).toEqual({
      exchangesFinished: 0,
      connectionsClosed: 0,
      connectionsCut: 1,
      durationMs: 3000,
    });
    await client.untilEnd();
    expect(client.end).toBe('reset');
    expect(signal.aborted).toBe(true);
    expect(clock.size).toBe(0);
  });

  it('has nothing to wait for without connections, and is the same when asked again', async () => {
    const serving = await serve(() => {});
    const first = serving.server.drain();
    expect(await serving.server.drain()).toBe(await first);
    await expect(serving.client()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('does not begin with a faulty time', async () => {
    const serving = await serve((exchange) =>
      exchange.respond({ status: 200, content: 'still here' }),
    );
    expect(() => serving.server.drain({ timeoutMs: -1 })).toThrow(RangeError);
    expect(() => serving.server.drain({ timeoutMs: Number.NaN })).toThrow(RangeError);
    const client = await serving.client();
    await client.send(get('/')).until('still here');
  });

  it('is ended by close', async () => {
    const waiting = gate<HttpExchange>();
    const serving = await serve((exchange) => waiting.open(exchange));
    const client = await serving.client();
    client.send(get('/'));
    await waiting.promise;
    const report = serving.server.drain({ timeoutMs: Number.POSITIVE_INFINITY });
    await serving.server.close();
    expect(await report).toMatchObject({ connectionsCut: 1 });
  });
});

describe('close', () => {
  it('cuts every connection', async () => {
    const serving = await serve((exchange) => exchange.respond({ status: 200, content: 'ok' }));
    const clients = [await serving.client(), await serving.client()];
    for (const client of clients) await client.send(get('/')).until('ok');
    await serving.server.close();
    expect(serving.causes).toEqual(['cut', 'cut']);
    for (const client of clients) await client.untilEnd();
  });

  it('can cut one connection', async () => {
    const serving = await serve((exchange) => {
      exchange.connection.abort();
      exchange.respond({ status: 200 });
    });
    const client = await serving.client();
    await client.send(get('/')).untilEnd();
    expect(client.end).toBe('reset');
    expect(client.text).toBe('');
    expect(serving.causes).toEqual(['cut']);
    expect(serving.faults).toEqual([]);
  });
});
