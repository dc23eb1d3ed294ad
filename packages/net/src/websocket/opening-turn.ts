// «There MUST be no more than one connection in a CONNECTING state», RFC 6455 section 4.1: those who
// connect to one remote host take turns, so that nobody floods it with opening handshakes.
import type { Origin } from '../client/origin.ts';

/** By remote host, in order; the first of each is under way. */
const queues: Map<string, OpeningTurn[]> = new Map();

/** The place of one attempt among those of this process. */
export class OpeningTurn {
  readonly #key: string;
  readonly #begin: () => void;

  /** `begin` is called once, when it is this one's turn. */
  constructor({ host, port, socketPath }: Origin, begin: () => void) {
    // A name is resolved behind this, by the connector: «assume [...] that each host name refers to a
    // distinct remote host», section 4.1.
    this.#key = socketPath ?? `${host}:${port}`;
    this.#begin = begin;
  }

  /** Begins, at once unless others are before it. */
  enter(): void {
    const queue = queues.get(this.#key);
    if (queue !== undefined) {
      queue.push(this);
      return;
    }
    queues.set(this.#key, [this]);
    this.#begin();
  }

  /** The connection is established, or has failed, or nobody waits for it any more; the next begins. */
  leave(): void {
    const queue = queues.get(this.#key);
    const index = queue?.indexOf(this) ?? -1;
    if (queue === undefined || index < 0) return;
    queue.splice(index, 1);
    const [next] = queue;
    if (next === undefined) queues.delete(this.#key);
    else if (index === 0) next.#begin();
  }
}
