// How long a response may wait for a caller who does not read it.
import { Timer } from '@holdline/timer-wheel';
import type { Instant } from '../bytes/connection.ts';
import type { Clock } from '../clock.ts';
import type { HttpClientErrorCode } from './client-errors.ts';

/** Who is held. */
interface Unread {
  fail(code: HttpClientErrorCode, message: string): void;
}

/** Runs while a response is held; it is its own timer. */
export class UnreadPatience extends Timer {
  readonly #clock: Clock;
  readonly #exchange: Unread;

  constructor(clock: Clock, exchange: Unread, unreadMs: number) {
    super();
    this.#clock = clock;
    this.#exchange = exchange;
    clock.touch(this, clock.now() + unreadMs);
  }

  /** It is being read. */
  stop(): void {
    this.#clock.cancel(this);
  }

  /** The time is over. */
  onExpiry(_now: Instant): void {
    this.#exchange.fail('HTTP_CLIENT_CONTENT_UNREAD', 'nobody reads the content of the response');
  }
}
