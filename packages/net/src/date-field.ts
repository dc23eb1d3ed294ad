// The Date field (RFC 9110 section 6.6.1), written once a second however many responses carry it.
import type { Field } from '@holdline/http1';
import type { Instant } from './bytes/connection.ts';

/** Keeps the Date field of the present second. */
export class DateField {
  #field: Field = { name: 'date', value: '' };
  #validUntil: Instant = Number.NEGATIVE_INFINITY;
  readonly #wallTime: () => number;

  /** `wallTime` is asked at most once a second, for Unix milliseconds. */
  constructor(wallTime: () => number = Date.now) {
    this.#wallTime = wallTime;
  }

  /** The field at a monotonic instant, at most a second behind a clock that was set meanwhile. */
  at(now: Instant): Field {
    if (now < this.#validUntil) return this.#field;
    const wallMs = this.#wallTime();
    this.#field = { name: 'date', value: new Date(wallMs).toUTCString() };
    this.#validUntil = now + 1000 - (wallMs % 1000);
    return this.#field;
  }
}
