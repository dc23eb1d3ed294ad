// The orderly end of a server: exchanges under way are finished, what is idle is closed, and what
// takes too long is cut.
import { Timer } from '@holdline/timer-wheel';
import type { Instant } from './bytes/connection.ts';
import type { Clock } from './clock.ts';
import type { HttpConnection } from './http-connection.ts';
import type { ConnectionCloseCause } from './http-connection-info.ts';
import type { DrainReport } from './http-server-options.ts';

/** One drain; it is its own timer. */
export class ServerDrain extends Timer {
  /** Settles when the last connection has ended. */
  readonly report: Promise<DrainReport>;
  readonly #clock: Clock;
  readonly #connections: ReadonlySet<HttpConnection>;
  readonly #startedAt: Instant;
  #settle: (report: DrainReport) => void = () => {};
  #started = false;
  #exchangesFinished = 0;
  #connectionsClosed = 0;
  #connectionsCut = 0;

  constructor(clock: Clock, connections: ReadonlySet<HttpConnection>) {
    super();
    this.#clock = clock;
    this.#connections = connections;
    this.#startedAt = clock.now();
    this.report = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Asks every connection to end; those that have not after `timeoutMs` are cut. */
  start(timeoutMs: number): void {
    this.#clock.touch(this, this.#startedAt + timeoutMs);
    for (const connection of [...this.#connections]) connection.drain();
    this.#started = true;
    this.#settleIfDone();
  }

  /** An exchange under way was finished. */
  exchangeFinished(): void {
    this.#exchangesFinished += 1;
  }

  /** A connection is over. */
  connectionEnded(cause: ConnectionCloseCause): void {
    if (cause === 'cut') this.#connectionsCut += 1;
    else this.#connectionsClosed += 1;
    this.#settleIfDone();
  }

  /** The time is over. */
  onExpiry(_now: Instant): void {
    for (const connection of [...this.#connections]) connection.cut('cut');
  }

  #settleIfDone(): void {
    if (!this.#started || this.#connections.size > 0) return;
    this.#clock.cancel(this);
    this.#settle({
      exchangesFinished: this.#exchangesFinished,
      connectionsClosed: this.#connectionsClosed,
      connectionsCut: this.#connectionsCut,
      durationMs: this.#clock.now() - this.#startedAt,
    });
  }
}
