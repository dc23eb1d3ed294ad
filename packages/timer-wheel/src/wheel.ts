import {
  firstSlot,
  HORIZON_TICKS,
  LEVELS,
  OVERFLOW,
  SLOTS,
  slotOf,
  slotStart,
  slotTicks,
} from './level.ts';
import { Timer } from './timer.ts';

/** How a {@link TimerWheel} is made. */
export interface TimerWheelOptions {
  /** The present instant: monotonic milliseconds, of any origin. */
  readonly now: number;
  /** The wheel's resolution in milliseconds, above 0 and below 2^31; 1 by default. */
  readonly tickMs?: number;
}

/** The longest delay that runtimes take; a coarser wheel could not be driven by one. */
const TICK_MS_MAX = 2 ** 31 - 1;

/** Instants reach this many ticks to either side of 0, so that quotients err by less than 1/2. */
const INSTANT_TICKS_MAX = 2 ** 50;

/** `nextDeadline` looks at no more timers than this before it settles for their slot's start. */
const SCAN_TIMERS_MAX = 32;

/**
 * A hierarchical timing wheel (Varghese and Lauck, scheme 7). It knows no clock: time comes in as
 * `now`, and expired timers are pulled one at a time.
 *
 * A deadline is rounded up to a multiple of `tickMs`, its tick. Timers expire in the order of their
 * ticks, and at one tick in the order in which they were placed. A touched timer counts as placed
 * when the wheel moves it: when it next handles the slot, at the latest when the former tick comes.
 *
 * Instants are finite milliseconds of at most 2^50 ticks to either side of 0.
 */
export class TimerWheel<Pending extends Timer = Timer> {
  /** The resolution in milliseconds. */
  readonly tickMs: number;
  readonly #instantMax: number;
  /** One ring of timers per slot, held by a node that is no timer of anybody's. */
  readonly #slots: Timer[] = [];
  /** One word per level, one bit per slot that holds timers. */
  readonly #occupied: Int32Array = new Int32Array(LEVELS + 1);
  /** The tick from which `#elapsed` counts. It moves when the horizon has been crossed. */
  #base: number;
  /** The tick that has been handled, counted from `#base`; always below the horizon. */
  #elapsed = 0;
  #size = 0;

  /** Throws TypeError or RangeError where an option is not a number or not in its range. */
  constructor(options: TimerWheelOptions) {
    const { now, tickMs = 1 } = options;
    if (typeof tickMs !== 'number') throw new TypeError('tickMs must be a number');
    if (!(tickMs > 0 && tickMs <= TICK_MS_MAX)) {
      throw new RangeError(`tickMs must be above 0 and at most ${TICK_MS_MAX}`);
    }
    this.tickMs = tickMs;
    this.#instantMax = INSTANT_TICKS_MAX * tickMs;
    this.#checkInstant(now);
    this.#base = this.#tickUntil(now);
    for (let index = 0; index <= OVERFLOW; index += 1) this.#slots.push(new Timer());
  }

  /** The number of timers scheduled. */
  get size(): number {
    return this.#size;
  }

  /**
   * Schedules a timer, or moves it when it is scheduled already. Infinity means never, and cancels.
   * A deadline in the past is due at the next `poll`.
   *
   * Throws, with nothing changed, a TypeError when another wheel holds the timer or the deadline is
   * not a number, and a RangeError when it is NaN, -Infinity or further than 2^50 ticks from 0.
   */
  schedule(timer: Pending, deadline: number): void {
    if (deadline === Infinity) {
      this.cancel(timer);
      timer.wheelDeadline = Infinity;
      return;
    }
    this.#checkOwner(timer);
    this.#checkInstant(deadline);
    if (timer.wheelOwner === null) {
      timer.wheelOwner = this;
      this.#size += 1;
    } else {
      this.#unlink(timer);
    }
    timer.wheelDeadline = deadline;
    this.#place(timer);
  }

  /**
   * Does what `schedule` does, for the price of writing one number when the timer is scheduled and
   * its deadline does not become earlier: it stays in its slot and is placed anew when the wheel
   * next handles that. Throws as `schedule` does.
   */
  touch(timer: Pending, deadline: number): void {
    // NaN and Infinity fail the comparisons and so take the long way, as does what is no number.
    if (
      typeof deadline === 'number' &&
      timer.wheelOwner === this &&
      deadline >= timer.wheelDeadline &&
      deadline <= this.#instantMax
    ) {
      timer.wheelDeadline = deadline;
    } else {
      this.schedule(timer, deadline);
    }
  }

  /**
   * Takes a timer out of the wheel. Returns false when it was not scheduled; throws a TypeError when
   * another wheel holds it.
   */
  cancel(timer: Pending): boolean {
    this.#checkOwner(timer);
    if (timer.wheelOwner === null) return false;
    this.#unlink(timer);
    this.#release(timer);
    return true;
  }

  /**
   * Takes out and returns the next timer whose tick is not after `now`, or returns null. Call it with
   * one `now` until it returns null; between the calls timers may be scheduled, moved and cancelled.
   * A timer that is scheduled meanwhile for an instant not after `now` is returned by this round, so a
   * round ends unless its caller keeps rescheduling into the past.
   *
   * A timer is never returned at a `now` before its deadline: a `now` that is behind an earlier one
   * by a tick or more returns null and changes nothing. Throws a RangeError for an instant out of
   * range and a TypeError for one that is not a number.
   */
  poll(now: number): Pending | null {
    this.#checkInstant(now);
    const target = this.#tickUntil(now);
    if (target < this.#base + this.#elapsed) return null;
    do {
      const timer = this.#takeDue();
      if (timer !== null) return timer as Pending;
    } while (this.#advance(target));
    return null;
  }

  /**
   * The instant at which `poll` should next be called, Infinity when no timer is scheduled. It is
   * never later than the next expiry. It is earlier where more than 32 timers share the next slot or
   * where they were touched; a poll at that instant then only brings the wheel further.
   */
  nextDeadline(): number {
    const index = this.#nextSlot();
    if (index < 0) return Infinity;
    const start = slotStart(index, this.#elapsed);
    const tick = index < SLOTS ? start : this.#earliestIn(index, start);
    return (this.#base + tick) * this.tickMs;
  }

  /** A lower bound of the next expiry, when the next slot is of a level above 0. */
  #earliestIn(index: number, start: number): number {
    const ring = this.#slots[index]!;
    // Timers of later slots have ticks from this slot's end on; touched ones here may be even later.
    let earliest = start + slotTicks(index);
    let count = 0;
    for (let timer = ring.wheelNext; timer !== ring; timer = timer.wheelNext) {
      count += 1;
      if (count > SCAN_TIMERS_MAX) return start;
      earliest = Math.min(earliest, this.#tickFrom(timer.wheelDeadline) - this.#base);
    }
    return earliest;
  }

  /** Takes the first due timer out of the slot of the elapsed tick, placing touched ones anew. */
  #takeDue(): Timer | null {
    const ring = this.#slots[this.#elapsed & (SLOTS - 1)]!;
    const instant = (this.#base + this.#elapsed) * this.tickMs;
    for (let timer = ring.wheelNext; timer !== ring; timer = ring.wheelNext) {
      this.#unlink(timer);
      if (timer.wheelDeadline <= instant) {
        this.#release(timer);
        return timer;
      }
      this.#place(timer);
    }
    return null;
  }

  /** Goes to the next occupied slot, over any distance; false when that lies beyond `target`. */
  #advance(target: number): boolean {
    const index = this.#nextSlot();
    const start = index < 0 ? Infinity : slotStart(index, this.#elapsed);
    const ahead = target - this.#base;
    if (start > ahead) {
      this.#settle(target);
      return false;
    }
    if (index === OVERFLOW) {
      this.#crossHorizon(target);
      return true;
    }
    this.#elapsed = start;
    if (index >= SLOTS) this.#cascade(index);
    return true;
  }

  /** Goes to `target`, before which nothing is to be done. */
  #settle(target: number): void {
    const ahead = target - this.#base;
    if (ahead < HORIZON_TICKS) {
      this.#elapsed = ahead | 0;
    } else {
      this.#base = target;
      this.#elapsed = 0;
    }
  }

  /** Moves the base to the earliest timer beyond the horizon, but not beyond `target`. */
  #crossHorizon(target: number): void {
    const ring = this.#slots[OVERFLOW]!;
    let base = target;
    for (let timer = ring.wheelNext; timer !== ring; timer = timer.wheelNext) {
      base = Math.min(base, this.#tickFrom(timer.wheelDeadline));
    }
    this.#base = base;
    this.#elapsed = 0;
    this.#cascade(OVERFLOW);
  }

  /** Empties a slot and places its timers anew, in their order, by their deadlines of today. */
  #cascade(index: number): void {
    const ring = this.#slots[index]!;
    let timer = ring.wheelNext;
    ring.wheelNext = ring;
    ring.wheelPrevious = ring;
    this.#markEmpty(index);
    while (timer !== ring) {
      const next = timer.wheelNext;
      this.#place(timer);
      timer = next;
    }
  }

  /** The index of the earliest occupied slot, -1 when all are empty. */
  #nextSlot(): number {
    for (let level = 0; level <= LEVELS; level += 1) {
      const word = this.#occupied[level]!;
      if (word !== 0) return level * SLOTS + firstSlot(word);
    }
    return -1;
  }

  /** Appends a timer that is in no ring to the slot of its deadline. */
  #place(timer: Timer): void {
    const tick = this.#tickFrom(timer.wheelDeadline) - this.#base;
    const elapsed = this.#elapsed;
    const index =
      tick >= HORIZON_TICKS ? OVERFLOW : slotOf(tick > elapsed ? tick | 0 : elapsed, elapsed);
    const ring = this.#slots[index]!;
    const last = ring.wheelPrevious;
    timer.wheelSlot = index;
    timer.wheelNext = ring;
    timer.wheelPrevious = last;
    last.wheelNext = timer;
    ring.wheelPrevious = timer;
    this.#occupied[index >>> 5]! |= 1 << (index & 31);
  }

  #unlink(timer: Timer): void {
    const previous = timer.wheelPrevious;
    const next = timer.wheelNext;
    previous.wheelNext = next;
    next.wheelPrevious = previous;
    // Both neighbours are the ring's holder.
    if (previous === next) this.#markEmpty(timer.wheelSlot);
  }

  #markEmpty(index: number): void {
    this.#occupied[index >>> 5]! &= ~(1 << (index & 31));
  }

  /** Lets go of an unlinked timer, which then must not keep its former neighbours alive. */
  #release(timer: Timer): void {
    timer.wheelOwner = null;
    timer.wheelNext = timer;
    timer.wheelPrevious = timer;
    this.#size -= 1;
  }

  /** The first tick not before `instant`, in spite of rounding. */
  #tickFrom(instant: number): number {
    const tick = Math.round(instant / this.tickMs);
    return tick * this.tickMs < instant ? tick + 1 : tick;
  }

  /** The last tick not after `instant`, in spite of rounding. */
  #tickUntil(instant: number): number {
    const tick = Math.round(instant / this.tickMs);
    return tick * this.tickMs > instant ? tick - 1 : tick;
  }

  #checkOwner(timer: Timer): void {
    if (timer.wheelOwner !== this && timer.wheelOwner !== null) {
      throw new TypeError('another wheel holds this timer');
    }
  }

  #checkInstant(instant: number): void {
    if (typeof instant !== 'number') throw new TypeError('an instant must be a number');
    if (!(instant >= -this.#instantMax && instant <= this.#instantMax)) {
      throw new RangeError(`an instant must be finite and within 2^50 ticks of 0, not ${instant}`);
    }
  }
}
