// HTTP over the toy layer, over a pair in memory: what TLS will do, proven before it exists.
import { ToyLayer, type ToyLayerEvent, ToyUpgrade, type ToyUpgradeEvent } from '@holdline/testkit';
import { describe, expect, it } from 'vitest';
import {
  Driver,
  type End,
  type EventSink,
  type HttpHandler,
  LayeredTransport,
  type MemoryTransport,
  memoryPair,
  serveHttp,
  type Transport,
  type TransportSink,
} from '../../src/index.ts';
import { FakeTime } from '../support/fake-time.ts';
import { get } from '../support/raw-client.ts';

const CAPABILITIES = { halfClose: true, reset: false, authenticEnd: true };

/** The toy layer with a limit on what it keeps unread, as a real one has. */
class Layer extends ToyLayer {
  #unreadBytes = 0;

  override get wantsData(): boolean {
    return super.wantsData && this.#unreadBytes < 100_000;
  }

  override receive(data: Uint8Array): void {
    this.#unreadBytes += data.length;
    super.receive(data);
  }

  override nextEvent(): ReturnType<ToyLayer['nextEvent']> {
    const event = super.nextEvent();
    if (event.type === 'data') this.#unreadBytes -= event.data.length;
    if (event.type === 'need-data') this.#unreadBytes = 0;
    return event;
  }
}

class Ear implements TransportSink {
  text = '';
  readonly ends: End[] = [];
  drains = 0;
  onData(data: Uint8Array): void {
    this.text += Buffer.from(data).toString('latin1');
  }
  onEnd(end: End): void {
    this.ends.push(end);
  }
  onDrain(): void {
    this.drains += 1;
  }
}

function wire() {
  const tasks: (() => void)[] = [];
  const [below, belowServer] = memoryPair({ later: (task) => tasks.push(task) });
  const run = () => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
  };
  return { below, belowServer, run, time: new FakeTime() };
}

function layer(lower: Transport, time: FakeTime, key: number, events: string[] = []) {
  return new LayeredTransport<ToyLayerEvent>(lower, new Layer(time.now(), key), {
    clock: time,
    capabilities: CAPABILITIES,
    onEvent: (event) => events.push(event.type),
  });
}

/** A client's end of the layer and an HTTP server on the other. */
function served(handler: HttpHandler, key = 0x21) {
  const { below, belowServer, run, time } = wire();
  const causes: string[] = [];
  const server = serveHttp(handler, {
    clock: time,
    onConnectionEnd: (_connection, cause) => causes.push(cause),
  });
  const events: string[] = [];
  server.accept(layer(belowServer, time, 0x21, events));
  const client = layer(below, time, key);
  const ear = new Ear();
  client.attach(ear);
  return { below: below as MemoryTransport, client, ear, server, causes, events, run, time };
}

describe('a transport on a transport', () => {
  it('shakes hands, transforms, and carries HTTP', () => {
    const { client, ear, run, events } = served((exchange) =>
      exchange.respond({ status: 200, content: new Uint8Array([0xff, 0x00, 0xff]) }),
    );
    client.write(Buffer.from(get('/')));
    run();
    expect(ear.text).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(ear.text.endsWith('\r\n\r\n\xff\x00\xff')).toBe(true);
    expect(events.slice(0, 2)).toEqual(['handshake-complete', 'data']);
  });

  it('turns the end of HTTP into the end of the layer', () => {
    const { client, ear, causes, run } = served((exchange) =>
      exchange.respond({ status: 200, fields: [{ name: 'connection', value: 'close' }] }),
    );
    client.write(Buffer.from(get('/')));
    run();
    // Not truncated: the layer said goodbye before its transport ended.
    expect(ear.ends).toEqual(['finished']);
    expect(causes).toEqual([]);
    client.close();
    run();
    expect(causes).toEqual(['local-close']);
  });

  it('answers a half-closed client', () => {
    const { client, ear, causes, run } = served((exchange) =>
      exchange.respond({ status: 200, content: 'whole' }),
    );
    client.write(Buffer.from(get('/')));
    client.end();
    run();
    expect(ear.text.endsWith('whole')).toBe(true);
    expect(ear.ends).toEqual(['finished']);
    expect(causes).toEqual(['peer-end']);
  });

  it('tells a truncated stream from an ended one', () => {
    const { below, causes, run } = served(() => {});
    run();
    below.end();
    run();
    expect(causes).toEqual(['truncated']);
  });

  it('passes on that the peer is gone', () => {
    const { below, causes, run } = served(() => {});
    run();
    below.abort();
    run();
    expect(causes).toEqual(['reset']);
  });

  it('cuts what is below when it is cut', () => {
    const { client, ear, server, run } = served(() => {});
    client.write(Buffer.from(get('/')));
    run();
    void server.close();
    run();
    expect(ear.ends).toEqual(['reset']);
  });

  it('reports a failed handshake as the failure of the connection', () => {
    const { below, belowServer, time, run } = wire();
    belowServer.attach(new Ear());
    const lonely = layer(below, time, 1);
    const ear = new Ear();
    lonely.attach(ear);
    run();
    time.advance(4_999);
    expect(ear.ends).toEqual([]);
    time.advance(1);
    expect(ear.ends).toEqual(['failed']);
    expect(time.size).toBe(0);
  });

  it('keeps what came before anybody listened above', () => {
    const { below, belowServer, run, time } = wire();
    const client = layer(below, time, 7);
    const early = layer(belowServer, time, 7);
    client.attach(new Ear());
    client.write(Buffer.from('early'));
    run();
    client.write(Buffer.from('bird'));
    run();
    const ear = new Ear();
    early.attach(ear);
    run();
    expect(ear.text).toBe('earlybird');
  });

  it('tells whoever listens late that it is over', () => {
    const { below, belowServer, run, time } = wire();
    const dead = layer(belowServer, time, 7);
    below.abort();
    run();
    const ear = new Ear();
    dead.attach(ear);
    expect(ear.ends).toEqual(['reset']);
    dead.write(Buffer.from('to nobody'));
    dead.end();
  });

  it('has backpressure both ways', () => {
    const { below, belowServer, run, time } = wire();
    const left = layer(below, time, 3);
    const right = layer(belowServer, time, 3);
    const [leftEar, rightEar] = [new Ear(), new Ear()];
    left.attach(leftEar);
    right.attach(rightEar);
    run();
    right.pause();
    let written = 0;
    while (!left.full && written < 10_000_000) {
      left.write(Buffer.alloc(10_000, 'x'));
      written += 10_000;
      run();
    }
    expect(left.full).toBe(true);
    expect(left.bufferedBytes).toBeGreaterThan(0);
    left.watchDrain();
    run();
    expect(leftEar.drains).toBe(0);
    right.resume();
    run();
    expect(leftEar.drains).toBe(1);
    expect(left.bufferedBytes).toBe(0);
    expect(rightEar.text.length).toBe(written);
  });

  it('reports what the layer threw', () => {
    const { below, time } = wire();
    const faults: unknown[] = [];
    const broken = new Layer(time.now(), 1);
    broken.nextOutput = () => {
      throw new Error('broken layer');
    };
    const transport = new LayeredTransport<ToyLayerEvent>(below, broken, {
      clock: time,
      capabilities: CAPABILITIES,
      onFault: (error) => faults.push(error),
    });
    const ear = new Ear();
    transport.attach(ear);
    expect(faults).toEqual([new Error('broken layer')]);
    expect(ear.ends).toEqual(['failed']);
  });
});

describe('two drivers and a layer between machines', () => {
  it('carry messages and goodbyes', () => {
    const { below, belowServer, run, time } = wire();
    const logs: string[][] = [[], []];
    const machines = [below, belowServer].map((lower, side) => {
      const machine = new ToyUpgrade(time.now(), side === 1);
      const sink: EventSink<ToyUpgradeEvent> = {
        onEvent: (event) => logs[side]?.push(event.type),
        onWritable: () => {},
        onReleased: () => logs[side]?.push('released'),
        onFault: (error) => logs[side]?.push(String(error)),
      };
      const driver = new Driver(layer(lower, time, 9), time, machine, sink);
      driver.start();
      return { machine, driver };
    });
    const [left] = machines;
    left?.machine.sendMessage(Buffer.from('hello'));
    left?.driver.wake();
    run();
    left?.machine.sendGoodbye();
    left?.driver.wake();
    run();
    expect(logs).toEqual([
      ['message', 'closed', 'released'],
      ['message', 'closed', 'released'],
    ]);
    expect(time.size).toBe(0);
  });
});
