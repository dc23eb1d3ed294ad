// The Date field (RFC 9110 section 6.6.1), written once a second however many responses carry it.
import type { Instant } from './bytes/connection.ts';

/** Keeps what the Date field says in the present second. */
export class DateField {
  #value = '';
  #validUntil: Instant = Number.NEGATIVE_INFINITY;
  readonly #wallTime: () => number;

  /** `wallTime` is asked at most once a second, for Unix milliseconds. */
  constructor(wallTime: () => number = Date.now) {
    this.#wallTime = wallTime;
  }

  /** Its value at a monotonic instant, at most a second behind a clock that was set meanwhile. */
  at(now: Instant): string {
    if (now < this.#validUntil) return this.#value;
    const wallMs = this.#wallTime();
    this.#value = new Date(wallMs).toUTCString();
    this.#validUntil = now + 1000 - (wallMs % 1000);
    return this.#value;
  }
}
