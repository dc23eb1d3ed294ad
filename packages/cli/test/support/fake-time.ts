// The real wheel and its driver over a clock that moves when told.
import type { Expiring } from '@holdline/net';
import { FakeClock, TimerDriver } from '@holdline/timer-wheel/driver';

export class FakeTime extends TimerDriver<Expiring> {
  readonly #platform: FakeClock;

  constructor() {
    const clock = new FakeClock({ monotonicMs: 1_000_000, wallMs: 1_767_225_600_000 });
    super({ clock, onExpire: (timer, now) => timer.onExpiry(now) });
    this.#platform = clock;
  }

  /** Milliseconds pass; what is due comes due. */
  advance(durationMs: number): void {
    this.#platform.advance(durationMs);
  }
}
