import type { RuntimeClock } from './clock.ts';

interface FakeTimer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** Where a {@link FakeClock} starts. */
export interface FakeClockOptions {
  /** The monotonic clock's milliseconds; 0 by default. */
  readonly monotonicMs?: number;
  /** The wall clock's Unix milliseconds; 0 by default. */
  readonly wallMs?: number;
  /** Whether there is a boot clock, as on Linux; true by default. */
  readonly hasBootClock?: boolean;
}

/** A platform for tests, on which time passes when told to. Its clocks behave as those of Linux. */
export class FakeClock implements RuntimeClock {
  /** Monotonic milliseconds that include suspends; undefined without a boot clock. */
  readonly bootNow: (() => number) | undefined;
  #monotonic: number;
  #wall: number;
  #suspended = 0;
  #timers: FakeTimer[] = [];
  #timersSet = 0;

  /** Starts at the instants given, with no timer set. */
  constructor(options: FakeClockOptions = {}) {
    const { monotonicMs = 0, wallMs = 0, hasBootClock = true } = options;
    this.#monotonic = monotonicMs;
    this.#wall = wallMs;
    this.bootNow = hasBootClock ? () => this.#monotonic + this.#suspended : undefined;
  }

  /** The number of timers set and neither called back nor cleared. */
  get timersPending(): number {
    return this.#timers.length;
  }

  /** How many timers were ever set. */
  get timersSet(): number {
    return this.#timersSet;
  }

  /** The monotonic clock. */
  monotonicNow(): number {
    return this.#monotonic;
  }

  /** The wall clock. */
  wallNow(): number {
    return this.#wall;
  }

  /** Sets a timer, which calls back from `advance` or `stall`. */
  setTimer(callback: () => void, delayMs: number): unknown {
    const timer: FakeTimer = { dueAt: this.#monotonic + delayMs, callback };
    // Behind those of the same instant, so that they call back in the order they were set.
    const later = this.#timers.findIndex((other) => other.dueAt > timer.dueAt);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    this.#timersSet += 1;
    return timer;
  }

  /** Takes back a timer; without effect when it is not pending. */
  clearTimer(handle: unknown): void {
    this.#timers = this.#timers.filter((timer) => timer !== handle);
  }

  /** Lets time pass with an idle event loop: every timer calls back at its instant, in order. */
  advance(durationMs: number): void {
    const end = this.#monotonic + durationMs;
    for (;;) {
      const timer = this.#timers[0];
      if (timer === undefined || timer.dueAt > end) break;
      this.#timers.shift();
      this.#pass(Math.max(0, timer.dueAt - this.#monotonic));
      timer.callback();
    }
    // A callback may have let time pass itself.
    this.#pass(Math.max(0, end - this.#monotonic));
  }

  /** Lets time pass with a blocked event loop: timers that fall due call back late, at the end. */
  stall(durationMs: number): void {
    this.#pass(durationMs);
    this.advance(0);
  }

  /** Suspends the system: the wall clock and the boot clock go on, the monotonic clock does not. */
  suspend(durationMs: number): void {
    this.#wall += durationMs;
    this.#suspended += durationMs;
  }

  /** Sets the wall clock forward, or back by a negative duration. */
  stepWall(durationMs: number): void {
    this.#wall += durationMs;
  }

  #pass(durationMs: number): void {
    this.#monotonic += durationMs;
    this.#wall += durationMs;
  }
}
