import { Timer } from '@holdline/timer-wheel';
import { expect, it } from 'vitest';
import { sharedClock } from '../src/index.ts';

class Appointment extends Timer {
  readonly #onExpiry: (now: number) => void;
  constructor(onExpiry: (now: number) => void) {
    super();
    this.#onExpiry = onExpiry;
  }
  onExpiry(now: number): void {
    this.#onExpiry(now);
  }
}

it('keeps one clock for the process, which calls timers back when their time has come', async () => {
  const clock = sharedClock();
  expect(sharedClock()).toBe(clock);
  const due = clock.now() + 5;
  // The wheel's timer keeps no process alive, so something else has to.
  const alive = setInterval(() => {}, 1000);
  const now = await new Promise<number>((resolve) => {
    clock.touch(new Appointment(resolve), due);
  });
  clearInterval(alive);
  expect(now).toBeGreaterThanOrEqual(due);
});
