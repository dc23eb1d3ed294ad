// How long requests may wait for a connection: one timer for the queue of an origin.
import { Timer } from '@holdline/timer-wheel';
import type { Instant } from '../bytes/connection.ts';
import type { Clock } from '../clock.ts';
import type { RequestExchange } from './request-exchange.ts';
import type { RequestQueue } from './request-queue.ts';

/** Fails who has waited too long; it is its own timer. */
export class QueuePatience extends Timer {
  readonly #clock: Clock;
  readonly #queueMs: number;
  readonly #queue: RequestQueue<RequestExchange>;

  constructor(clock: Clock, queueMs: number, queue: RequestQueue<RequestExchange>) {
    super();
    this.#clock = clock;
    this.#queueMs = queueMs;
    this.#queue = queue;
  }

  /** Somebody waits. Who waits no more is seen to when the time has come. */
  watch(): void {
    if (this.#queueMs === Number.POSITIVE_INFINITY) return;
    const { first } = this.#queue;
    if (first !== null) this.#clock.touch(this, first.queuedAt + this.#queueMs);
  }

  /** The first one's time is over, if it is still here. */
  onExpiry(now: Instant): void {
    for (let first = this.#queue.first; first !== null; first = this.#queue.first) {
      if (first.queuedAt + this.#queueMs > now) break;
      first.fail('HTTP_CLIENT_QUEUE_TIMEOUT', `no connection within ${this.#queueMs} ms`);
    }
    this.watch();
  }
}
