// How all connections of a server end: each is asked to, and who takes too long is cut.
import { Timer } from '@holdline/timer-wheel';
import type { Instant } from './bytes/connection.ts';
import type { Clock } from './clock.ts';

/** One such end; it is its own timer. A subclass counts, and reports what it has counted. */
export abstract class OrderlyEnd<Connection, Report> extends Timer {
  /** Settles when the last connection is over. */
  readonly report: Promise<Report>;
  readonly #clock: Clock;
  readonly #connections: ReadonlySet<Connection>;
  readonly #startedAt: Instant;
  #settle: (report: Report) => void = () => {};
  #hasStarted = false;

  constructor(clock: Clock, connections: ReadonlySet<Connection>) {
    super();
    this.#clock = clock;
    this.#connections = connections;
    this.#startedAt = clock.now();
    this.report = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** The time is over. */
  onExpiry(_now: Instant): void {
    for (const connection of [...this.#connections]) this.cut(connection);
  }

  /** Asks every connection to end; those that have not after `timeoutMs` are cut. */
  protected askAll(timeoutMs: number, ask: (connection: Connection) => void): void {
    this.#clock.touch(this, this.#startedAt + timeoutMs);
    for (const connection of [...this.#connections]) ask(connection);
    this.#hasStarted = true;
    this.settleIfDone();
  }

  /** To be called when a connection is over and counted. */
  protected settleIfDone(): void {
    if (!this.#hasStarted || this.#connections.size > 0) return;
    this.#clock.cancel(this);
    this.#settle(this.summary(this.#clock.now() - this.#startedAt));
  }

  /** Ends a connection at once. */
  protected abstract cut(connection: Connection): void;

  /** What was counted. */
  protected abstract summary(durationMs: number): Report;
}
