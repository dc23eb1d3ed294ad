// What somebody waits for on one connection; made when the first asks.
import type { ClosedEvent } from '@holdline/websocket';
import type { WebSocketMessageError } from './websocket-errors.ts';

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
}

interface WaitingPing {
  readonly payload: Uint8Array;
  readonly resolve: (roundTripMs: number) => void;
  readonly reject: (error: Error) => void;
}

/** The promises of one connection that are not settled. */
export class ConnectionPromises {
  #closed: Deferred<ClosedEvent> | null = null;
  #drained: Deferred<void> | null = null;
  #pings: WaitingPing[] = [];
  #pingCount = 0;

  /** Resolves at the end. */
  get closed(): Promise<ClosedEvent> {
    this.#closed ??= deferred();
    return this.#closed.promise;
  }

  /** Resolves when there is room, or at the end. */
  get drained(): Promise<void> {
    this.#drained ??= deferred();
    return this.#drained.promise;
  }

  /** Somebody waits for room. */
  get awaitsRoom(): boolean {
    return this.#drained !== null;
  }

  /** A payload that no other ping of this connection has, and that is longer than a heartbeat's. */
  nextPingPayload(): Uint8Array {
    this.#pingCount += 1;
    const payload = new Uint8Array(8);
    new DataView(payload.buffer).setUint32(4, this.#pingCount);
    return payload;
  }

  /** Resolves with the round trip of a ping that leaves now. */
  pong(payload: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#pings.push({ payload, resolve, reject });
    });
  }

  /** A pong answers the newest ping of its payload, and those before, which the peer may have left out. */
  receivePong(payload: Uint8Array, roundTripMs: number | null): void {
    if (roundTripMs === null) return;
    const index = this.#pings.findLastIndex((ping) => isSame(ping.payload, payload));
    for (const ping of this.#pings.splice(0, index + 1)) ping.resolve(roundTripMs);
  }

  /** There is room. */
  resolveDrained(): void {
    this.#drained?.resolve();
    this.#drained = null;
  }

  /** The connection is over. */
  end(event: ClosedEvent, error: WebSocketMessageError): void {
    this.resolveDrained();
    this.#closed?.resolve(event);
    for (const ping of this.#pings.splice(0)) ping.reject(error);
  }
}

function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
