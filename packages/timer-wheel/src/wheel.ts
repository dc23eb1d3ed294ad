import { POLL_TICKS_MAX, SCAN_TIMERS, SHARE_TIMERS } from './geometry.ts';
import { BLOCK_TICKS, blockEnd, RING_SLOTS, slotOf, slotStart, slotTicks } from './level.ts';
import { Slots } from './slots.ts';
import { coarsestTick, INSTANT_TICKS_MAX, instantOf, tickFrom, tickUntil } from './tick.ts';
import type { Timer } from './timer.ts';

/** How a {@link TimerWheel} is made. */
export interface TimerWheelOptions {
  /** The present instant: monotonic milliseconds, of any origin. */
  readonly now: number;
  /** The wheel's resolution in milliseconds, above 0 and below 2^31; 1 by default. */
  readonly tickMs?: number;
}

/** The longest delay that runtimes take; a coarser wheel could not be driven by one. */
const TICK_MS_MAX = 2 ** 31 - 1;

/**
 * A hierarchical timing wheel (Varghese and Lauck, scheme 7). It knows no clock: time comes in as
 * `now`, and expired timers are pulled one at a time.
 *
 * A deadline is rounded up to a multiple of `tickMs`, its tick; in a window `[earliest, latest]` the
 * wheel chooses the tick that is a multiple of the greatest power of two. Timers expire in the order of
 * their ticks, and at one tick in the order in which they were placed. `schedule` places; a touched
 * timer counts as placed at some moment from when it last was to when its former tick has come.
 *
 * Level 0 has one slot per tick, for the present block of 512 ticks and for the next. A slot of a level
 * above is spread over lower levels in the block before it begins, a share per tick, so that every
 * timer has its own tick's slot when that comes and yet no poll does much: as long as polls come
 * when `nextDeadline` says. One that comes later does at once what was missed.
 *
 * Instants are finite milliseconds of at most 2^50 ticks to either side of 0.
 */
export class TimerWheel<Pending extends Timer = Timer> {
  /** The resolution in milliseconds. */
  readonly tickMs: number;
  readonly #instantMax: number;
  readonly #slots: Slots = new Slots();
  /** The tick that has been handled, but perhaps for what is still due at it. */
  #elapsed: number;
  /**
   * Level 0 holds every timer up to this tick, the end of a block: of the present one, or of the next.
   * In the former case the slot that begins behind it is being spread, a share per tick.
   */
  #filled: number;
  /** The latest tick that `poll` was called with. Each later one brings a share of work. */
  #polled: number;
  /** Whether a share has been taken of the slot that begins behind `#filled`. */
  #isSpreading = false;
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
    this.#elapsed = tickUntil(now, tickMs);
    this.#filled = blockEnd(this.#elapsed);
    this.#polled = this.#elapsed;
  }

  /** The number of timers scheduled. */
  get size(): number {
    return this.#size;
  }

  /**
   * Schedules a timer, or moves it when it is scheduled already. Infinity means never, and cancels.
   * A deadline in the past is due at the next `poll`.
   *
   * Where it may expire at any instant from `earliest` to `latest`, the wheel chooses one that many
   * windows have in common, so that they share a wake-up; `timer.deadline` tells which. It is the
   * multiple of the greatest power of two ticks, or `earliest` where the window contains no tick. A
   * window of more than 2^30 ticks counts as that long.
   *
   * Throws, with nothing changed, a TypeError when another wheel holds the timer or an instant is not
   * a number, and a RangeError when one is NaN, -Infinity or further than 2^50 ticks from 0, or when
   * `latest` is before `earliest`.
   */
  schedule(timer: Pending, earliest: number, latest: number = earliest): void {
    this.#schedule(timer, latest === earliest ? earliest : this.#choose(earliest, latest));
  }

  /**
   * Does what `schedule` does, for the price of writing one number when the timer is scheduled and
   * its deadline does not become earlier: it stays in its slot and is placed anew when the wheel
   * next handles that. A window of which neither end becomes earlier never makes it earlier. Throws as
   * `schedule` does.
   */
  touch(timer: Pending, earliest: number, latest: number = earliest): void {
    const deadline = latest === earliest ? earliest : this.#choose(earliest, latest);
    // NaN and Infinity fail the comparisons and so take the long way, as does what is no number.
    if (
      typeof deadline === 'number' &&
      timer.wheelOwner === this &&
      deadline >= timer.wheelDeadline &&
      deadline <= this.#instantMax
    ) {
      timer.wheelDeadline = deadline;
    } else {
      this.#schedule(timer, deadline);
    }
  }

  /**
   * Takes a timer out of the wheel. Returns false when it was not scheduled; throws a TypeError when
   * another wheel holds it.
   */
  cancel(timer: Pending): boolean {
    this.#checkOwner(timer);
    if (timer.wheelOwner === null) return false;
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
    const target = tickUntil(now, this.tickMs);
    if (target < this.#elapsed) return null;
    let timer: Timer | null;
    do timer = this.#takeDue();
    while (timer === null && this.#advance(target));
    if (target > this.#polled) {
      this.#spreadShare(Math.min(target - this.#polled, POLL_TICKS_MAX));
      this.#polled = target;
    }
    return timer as Pending | null;
  }

  /**
   * The instant at which `poll` should next be called, Infinity when no timer is scheduled. It is
   * never later than the next expiry. It is earlier where more than 32 timers share the next slot
   * above level 0 or were touched, and up to 512 ticks earlier where more than 2048 share it: a poll
   * at that instant then only brings the wheel further. So a timer that is scheduled can make it
   * earlier than it was even if its own deadline is later.
   */
  nextDeadline(): number {
    const tick = this.#slots.firstTick(this.#elapsed, RING_SLOTS);
    const index = this.#nextSlot();
    const next = index < 0 ? tick : Math.min(tick, this.#earliestIn(index));
    return instantOf(next, this.tickMs);
  }

  /** A lower bound of the next expiry out of the next slot above level 0. */
  #earliestIn(index: number): number {
    const start = slotStart(index, this.#filled);
    const count = this.#slots.count(index);
    if (count > SHARE_TIMERS) return Math.max(start - BLOCK_TICKS, this.#elapsed + 1);
    // Of a slot that is being spread, the rest need not be the earliest.
    if (count > SCAN_TIMERS || this.#isSpreading) return start;
    // Timers of later slots have ticks from this slot's end on; touched ones here may be even later.
    let earliest = start + slotTicks(index);
    for (let timer = this.#slots.first(index); timer !== null; timer = timer.wheelNext) {
      earliest = Math.min(earliest, tickFrom(timer.wheelDeadline, this.tickMs));
    }
    return earliest;
  }

  /** The instant in a window whose ends differ at which its timer shall expire. */
  #choose(earliest: number, latest: number): number {
    this.#checkInstant(earliest);
    this.#checkInstant(latest);
    if (latest < earliest) throw new RangeError(`latest ${latest} is before earliest ${earliest}`);
    const first = tickFrom(earliest, this.tickMs);
    const last = tickUntil(latest, this.tickMs);
    return last < first ? earliest : instantOf(coarsestTick(first, last), this.tickMs);
  }

  #schedule(timer: Pending, deadline: number): void {
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
      this.#slots.remove(timer);
    }
    timer.wheelDeadline = deadline;
    this.#place(timer, this.#filled);
  }

  /** Takes the first due timer out of the slot of the elapsed tick, placing touched ones anew. */
  #takeDue(): Timer | null {
    const index = slotOf(this.#elapsed, this.#filled);
    const instant = instantOf(this.#elapsed, this.tickMs);
    let timer = this.#slots.first(index);
    if (timer === null) return null;
    do {
      if (timer.wheelDeadline <= instant) {
        this.#release(timer);
        return timer;
      }
      this.#replace(timer);
      timer = this.#slots.first(index);
    } while (timer !== null);
    this.#clearAhead();
    return null;
  }

  /**
   * Places the next timers anew as long as they were touched, when some have been for which the wheel
   * was polled in vain: so that it need not be so again.
   */
  #clearAhead(): void {
    let tick = this.#elapsed;
    for (let left = SHARE_TIMERS; left > 0; left -= 1) {
      tick = this.#slots.firstTick(tick, this.#filled - tick);
      if (tick > this.#filled) return;
      const timer = this.#slots.first(slotOf(tick, this.#filled))!;
      if (timer.wheelDeadline <= instantOf(tick, this.tickMs)) return;
      this.#replace(timer);
    }
  }

  /** Goes to the next tick whose slot holds timers; false when that lies beyond `target`. */
  #advance(target: number): boolean {
    if (target > this.#filled) return this.#leave(target);
    const tick = this.#slots.firstTick(this.#elapsed, target - this.#elapsed);
    this.#elapsed = Math.min(tick, target);
    return tick <= target;
  }

  /** The same where level 0 is not filled up to the target, which may lie at any distance. */
  #leave(target: number): boolean {
    const tick = this.#slots.firstTick(this.#elapsed, RING_SLOTS);
    const index = this.#nextSlot();
    const start = index < 0 ? Infinity : slotStart(index, this.#filled);
    // The timer at a tick beyond `#filled` was spread, and then the rest of its slot was cancelled.
    const next = Math.min(tick, start - 1, target);
    this.#elapsed = next;
    this.#filled = Math.max(this.#filled, blockEnd(next));
    if (tick <= next) return true;
    if (start > target) return false;
    this.#spread(Infinity);
    return true;
  }

  /**
   * Spreads a share of the slot behind the present block, so that all is done when that ends, if polls
   * come every `pollTicks`.
   */
  #spreadShare(pollTicks: number): void {
    const ticksLeft = this.#filled + 1 - this.#elapsed;
    // More are left when the next block has been filled already.
    if (ticksLeft > BLOCK_TICKS) return;
    const count = this.#slots.count(slotOf(this.#filled + 1, this.#filled));
    this.#spread(Math.max(SHARE_TIMERS, Math.ceil((count * pollTicks) / ticksLeft)));
  }

  /**
   * Places up to `limit` timers anew of the slot that begins behind `#filled`, in their order, by their
   * deadlines of today. What the caller places there meanwhile goes behind them. When none is left,
   * the next block is filled.
   */
  #spread(limit: number): void {
    const index = slotOf(this.#filled + 1, this.#filled);
    const filled = this.#filled + BLOCK_TICKS;
    let timer = this.#slots.first(index);
    for (let left = limit; timer !== null && left > 0; left -= 1) {
      this.#slots.remove(timer);
      this.#place(timer, filled);
      timer = this.#slots.first(index);
    }
    this.#isSpreading = timer !== null;
    if (timer === null) this.#filled = filled;
  }

  /** The next occupied slot above level 0, -1 when there is none. */
  #nextSlot(): number {
    // While this one is being spread, lower levels hold timers of its span already.
    const index = slotOf(this.#filled + 1, this.#filled);
    return this.#slots.count(index) > 0 ? index : this.#slots.firstUpper();
  }

  /** Appends a timer that is in no slot to that of its deadline, level 0 being filled up to `filled`. */
  #place(timer: Timer, filled: number): void {
    const tick = Math.max(tickFrom(timer.wheelDeadline, this.tickMs), this.#elapsed);
    this.#slots.append(timer, slotOf(tick, filled));
  }

  /** Places a timer anew. */
  #replace(timer: Timer): void {
    this.#slots.remove(timer);
    this.#place(timer, this.#filled);
  }

  /** Lets go of a timer. */
  #release(timer: Timer): void {
    this.#slots.remove(timer);
    timer.wheelOwner = null;
    this.#size -= 1;
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
