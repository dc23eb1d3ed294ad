// The wheel against a naive list, over random histories. This module needs no test runner, so that
// it can also be run on the packed package: `run({ index, driver }, { seed, runs })`.

const HORIZON_TICKS = 2 ** 30;

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

/**
 * What the wheel promises, as one list that is searched from end to end. A timer has the tick and the
 * sequence number of its last placing; the list is due in the order of (tick, sequence).
 */
export class NaiveWheel {
  constructor(now, tickMs) {
    this.tickMs = tickMs;
    this.base = naiveTickUntil(now, tickMs);
    this.elapsed = 0;
    this.sequence = 0;
    this.entries = new Map();
  }

  tickOf(deadline) {
    return naiveTickFrom(deadline, this.tickMs) - this.base;
  }

  place(entry) {
    entry.tick = Math.max(this.tickOf(entry.deadline), this.elapsed);
    entry.sequence = this.sequence;
    this.sequence += 1;
  }

  schedule(id, deadline) {
    this.entries.delete(id);
    if (deadline === Infinity) return;
    const entry = { id, deadline, tick: 0, sequence: 0 };
    this.place(entry);
    this.entries.set(id, entry);
  }

  touch(id, deadline) {
    const entry = this.entries.get(id);
    const isLater = entry !== undefined && deadline >= entry.deadline && deadline !== Infinity;
    if (isLater) entry.deadline = deadline;
    else this.schedule(id, deadline);
  }

  cancel(id) {
    return this.entries.delete(id);
  }

  /**
   * The block of ticks whose start is when the wheel next handles an entry: the largest one of 32^n
   * ticks that holds the entry's tick and has not begun yet.
   */
  blockOf(entry) {
    if (entry.tick >= HORIZON_TICKS) return { start: HORIZON_TICKS, size: Infinity };
    for (let size = 2 ** 25; size > 1; size /= 32) {
      const start = Math.floor(entry.tick / size) * size;
      if (start > this.elapsed) return { start, size };
    }
    return { start: entry.tick, size: 1 };
  }

  inOrder(entries) {
    return [...entries].sort((left, right) => left.sequence - right.sequence);
  }

  poll(now) {
    const target = naiveTickUntil(now, this.tickMs);
    if (target < this.base + this.elapsed) return null;
    for (;;) {
      const here = this.inOrder(this.entries.values()).filter(({ tick }) => tick === this.elapsed);
      for (const entry of here) {
        if (this.tickOf(entry.deadline) <= this.elapsed) {
          this.entries.delete(entry.id);
          return entry.id;
        }
        this.place(entry);
      }
      const starts = [...this.entries.values()].map((entry) => this.blockOf(entry).start);
      const start = Math.min(...starts);
      if (start > target - this.base) break;
      this.enter(start, target);
    }
    if (target - this.base >= HORIZON_TICKS) this.base = target;
    this.elapsed = target - this.base;
    return null;
  }

  /** Enters blocks: places their entries anew, but for those whose tick has come. */
  enter(tick, target) {
    const entered = this.inOrder(this.entries.values()).filter((entry) => {
      const { start, size } = this.blockOf(entry);
      return start === tick && size > 1;
    });
    if (tick < HORIZON_TICKS) {
      this.elapsed = tick;
    } else {
      const ticks = entered.map((entry) => naiveTickFrom(entry.deadline, this.tickMs));
      this.base = Math.min(target, ...ticks);
      this.elapsed = 0;
    }
    for (const entry of entered) this.place(entry);
  }

  /** The instant of the next expiry. */
  nextExpiry() {
    let tick = Infinity;
    for (const entry of this.entries.values()) {
      tick = Math.min(tick, Math.max(this.tickOf(entry.deadline), this.elapsed));
    }
    return (tick + this.base) * this.tickMs;
  }
}

function check(condition, what) {
  if (!condition) throw new Error(what);
}

/** A wheel and the list beside it, which must not differ in anything. */
class Comparison {
  constructor({ Timer, TimerWheel }, { start, tickMs, timers }) {
    this.now = start;
    this.timers = Array.from({ length: timers }, () => new Timer());
    this.wheel = new TimerWheel({ now: start, tickMs });
    this.naive = new NaiveWheel(start, tickMs);
    this.expired = 0;
  }

  poll() {
    const timer = this.wheel.poll(this.now);
    const id = timer === null ? null : this.timers.indexOf(timer);
    const expected = this.naive.poll(this.now);
    check(id === expected, `poll(${this.now}) gave ${id}, the list ${expected}`);
    if (timer === null) return null;
    this.expired += 1;
    check(timer.deadline <= this.now, `${id} expired at ${this.now}, before ${timer.deadline}`);
    check(!timer.scheduled, `${id} expired and is still scheduled`);
    return id;
  }

  /** Empties the wheel at this instant; up to `reschedules` expired timers are scheduled again. */
  drain(span, reschedules) {
    let left = reschedules;
    for (let id = this.poll(); id !== null; id = this.poll()) {
      if (left === 0) continue;
      left -= 1;
      this.schedule(
        id,
        left % 2 === 0 ? this.timers[id].deadline + Math.abs(span) : this.now + span,
      );
      if (left % 3 === 0) this.touch((id + 1) % this.timers.length, this.now + span);
      if (left % 5 === 0) this.cancel((id + 2) % this.timers.length);
    }
  }

  schedule(id, deadline) {
    this.wheel.schedule(this.timers[id], deadline);
    this.naive.schedule(id, deadline);
  }

  touch(id, deadline) {
    this.wheel.touch(this.timers[id], deadline);
    this.naive.touch(id, deadline);
  }

  cancel(id) {
    const done = this.wheel.cancel(this.timers[id]);
    check(done === this.naive.cancel(id), `cancel(${id}) gave ${done}`);
  }

  /** Goes where `nextDeadline` says until a timer expires, which must be when the list expects it. */
  followDeadlines() {
    if (this.wheel.size === 0) return;
    const expiry = this.naive.nextExpiry();
    for (let steps = 0; steps < 100; steps += 1) {
      const next = this.wheel.nextDeadline();
      check(next <= expiry, `nextDeadline is ${next}, the next expiry ${expiry}`);
      this.now = Math.max(this.now, next);
      if (this.poll() !== null) return;
    }
    throw new Error('100 polls at nextDeadline, and no timer expired');
  }

  checkState() {
    check(this.wheel.size === this.naive.entries.size, `size is ${this.wheel.size}`);
    const next = this.wheel.nextDeadline();
    const expiry = this.naive.nextExpiry();
    check(next <= expiry, `nextDeadline is ${next}, the next expiry ${expiry}`);
    check((next === Infinity) === (this.wheel.size === 0), `nextDeadline is ${next}`);
    for (const [id, timer] of this.timers.entries()) {
      check(
        timer.scheduled === this.naive.entries.has(id),
        `${id} is scheduled: ${timer.scheduled}`,
      );
    }
  }

  apply({ kind, id, span }) {
    const timer = this.timers[id];
    if (kind === 'schedule') this.schedule(id, this.now + span);
    else if (kind === 'touch') this.touch(id, this.now + span);
    else if (kind === 'extend') {
      this.touch(id, (timer.scheduled ? timer.deadline : this.now) + Math.abs(span));
    } else if (kind === 'forget') this.touch(id, Infinity);
    else if (kind === 'cancel') this.cancel(id);
    else if (kind === 'advance') this.now += Math.abs(span);
    else if (kind === 'back') this.now -= Math.abs(span) % 100;
    else if (kind === 'poll') this.poll();
    else if (kind === 'drain') this.drain(span, 0);
    else if (kind === 'drain-anew') this.drain(span, 20);
    else if (kind === 'follow') this.followDeadlines();
    else throw new Error(`no operation ${kind}`);
  }
}

/** The operations of a history: most are what a server does, some are what clocks do to it. */
export const KINDS = [
  'schedule',
  'schedule',
  'touch',
  'extend',
  'extend',
  'forget',
  'cancel',
  'advance',
  'advance',
  'back',
  'poll',
  'drain',
  'drain-anew',
  'follow',
];

/**
 * Applies a history of `{ kind, id, span }` to the wheel and to the list and throws where they differ.
 * Returns the number of timers that expired.
 */
export function replay(index, setup, history) {
  const comparison = new Comparison(index, setup);
  for (const [step, operation] of history.entries()) {
    try {
      comparison.apply(operation);
      comparison.checkState();
    } catch (error) {
      const told = `step ${step} (${operation.kind} ${operation.id} ${operation.span})`;
      throw new Error(`${told}: ${error.message}`);
    }
  }
  return comparison.expired;
}

/** A small generator of random integers (mulberry32). */
function randomSource(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Horizons in ticks, from the present to far beyond the levels. */
const SPANS = [2, 40, 40, 1100, 33_000, 2 ** 20, 2 ** 25, 2 ** 30, 2 ** 31, 2 ** 31, 2 ** 42];

function randomSpan(random, tickMs) {
  const limit = SPANS[random(SPANS.length)];
  const ticks =
    Math.floor((random(2 ** 31) / 2 ** 31) * limit) + (random(3) === 0 ? random(8) / 8 : 0);
  return (random(6) === 0 ? -ticks % 64 : ticks) * tickMs;
}

function randomHistory(random) {
  const tickMs = [1, 1, 1, 0.1, 0.25, 7.3, 10, 1000][random(8)];
  const start = [0, 0.5, -123456.75, 1.7e12, 2 ** 31 - 3, 98765.4321][random(6)];
  const timers = 1 + random(14);
  const history = [];
  // Half the histories begin with more than 2^31 ticks already elapsed.
  if (random(2) === 0) {
    history.push({ kind: 'advance', id: 0, span: (2 ** 31 + random(1000)) * tickMs });
    history.push({ kind: 'poll', id: 0, span: 0 });
  }
  for (let step = 50 + random(250); step > 0; step -= 1) {
    const kind = KINDS[random(KINDS.length)];
    history.push({ kind, id: random(timers), span: randomSpan(random, tickMs) });
  }
  return { setup: { start, tickMs, timers }, history };
}

/** Timers on a driver under a fake clock: each expires once, never early, at most a tick late. */
function driveRandomly({ index, driver }, random) {
  const clock = new driver.FakeClock({ monotonicMs: random(1000) / 8, wallMs: 1.7e12 });
  let expired = 0;
  const onExpire = (timer, now) => {
    check(now >= timer.deadline, `expired at ${now}, before ${timer.deadline}`);
    check(now - timer.deadline < 3, `expired at ${now}, long after ${timer.deadline}`);
    expired += 1;
  };
  const timerDriver = new driver.TimerDriver({ clock, onExpire, batchMax: 1 + random(4) });
  const timers = Array.from({ length: 3 }, () => new index.Timer());
  let owed = 0;
  for (let step = 0; step < 60; step += 1) {
    const timer = timers[random(timers.length)];
    const wasScheduled = timer.scheduled;
    const deadline = timerDriver.now() + random(random(2) === 0 ? 50 : 100_000) / 4;
    if (random(4) === 0) {
      if (timerDriver.cancel(timer)) owed -= 1;
    } else {
      if (random(2) === 0) timerDriver.touch(timer, deadline);
      else timerDriver.schedule(timer, deadline);
      if (!wasScheduled) owed += 1;
    }
    clock.advance(random(400) / 4);
    check(clock.timersPending <= 1, `${clock.timersPending} runtime timers are set`);
  }
  clock.advance(200_000);
  check(expired === owed, `${expired} timers expired of ${owed}`);
  check(timerDriver.size === 0 && clock.timersPending === 0, 'something is left');
}

/** Timers on a driver under this runtime's own clock: each expires once, and none early. */
async function driveForReal({ index, driver }) {
  const delaysMs = [0, 1, 5, 5, 30];
  const instants = [];
  let guard;
  await new Promise((resolve) => {
    // The driver does not keep a process alive, and this one has nothing else to do.
    guard = setTimeout(resolve, 10_000);
    const onExpire = (timer, now) => {
      instants.push([timer.deadline, now]);
      if (instants.length === delaysMs.length) resolve();
    };
    const timerDriver = new driver.TimerDriver({ onExpire });
    const start = timerDriver.now();
    for (const delayMs of delaysMs) timerDriver.schedule(new index.Timer(), start + delayMs);
  });
  clearTimeout(guard);
  check(instants.length === delaysMs.length, `${instants.length} timers expired`);
  for (const [deadline, now] of instants) {
    check(now >= deadline, `expired at ${now}, before ${deadline}`);
  }
}

/**
 * Runs the sample on the package's modules: `index` and `driver`, as imported. Returns the counts and
 * one line per failure, with the seed that repeats it as `run(modules, { seed, runs: 1 })`.
 */
export async function run({ index, driver }, { seed, runs }) {
  const failures = [];
  let passed = 0;
  for (let number = 0; number < runs; number += 1) {
    const random = randomSource(seed + number);
    try {
      const { setup, history } = randomHistory(random);
      replay(index, setup, history);
      driveRandomly({ index, driver }, random);
      passed += 1;
    } catch (error) {
      failures.push(`timer-wheel, seed ${seed + number}: ${error.message}`);
    }
  }
  try {
    await driveForReal({ index, driver });
    passed += 1;
  } catch (error) {
    failures.push(`timer-wheel, this runtime's clock: ${error.message}`);
  }
  return { passed, failed: failures.length, failures };
}
