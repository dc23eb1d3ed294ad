// Connections to one host are opened one behind the other (RFC 6455 section 4.1).
import { describe, expect, it } from 'vitest';
import { memoryPair, type Transport } from '../../src/index.ts';
import {
  connectWebSocket,
  type WebSocketConnection,
  type WebSocketConnectOptions,
} from '../../src/websocket/index.ts';
import { served, turns } from './support/websocket-pair.ts';

const HOST = 'ws://turns.example/';

/** Connectors that open nothing before they are told to. */
class Door {
  /** One for each that was begun, in order. */
  readonly begun: {
    readonly resolve: (connected: { transport: Transport }) => void;
    readonly reject: (error: Error) => void;
  }[] = [];

  options(options: WebSocketConnectOptions = {}): WebSocketConnectOptions {
    const connect = (): Promise<{ transport: Transport }> =>
      new Promise((resolve, reject) => this.begun.push({ resolve, reject }));
    return { ...options, connect };
  }

  fail(index: number): void {
    this.begun[index]?.reject(new Error('nobody is there'));
  }
}

const settled = (attempts: Promise<WebSocketConnection>[]): Promise<string[]> =>
  Promise.all(
    attempts.map((attempt) =>
      attempt.then(
        () => 'opened',
        (error) => error.code,
      ),
    ),
  );

describe('attempts to one host', () => {
  it('begin when the one before has failed', async () => {
    const door = new Door();
    const attempts = [1, 2, 3].map(() => connectWebSocket(HOST, door.options()));
    const results = settled(attempts);
    for (const index of [0, 1, 2]) {
      await turns();
      expect(door.begun.length).toBe(index + 1);
      door.fail(index);
    }
    expect(await results).toEqual(Array(3).fill('WEBSOCKET_CONNECT_FAILED'));
    // Nothing is left behind.
    const last = settled([connectWebSocket(HOST, door.options())]);
    expect(door.begun.length).toBe(4);
    door.fail(3);
    await last;
  });

  it('begin when the one before is open, not when its transport is', async () => {
    const door = new Door();
    const all = served();
    const first = connectWebSocket(HOST, door.options());
    const second = connectWebSocket(HOST, door.options());
    const [near, far] = memoryPair();
    door.begun[0]?.resolve({ transport: near });
    await turns();
    expect(door.begun.length).toBe(1);
    all.http.accept(far);
    await first;
    expect(door.begun.length).toBe(2);
    door.begun[1]?.resolve({ transport: all.transport() });
    await second;
  });

  it('go on behind one that was aborted while it waited, and behind one that was under way', async () => {
    const door = new Door();
    const controllers = [new AbortController(), new AbortController()];
    const attempts = [...controllers.map(({ signal }) => ({ signal })), {}].map((options) =>
      connectWebSocket(HOST, door.options(options)),
    );
    const results = settled(attempts);
    controllers[1]?.abort();
    await turns();
    expect(door.begun.length).toBe(1);
    controllers[0]?.abort();
    await turns();
    expect(door.begun.length).toBe(2);
    door.fail(1);
    const aborted = 'WEBSOCKET_ABORTED';
    expect(await results).toEqual([aborted, aborted, 'WEBSOCKET_CONNECT_FAILED']);
  });

  it('wait for nobody who connects elsewhere, or where they need not', async () => {
    const door = new Door();
    const attempts = [
      connectWebSocket(HOST, door.options()),
      connectWebSocket('ws://turns.example:81/', door.options()),
      connectWebSocket('ws://other.example/', door.options()),
      connectWebSocket(HOST, door.options({ socketPath: '/tmp/socket' })),
      connectWebSocket(HOST, door.options({ serializesOpening: false })),
    ];
    expect(door.begun.length).toBe(5);
    // The scheme is not part of the remote host, and neither is case.
    attempts.push(connectWebSocket('http://TURNS.example/', door.options()));
    await turns();
    expect(door.begun.length).toBe(5);
    const results = settled(attempts);
    for (let index = 0; index < 6; index += 1) {
      door.fail(index);
      await turns();
    }
    expect(await results).toEqual(Array(6).fill('WEBSOCKET_CONNECT_FAILED'));
  });
});
