// What the wheel promises, as one list that is searched from end to end. It knows no slots: where the
// promise leaves room, for the place of touched timers among those of their tick, so does the list.

/** Ticks by search instead of by rounding: the first one not before an instant. */
export function naiveTickFrom(instant, tickMs) {
  let tick = Math.floor(instant / tickMs) - 2;
  while (tick * tickMs < instant) tick += 1;
  return tick;
}

/** The last tick not after an instant. */
export function naiveTickUntil(instant, tickMs) {
  let tick = Math.ceil(instant / tickMs) + 2;
  while (tick * tickMs > instant) tick -= 1;
  return tick;
}

const WINDOW_TICKS_MAX = 2 ** 30;

/** The instant chosen in a window: steps of powers of two are tried, the greatest first. */
export function naiveChoice(earliest, latest, tickMs) {
  const first = naiveTickFrom(earliest, tickMs);
  const last = Math.min(naiveTickUntil(latest, tickMs), first + WINDOW_TICKS_MAX - 1);
  if (earliest === latest || last < first) return earliest;
  // At most one multiple of the first step is in the window, whichever greater ones it is one of.
  for (let step = WINDOW_TICKS_MAX; ; step /= 2) {
    const multiple = Math.floor(last / step) * step;
    if (multiple >= first) return multiple * tickMs;
  }
}

/** The list. Timers are told apart by any key. */
export class NaiveWheel {
  constructor(now, tickMs) {
    this.tickMs = tickMs;
    this.elapsed = naiveTickUntil(now, tickMs);
    /** Counts what happens, to tell what was placed before what. */
    this.moment = 0;
    this.entries = [];
  }

  find(id) {
    return this.entries.find((entry) => entry.id === id);
  }

  /** Places a timer, which so stands behind all others of its tick. */
  schedule(id, deadline) {
    this.cancel(id);
    if (deadline === Infinity) return;
    this.moment += 1;
    this.entries.push({
      id,
      deadline,
      tick: Math.max(naiveTickFrom(deadline, this.tickMs), this.elapsed),
      placedFrom: this.moment,
      placedTo: this.moment,
      formerTick: Infinity,
    });
  }

  /** A later deadline leaves it open until the former tick has come when the timer is placed. */
  touch(id, deadline) {
    const entry = this.find(id);
    if (entry === undefined || deadline === Infinity || deadline < entry.deadline) {
      this.schedule(id, deadline);
      return;
    }
    entry.deadline = deadline;
    const tick = Math.max(naiveTickFrom(deadline, this.tickMs), entry.tick);
    if (tick === entry.tick) return;
    entry.formerTick = entry.tick;
    entry.placedTo = Infinity;
    entry.tick = tick;
  }

  cancel(id) {
    const position = this.entries.findIndex((entry) => entry.id === id);
    if (position >= 0) this.entries.splice(position, 1);
    return position >= 0;
  }

  /** The tick of the next expiry, Infinity when there is none. */
  nextTick() {
    let tick = Infinity;
    for (const entry of this.entries) tick = Math.min(tick, entry.tick);
    return tick;
  }

  /** The instant of the next expiry. */
  nextExpiry() {
    return this.nextTick() * this.tickMs;
  }

  /**
   * Whether `poll(now)` may return this timer, or null; if so, what was returned is done. It has to be of
   * the earliest tick, and no other of that tick may have been placed before it for certain.
   */
  accepts(id, now) {
    const target = naiveTickUntil(now, this.tickMs);
    if (target < this.elapsed) return id === null;
    const tick = this.nextTick();
    if (id === null) {
      if (tick <= target) return false;
      this.reach(target, true);
      return true;
    }
    const chosen = this.find(id);
    if (chosen === undefined || chosen.tick !== tick || tick > target) return false;
    for (const other of this.entries) {
      if (other.tick === tick && other.placedTo < chosen.placedFrom) return false;
    }
    this.cancel(id);
    this.reach(tick, false);
    return true;
  }

  /** Touched timers whose former tick is over have been placed by now. */
  reach(tick, isOver) {
    this.elapsed = tick;
    this.moment += 1;
    for (const entry of this.entries) {
      if (entry.formerTick < tick || (isOver && entry.formerTick === tick)) {
        entry.placedTo = this.moment;
        entry.formerTick = Infinity;
      }
    }
  }
}
