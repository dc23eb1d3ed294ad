// Before a request is put on a connection that was idle, the event loop looks at all transports once
// more: what a server sent there unasked, or its FIN, must be heard before it could pass for the
// answer. One task of the event loop serves all connections of a client in a turn.
import type { PooledConnection } from './pooled-connection.ts';

/** Collects connections until the event loop has been through its input. */
export class TurnGate {
  #waiting: PooledConnection[] = [];
  readonly #open: () => void = () => this.#pass();

  /** `sendNext` will be called. */
  add(connection: PooledConnection): void {
    if (this.#waiting.push(connection) === 1) setImmediate(this.#open);
  }

  #pass(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let index = 0; index < waiting.length; index += 1) {
      (waiting[index] as PooledConnection).sendNext();
    }
  }
}
