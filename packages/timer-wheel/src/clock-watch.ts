import type { RuntimeClock } from './clock.ts';

/**
 * Something that happened to time, as far as the clocks can tell.
 *
 * - `stall`: the runtime timer came `lateMs` late by the monotonic clock. The event loop was busy, or
 *   the process was stopped. Where the monotonic clock goes on during a suspend (Windows, macOS with
 *   current libuv), a suspend is a stall too, and nothing here can tell them apart.
 * - `suspend`: the system slept for `forMs`, which the boot clock or else nobody knows for certain.
 * - `wall-step`: someone set the wall clock by `byMs`, negative when it went back.
 * - `clock-gap`: the wall clock gained `byMs` on the monotonic clock, and there is no boot clock: a
 *   suspend, or a step forward, or both.
 */
export type Disturbance =
  | { readonly kind: 'stall'; readonly lateMs: number }
  | { readonly kind: 'suspend'; readonly forMs: number }
  | { readonly kind: 'wall-step'; readonly byMs: number }
  | { readonly kind: 'clock-gap'; readonly byMs: number };

/** Clocks that are steered, not set, differ by less: NTP slews at 500 ppm, crystals err by 100. */
const DRIFT_RATIO_MAX = 0.001;

/**
 * Compares the clocks of a platform from one look to the next. On Linux the monotonic clock stands
 * still in a suspend while the wall clock and the boot clock go on; a step moves the wall clock only.
 */
export class ClockWatch {
  readonly #clock: RuntimeClock;
  readonly #gapMs: number;
  #monotonic: number;
  #wall: number;
  /** How far the boot clock is ahead of the monotonic one: constant but for suspends. */
  #bootLead: number;

  /** Differences below `gapMs`, which must exceed the boot clock's coarseness, are not reported. */
  constructor(clock: RuntimeClock, gapMs: number) {
    this.#clock = clock;
    this.#gapMs = gapMs;
    this.#monotonic = clock.monotonicNow();
    this.#wall = clock.wallNow();
    this.#bootLead = this.#readBootLead();
  }

  /**
   * What happened since the last look, in at most two parts. A suspend that a backward step hides is
   * not seen, nor is anything below the threshold or 0.1 % of the time since the last look.
   */
  look(): Disturbance[] {
    const monotonic = this.#clock.monotonicNow();
    const wall = this.#clock.wallNow();
    const passed = monotonic - this.#monotonic;
    const gap = wall - this.#wall - passed;
    this.#monotonic = monotonic;
    this.#wall = wall;
    return Math.abs(gap) < this.#gapMs + passed * DRIFT_RATIO_MAX ? [] : this.#explain(gap);
  }

  #explain(gap: number): Disturbance[] {
    if (this.#clock.bootNow === undefined) {
      return [{ kind: gap < 0 ? 'wall-step' : 'clock-gap', byMs: gap }];
    }
    // The boot clock is read only now, because it may cost a system call and a file.
    const bootLead = this.#readBootLead();
    const slept = bootLead - this.#bootLead;
    this.#bootLead = bootLead;
    if (slept < this.#gapMs) return [{ kind: 'wall-step', byMs: gap }];
    const step = gap - slept;
    // What the boot clock's coarseness may explain is no step; the wall clock is then more exact.
    if (Math.abs(step) < this.#gapMs) return [{ kind: 'suspend', forMs: gap }];
    return [
      { kind: 'suspend', forMs: slept },
      { kind: 'wall-step', byMs: step },
    ];
  }

  #readBootLead(): number {
    return this.#clock.bootNow === undefined
      ? 0
      : this.#clock.bootNow() - this.#clock.monotonicNow();
  }
}
