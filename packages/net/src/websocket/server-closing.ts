// The orderly end of a server's connections: all are asked to close, and the stubborn are cut.
import { Timer } from '@holdline/timer-wheel';
import type { Instant } from '../bytes/connection.ts';
import type { Clock } from '../clock.ts';
import type { OpenWebSocket } from './open-websocket.ts';
import type { CloseAllReport } from './websocket-server-options.ts';

/** One such end; it is its own timer. */
export class ServerClosing extends Timer {
  /** Settles when the last connection is over. */
  readonly report: Promise<CloseAllReport>;
  readonly #clock: Clock;
  readonly #connections: ReadonlySet<OpenWebSocket>;
  readonly #startedAt: Instant;
  #settle: (report: CloseAllReport) => void = () => {};
  #hasStarted = false;
  #closed = 0;
  #cut = 0;

  constructor(clock: Clock, connections: ReadonlySet<OpenWebSocket>) {
    super();
    this.#clock = clock;
    this.#connections = connections;
    this.#startedAt = clock.now();
    this.report = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Asks every connection to close; those that have not after `timeoutMs` are cut. */
  start(code: number, reason: string, timeoutMs: number): void {
    this.#clock.touch(this, this.#startedAt + timeoutMs);
    for (const connection of [...this.#connections]) connection.beginClose(code, reason);
    this.#hasStarted = true;
    this.#settleIfDone();
  }

  /** A connection is over. */
  connectionEnded(connection: OpenWebSocket): void {
    if (connection.closedEvent?.wasClean === true) this.#closed += 1;
    else this.#cut += 1;
    this.#settleIfDone();
  }

  /** The time is over. */
  onExpiry(_now: Instant): void {
    for (const connection of [...this.#connections]) connection.abort();
  }

  #settleIfDone(): void {
    if (!this.#hasStarted || this.#connections.size > 0) return;
    this.#clock.cancel(this);
    const durationMs = this.#clock.now() - this.#startedAt;
    this.#settle({ closed: this.#closed, cut: this.#cut, durationMs });
  }
}
