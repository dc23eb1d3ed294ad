// When an idle connection is going to be closed, as its owner can see it.
import { describe, expect, it } from 'vitest';
import { FakeTime } from './support/fake-time.ts';
import { get } from './support/raw-client.ts';
import { gate, serve } from './support/serving.ts';

describe('idleDeadline', () => {
  it('is the announced timeout and the grace, from the last byte on', async () => {
    const clock = new FakeTime();
    const answer = gate();
    const serving = await serve(
      async (exchange) => {
        await answer.promise;
        exchange.respond({ status: 200, content: 'hello' });
      },
      { clock, http1: { timeouts: { idleMs: 5000, idleGraceMs: 1000 } } },
    );
    const acceptedAt = clock.now();
    const client = await serving.client();
    await serving.until(() => serving.server.connections.length === 1);
    const seen = () => serving.server.connections[0];
    expect(seen()).toMatchObject({ state: 'idle', idleDeadline: acceptedAt + 6000 });
    clock.advance(1000);
    client.send(get('/'));
    while (seen()?.state !== 'active') await new Promise((resolve) => setImmediate(resolve));
    expect(seen()?.idleDeadline).toBe(Number.POSITIVE_INFINITY);
    clock.advance(20_000);
    answer.open();
    await client.until((text) => text.endsWith('hello'));
    expect(seen()).toMatchObject({ state: 'idle', idleDeadline: acceptedAt + 27_000 });
    clock.advance(5999);
    expect(seen()?.state).toBe('idle');
    clock.advance(1);
    // The response has long arrived, so there is nothing to wait for.
    expect(seen()).toBeUndefined();
  });

  it('does not run while the client has not taken the response', async () => {
    const clock = new FakeTime();
    const content = Buffer.alloc(32 * 1024 * 1024);
    const serving = await serve((exchange) => exchange.respond({ status: 200, content }), {
      clock,
    });
    const client = await serving.client();
    client.socket.pause();
    client.send(get('/'));
    await serving.until(() => serving.records.length === 1);
    const [connection] = serving.server.connections;
    expect(connection).toMatchObject({ state: 'idle', idleDeadline: Number.POSITIVE_INFINITY });
  });
});
