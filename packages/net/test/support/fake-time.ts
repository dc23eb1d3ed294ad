// The real wheel and its driver over a clock that moves when told.
import { FakeClock, TimerDriver } from '@holdline/timer-wheel/driver';
import type { Expiring } from '../../src/index.ts';

export class FakeTime extends TimerDriver<Expiring> {
  readonly #platform: FakeClock;

  constructor() {
    const clock = new FakeClock({ monotonicMs: 1_000_003, wallMs: 1_767_225_600_000 });
    super({ clock, onExpire: (timer, now) => timer.onExpiry(now) });
    this.#platform = clock;
  }

  /** Milliseconds pass; what is due comes due. */
  advance(durationMs: number): void {
    this.#platform.advance(durationMs);
  }

  /** The event loop is blocked for so long: what falls due comes late, at the end. */
  stall(durationMs: number): void {
    this.#platform.stall(durationMs);
  }

  wallNow(): number {
    return this.#platform.wallNow();
  }
}
