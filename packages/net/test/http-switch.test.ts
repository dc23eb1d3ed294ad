// Upgrade and CONNECT, to the toy protocol.
import { TOY_IDLE_MS, ToyUpgrade, type ToyUpgradeEvent } from '@holdline/testkit';
import { describe, expect, it } from 'vitest';
import type { Driver, EventSink, HttpExchange, SwitchedParty } from '../src/index.ts';
import { FakeTime } from './support/fake-time.ts';
import { get } from './support/raw-client.ts';
import { gate, serve } from './support/serving.ts';

const UPGRADE = [{ name: 'upgrade', value: 'toy' }];
const UPGRADE_LINES = ['Connection: upgrade', 'Upgrade: toy'];

/** Writes down what the toy reports. */
class ToySink implements EventSink<ToyUpgradeEvent> {
  readonly log: string[] = [];
  onEvent(event: ToyUpgradeEvent): void {
    this.log.push(event.type === 'message' ? Buffer.from(event.data).toString() : event.type);
    if (event.type === 'message' && Buffer.from(event.data).toString() === 'fail') {
      throw new Error('told to');
    }
  }
  onWritable(): void {}
  onReleased(): void {
    this.log.push('released');
  }
  onFault(): void {
    this.log.push('fault');
  }
}

function echoing(sink: ToySink, drains = false) {
  return (driver: Driver, now: number): SwitchedParty<ToyUpgradeEvent> => {
    const connection = new ToyUpgrade(now, true);
    if (!drains) return { connection, sink };
    return {
      connection,
      sink,
      onDrain: () => {
        connection.sendGoodbye();
        driver.wake();
      },
    };
  };
}

describe('a switch by Upgrade', () => {
  it('answers 101 and passes on what came behind the request', async () => {
    const sink = new ToySink();
    const serving = await serve((exchange) => {
      exchange.switchTo(echoing(sink), { status: 101, fields: UPGRADE });
    });
    const client = await serving.client();
    client.send(`${get('/', ...UPGRADE_LINES)}\x05hello`);
    const text = await client.until('\x05hello');
    expect(text).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
    expect(text).toMatch(/\r\nconnection: upgrade\r\n/i);
    expect(serving.server.connections[0]?.state).toBe('switched');
    await client.send('\x03you').until('\x03you');
    client.send('\0');
    await client.untilEnd();
    client.finish();
    await serving.until(() => serving.causes.length === 1);
    expect(sink.log).toEqual(['hello', 'you', 'closed', 'released']);
    expect(serving.causes).toEqual(['switched']);
    expect(serving.records).toMatchObject([{ status: 101, complete: true }]);
  });

  it('answers pipelined requests before it', async () => {
    const serving = await serve(async (exchange) => {
      if (exchange.head.upgrade.length > 0) {
        exchange.switchTo(echoing(new ToySink()), { status: 101, fields: UPGRADE });
      } else {
        await new Promise((resolve) => setImmediate(resolve));
        exchange.respond({ status: 200, content: 'before' });
      }
    });
    const client = await serving.client();
    client.send(`${get('/')}${get('/', ...UPGRADE_LINES)}\x02hi`);
    const text = await client.until('\x02hi');
    expect(text.indexOf('before')).toBeLessThan(text.indexOf('101'));
  });

  it('waits for the end of the request, whose content it discards', async () => {
    const asked = gate();
    const serving = await serve((exchange) => {
      exchange.switchTo(echoing(new ToySink()), { status: 101, fields: UPGRADE });
      asked.open();
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n');
    client.send('Connection: upgrade\r\nUpgrade: toy\r\nExpect: 100-continue\r\n\r\n');
    await asked.promise;
    expect(await client.until('100 Continue\r\n\r\n')).not.toContain('101');
    client.send('content\x02hi');
    expect(await client.until('\x02hi')).toContain('101 Switching Protocols');
  });

  it("keeps the new protocol's deadlines", async () => {
    const clock = new FakeTime();
    const sink = new ToySink();
    const serving = await serve(
      (exchange) => exchange.switchTo(echoing(sink), { status: 101, fields: UPGRADE }),
      { clock },
    );
    const client = await serving.client();
    await client.send(`${get('/', ...UPGRADE_LINES)}\x01x`).until('\x01x');
    clock.advance(TOY_IDLE_MS - 1);
    expect(sink.log).toEqual(['x']);
    clock.advance(1);
    expect(sink.log).toEqual(['x', 'failed', 'closed', 'released']);
    await client.untilEnd();
  });

  it('tells the new sink when there is room', async () => {
    const room = gate();
    const serving = await serve((exchange) => {
      const next = (driver: Driver, now: number): SwitchedParty<ToyUpgradeEvent> => {
        const sink = new ToySink();
        sink.onWritable = () => room.open();
        queueMicrotask(() => driver.wantWritable());
        return { connection: new ToyUpgrade(now, true), sink };
      };
      exchange.switchTo(next, { status: 101, fields: UPGRADE });
    });
    const client = await serving.client();
    client.send(get('/', ...UPGRADE_LINES));
    await room.promise;
  });

  it('reports a fault of the new sink', async () => {
    const sink = new ToySink();
    const serving = await serve((exchange) =>
      exchange.switchTo(echoing(sink), { status: 101, fields: UPGRADE }),
    );
    const client = await serving.client();
    await client.send(`${get('/', ...UPGRADE_LINES)}\x04fail`).untilEnd();
    await serving.until(() => serving.causes.length === 1);
    expect(sink.log).toEqual(['fail', 'fault', 'released']);
    expect(serving.faults).toEqual([new Error('told to')]);
    expect(serving.causes).toEqual(['fault']);
  });

  it.each(['says goodbye', 'is cut'])('%s when the server drains', async (how) => {
    const clock = new FakeTime();
    const serving = await serve(
      (exchange) => {
        const next = echoing(new ToySink(), how === 'says goodbye');
        exchange.switchTo(next, { status: 101, fields: UPGRADE });
      },
      { clock },
    );
    const client = await serving.client();
    await client.send(`${get('/', ...UPGRADE_LINES)}\x01x`).until('\x01x');
    const report = serving.server.drain({ timeoutMs: 1000 });
    if (how === 'says goodbye') {
      await client.until('\0');
      client.send('\0');
    } else {
      clock.advance(1000);
    }
    await client.untilEnd();
    expect(await report).toMatchObject({ connectionsCut: how === 'is cut' ? 1 : 0 });
  });

  it('that was not offered is refused and leaves the exchange as it was', async () => {
    const serving = await serve((exchange) => {
      const next = echoing(new ToySink());
      try {
        exchange.switchTo(next, { status: 101, fields: UPGRADE });
      } catch (error) {
        exchange.respond({ status: 426, content: (error as Error).name });
      }
    });
    const client = await serving.client();
    await client.send(get('/')).until('LocalProtocolError');
    expect(serving.faults).toEqual([]);
  });

  it('excludes another answer', async () => {
    const seen = gate<unknown>();
    const serving = await serve((exchange: HttpExchange) => {
      exchange.switchTo(echoing(new ToySink()), { status: 101, fields: UPGRADE });
      try {
        exchange.respond({ status: 200 });
      } catch (error) {
        seen.open(error);
      }
    });
    const client = await serving.client();
    client.send(get('/', ...UPGRADE_LINES));
    expect(await seen.promise).toMatchObject({ code: 'HTTP1_RESPONSE_STARTED' });
  });
});

describe('a switch by CONNECT', () => {
  it('turns the connection into a tunnel', async () => {
    const sink = new ToySink();
    const serving = await serve((exchange) => {
      expect(exchange.head.authority).toBe('example.com:80');
      exchange.switchTo(echoing(sink), { status: 200, fields: [] });
    });
    const client = await serving.client();
    client.send('CONNECT example.com:80 HTTP/1.1\r\nHost: example.com:80\r\n\r\n\x02hi');
    const text = await client.until('\x02hi');
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(text).toMatch(/\r\nDate: /);
    expect(text.toLowerCase()).not.toMatch(/content-length|transfer-encoding/);
  });

  it('that is refused ends the connection, and nothing behind it is taken for a request', async () => {
    const targets: string[] = [];
    const serving = await serve((exchange) => {
      targets.push(exchange.head.target);
      exchange.respond({ status: 403, content: 'no tunnel' });
    });
    const client = await serving.client();
    client.send(`CONNECT example.com:80 HTTP/1.1\r\nHost: example.com:80\r\n\r\n${get('/inside')}`);
    const text = await client.untilEnd();
    client.send(get('/late')).finish();
    await serving.until(() => serving.causes.length === 1);
    expect(text).toMatch(/\r\nconnection: close\r\n/i);
    expect(text.endsWith('no tunnel')).toBe(true);
    expect(client.end).toBe('finished');
    expect(targets).toEqual(['example.com:80']);
    expect(serving.causes).toEqual(['local-close']);
  });
});
