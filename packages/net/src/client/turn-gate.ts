// Before a request is put on a connection, the event loop looks at all transports: what a server sent
// there unasked, or its FIN, must be heard before it could pass for the answer. The task behind the
// present turn's input is too early for that, since the system was asked for that input before the
// request came; so it is the task one turn later. One task serves all connections of a client, and
// none of them waits for a timer.
import type { Clock } from '../clock.ts';
import type { PooledConnection } from './pooled-connection.ts';

/** Collects connections until the event loop has asked for input. */
export class TurnGate {
  /** Came in this turn of the event loop. */
  #arrived: PooledConnection[] = [];
  /** Came in the turn before. */
  #waiting: PooledConnection[] = [];
  readonly #next: () => void = () => this.#pass();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `sendNext` will be called. */
  add(connection: PooledConnection): void {
    const isFirst = this.#arrived.push(connection) === 1;
    if (isFirst && this.#waiting.length === 0) setImmediate(this.#next);
  }

  #pass(): void {
    const ready = this.#waiting;
    this.#waiting = this.#arrived;
    this.#arrived = [];
    // Before anybody is called who may throw or come again.
    if (this.#waiting.length > 0) setImmediate(this.#next);
    const now = this.#clock.now();
    for (let index = 0; index < ready.length; index += 1) {
      (ready[index] as PooledConnection).sendNext(now);
    }
  }
}
