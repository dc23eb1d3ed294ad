import type { RuntimeClock } from './clock.ts';
import { ClockWatch, type Disturbance } from './clock-watch.ts';
import { SHARE_TIMERS } from './geometry.ts';
import type { Timer } from './timer.ts';
import { TimerWheel } from './wheel.ts';

export type { RuntimeClock } from './clock.ts';
export type { Disturbance } from './clock-watch.ts';
export { FakeClock, type FakeClockOptions } from './fake-clock.ts';

/** How a {@link TimerDriver} is made. */
export interface TimerDriverOptions<Pending extends Timer> {
  /**
   * Receives each expired timer, and the instant of the turn. What it throws surfaces as an uncaught
   * error, like that of any runtime timer's callback; the other timers expire in the next turn.
   */
  readonly onExpire: (timer: Pending, now: number) => void;
  /** Receives what happened to time, before the timers that expire thereby. */
  readonly onDisturbance?: (disturbance: Disturbance) => void;
  /** The platform; this runtime's own by default. */
  readonly clock?: RuntimeClock;
  /** The wheel's resolution in milliseconds; 1 by default. */
  readonly tickMs?: number;
  /** Timers that expire in one turn of the event loop at most, at least 1; 1000 by default. */
  readonly batchMax?: number;
  /** The lateness in milliseconds from which a turn is reported as a stall; 100 by default. */
  readonly stallMs?: number;
  /**
   * The difference between clocks in milliseconds from which it is reported; 2000 by default, twice
   * the coarseness of a boot clock that counts seconds.
   */
  readonly clockGapMs?: number;
}

/** How late the runtime called the driver, in milliseconds after the instant asked for. */
export interface Lateness {
  /** The turns measured. */
  readonly turns: number;
  /** The lateness of the last turn. */
  readonly lastMs: number;
  /** The greatest lateness of all turns. */
  readonly maxMs: number;
  /** The exponentially weighted mean, a new turn weighing 1/8 (as in RFC 6298 section 2). */
  readonly smoothedMs: number;
}

/** Runtimes take a longer delay for 1 ms. */
const DELAY_MS_MAX = 2 ** 31 - 1;

const SMOOTHING = 1 / 8;

/**
 * A wheel of timers kept by one timer of the runtime, which does not keep the process alive. It is
 * set anew only when a deadline comes before the one it is set for; a touch never does that.
 */
export class TimerDriver<Pending extends Timer = Timer> {
  readonly #wheel: TimerWheel<Pending>;
  readonly #clock: RuntimeClock;
  readonly #watch: ClockWatch;
  readonly #onExpire: (timer: Pending, now: number) => void;
  readonly #onDisturbance: ((disturbance: Disturbance) => void) | undefined;
  readonly #batchMax: number;
  readonly #stallMs: number;
  readonly #onTimer: () => void = () => this.#turn();
  #handle: unknown = null;
  /** Infinity: no runtime timer is set. -Infinity: none may be, in a turn and after `close`. */
  #armedFor = Infinity;
  /** When the runtime timer is to call back, which may be before `#armedFor`. */
  #dueAt = 0;
  /** Timers scheduled or touched since the wheel was last asked for its next deadline. */
  #changes = 0;
  #closed = false;
  #turns = 0;
  #lastMs = 0;
  #maxMs = 0;
  #smoothedMs = 0;

  /** Throws TypeError or RangeError for an option that is not a number or not in its range. */
  constructor(options: TimerDriverOptions<Pending>) {
    const { onExpire, onDisturbance, clock = runtimeClock(), tickMs = 1 } = options;
    const { batchMax = 1000, stallMs = 100, clockGapMs = 2000 } = options;
    if (typeof onExpire !== 'function') throw new TypeError('onExpire must be a function');
    if (!(batchMax >= 1)) throw new RangeError('batchMax must be at least 1');
    if (!(stallMs > 0)) throw new RangeError('stallMs must be above 0');
    if (!(clockGapMs > 0)) throw new RangeError('clockGapMs must be above 0');
    this.#wheel = new TimerWheel({ now: clock.monotonicNow(), tickMs });
    this.#clock = clock;
    this.#watch = new ClockWatch(clock, clockGapMs);
    this.#onExpire = onExpire;
    this.#onDisturbance = onDisturbance;
    this.#batchMax = batchMax;
    this.#stallMs = stallMs;
  }

  /** The number of timers scheduled. */
  get size(): number {
    return this.#wheel.size;
  }

  /** How late the runtime has been so far. */
  get lateness(): Lateness {
    return {
      turns: this.#turns,
      lastMs: this.#lastMs,
      maxMs: this.#maxMs,
      smoothedMs: this.#smoothedMs,
    };
  }

  /** The present instant, to which a duration is added to make a deadline. */
  now(): number {
    return this.#clock.monotonicNow();
  }

  /**
   * Schedules or moves a timer, to one instant or to a window of them, in which it shares the runtime's
   * turn with others; see `TimerWheel.schedule`, also for what it throws.
   */
  schedule(timer: Pending, earliest: number, latest: number = earliest): void {
    this.#wheel.schedule(timer, earliest, latest);
    this.#arrange(timer.wheelDeadline);
  }

  /** Moves a timer, at little cost when its deadline becomes later; see `TimerWheel.touch`. */
  touch(timer: Pending, earliest: number, latest: number = earliest): void {
    this.#wheel.touch(timer, earliest, latest);
    this.#arrange(timer.wheelDeadline);
  }

  /** Takes a timer out; see `TimerWheel.cancel`. The runtime timer stays as it is set. */
  cancel(timer: Pending): boolean {
    return this.#wheel.cancel(timer);
  }

  /** Clears the runtime timer for good: nothing expires any more. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#disarm();
    this.#armedFor = -Infinity;
  }

  #arrange(deadline: number): void {
    this.#changes += 1;
    // A slot that so many later deadlines have made a large one wants to be spread before it comes.
    if (deadline < this.#armedFor || this.#changes > SHARE_TIMERS) this.#armEarlier();
  }

  #armEarlier(): void {
    this.#changes = 0;
    // The deadline rounded up to its tick may be the one that the runtime timer is set for.
    const next = this.#wheel.nextDeadline();
    if (next >= this.#armedFor) return;
    this.#disarm();
    this.#arm(next);
  }

  #arm(deadline: number): void {
    const now = this.#clock.monotonicNow();
    const delayMs = Math.min(Math.max(Math.ceil(deadline - now), 1), DELAY_MS_MAX);
    this.#armedFor = deadline;
    this.#dueAt = now + delayMs;
    this.#handle = this.#clock.setTimer(this.#onTimer, delayMs);
  }

  #disarm(): void {
    if (this.#handle !== null) this.#clock.clearTimer(this.#handle);
    this.#handle = null;
  }

  /** One call by the runtime. Whatever the caller's functions throw, the next one is arranged. */
  #turn(): void {
    this.#handle = null;
    this.#armedFor = -Infinity;
    const now = this.#clock.monotonicNow();
    try {
      this.#measure(now);
      for (let count = 0; count < this.#batchMax && !this.#closed; count += 1) {
        const timer = this.#wheel.poll(now);
        if (timer === null) break;
        this.#onExpire(timer, now);
      }
    } finally {
      if (!this.#closed) this.#armNext();
    }
  }

  #armNext(): void {
    const next = this.#wheel.nextDeadline();
    if (next === Infinity) this.#armedFor = Infinity;
    else this.#arm(next);
  }

  #measure(now: number): void {
    const lateMs = Math.max(0, now - this.#dueAt);
    this.#smoothedMs += this.#turns === 0 ? lateMs : (lateMs - this.#smoothedMs) * SMOOTHING;
    this.#turns += 1;
    this.#lastMs = lateMs;
    this.#maxMs = Math.max(this.#maxMs, lateMs);
    const disturbances = this.#watch.look();
    if (lateMs >= this.#stallMs) disturbances.unshift({ kind: 'stall', lateMs });
    for (const disturbance of disturbances) this.#onDisturbance?.(disturbance);
  }
}

/** The part of the global object that the driver uses, typed here because builds have no types. */
interface Runtime {
  readonly performance: { now(): number };
  readonly Date: { now(): number };
  readonly Deno?: { unrefTimer(handle: unknown): void };
  readonly process?: { getBuiltinModule?(name: string): { uptime(): number } | undefined };
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

/**
 * The clocks and timers of the runtime at hand: Node, Deno, Bun or a browser. Timers are unref'd where
 * the runtime keeps a process alive for them; the boot clock is `os.uptime` where there is one.
 */
export function runtimeClock(): RuntimeClock {
  const runtime = globalThis as unknown as Runtime;
  // Deno would ask its user for permission to tell the uptime.
  const isDeno = runtime.Deno !== undefined;
  const system = isDeno ? undefined : runtime.process?.getBuiltinModule?.('node:os');
  return {
    monotonicNow: () => runtime.performance.now(),
    wallNow: () => runtime.Date.now(),
    bootNow: system === undefined ? undefined : () => system.uptime() * 1000,
    setTimer(callback, delayMs) {
      const handle = runtime.setTimeout(callback, delayMs);
      if (typeof handle === 'object') (handle as { unref?(): void }).unref?.();
      else runtime.Deno?.unrefTimer(handle);
      return handle;
    },
    clearTimer: (handle) => runtime.clearTimeout(handle),
  };
}
