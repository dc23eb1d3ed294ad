// The connections of one browser, and the live pages that look at them. While nobody looks nothing
// is computed; while somebody does, what may have changed is looked at a few times a second.
import type { Clock } from '@holdline/net';
import { Timer } from '@holdline/timer-wheel';
import { EventStream, type StreamSource } from './event-stream.ts';
import type { ConnectionOwner, ObservedConnection } from './observed-connection.ts';

/** Between two looks: four events a second at most. */
const LOOK_MS = 250;

/** From what happens to the look: a response that was just handed over is out by then. */
const SETTLE_MS = 20;

/** How long a connection that has ended is still shown. */
const CLOSED_MS = 60_000;

/** Connections shown; browsers open 6 to a server, but anybody may show a browser's token. */
const CONNECTIONS_MAX = 64;

/** Of the 6 connections that a browser opens to a server, those that may be busy with live pages. */
const STREAMS_MAX = 3;

/** One browser; it is its own timer, for the next look. */
export class Browser extends Timer implements ConnectionOwner, StreamSource {
  /** {@link ConnectionOwner} */
  readonly token: string;
  /** {@link StreamSource} */
  readonly clock: Clock;
  readonly #onEmpty: (browser: Browser) => void;
  readonly #connections: Map<number, ObservedConnection> = new Map();
  /** May look different at the next look. */
  readonly #unsettled: Set<ObservedConnection> = new Set();
  /** Oldest first. */
  readonly #streams: Set<EventStream> = new Set();
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `onEmpty` is called when there is nothing left to remember. */
  constructor(token: string, clock: Clock, onEmpty: (browser: Browser) => void) {
    super();
    this.token = token;
    this.clock = clock;
    this.#onEmpty = onEmpty;
  }

  /** {@link StreamSource} */
  get connections(): Iterable<ObservedConnection> {
    return this.#connections.values();
  }

  /** Whether another connection can be shown. */
  get hasRoom(): boolean {
    return this.#connections.size < CONNECTIONS_MAX;
  }

  /** A connection is known to be this browser's. */
  add(connection: ObservedConnection): void {
    this.#connections.set(connection.info.id, connection);
  }

  /** {@link ConnectionOwner} */
  changed(connection: ObservedConnection): void {
    this.#unsettled.add(connection);
    if (connection.isOver) this.clock.touch(connection, this.clock.now() + CLOSED_MS);
    this.#arm();
  }

  /** {@link ConnectionOwner} */
  forget(connection: ObservedConnection): void {
    if (!this.#connections.delete(connection.info.id)) return;
    this.clock.cancel(connection);
    this.#unsettled.delete(connection);
    for (const stream of this.#streams) stream.forget(connection);
    this.#leaveIfEmpty();
  }

  /** Begins to tell a page; beyond the limit, the oldest page is told that it is no longer told. */
  watch(carrier: ObservedConnection): EventStream {
    const [oldest] = this.#streams;
    if (oldest !== undefined && this.#streams.size >= STREAMS_MAX) {
      this.#streams.delete(oldest);
      oldest.end('replaced');
    }
    const stream = new EventStream(this, carrier);
    carrier.isObserver = true;
    this.#streams.add(stream);
    this.#look(this.clock.now());
    return stream;
  }

  /** {@link StreamSource} */
  streamEnded(stream: EventStream): void {
    this.#streams.delete(stream);
    stream.carrier.isObserver = false;
    this.changed(stream.carrier);
    this.#leaveIfEmpty();
  }

  /** The clock: it is time to look. */
  onExpiry(now: number): void {
    this.#look(now);
  }

  #look(now: number): void {
    this.#lookedAt = now;
    const different: ObservedConnection[] = [];
    for (const connection of this.#unsettled) {
      if (connection.look()) different.push(connection);
      if (!connection.isSettled) continue;
      this.#unsettled.delete(connection);
      if (!connection.isOver) this.clock.touch(connection, connection.idleDeadline);
    }
    if (different.length > 0) {
      for (const stream of this.#streams) stream.change(different);
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#streams.size === 0 || this.#unsettled.size === 0 || this.scheduled) return;
    const now = this.clock.now();
    this.clock.touch(this, Math.max(now + SETTLE_MS, this.#lookedAt + LOOK_MS));
  }

  #leaveIfEmpty(): void {
    if (this.#connections.size > 0 || this.#streams.size > 0) return;
    this.clock.cancel(this);
    this.#onEmpty(this);
  }
}
