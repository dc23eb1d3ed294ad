// A history of operations, applied to a wheel and to the naive list beside it, which must agree.
import { NaiveWheel, naiveChoice } from './naive-wheel.mjs';

/** Throws an error that says what is wrong, unless all is well. */
export function check(condition, what) {
  if (!condition) throw new Error(what());
}

/** A wheel and the list beside it. */
class Comparison {
  constructor({ Timer, TimerWheel }, { start, tickMs, timers }) {
    this.now = start;
    this.tickMs = tickMs;
    this.timers = Array.from({ length: timers }, () => new Timer());
    this.wheel = new TimerWheel({ now: start, tickMs });
    this.naive = new NaiveWheel(start, tickMs);
    this.expired = 0;
  }

  poll() {
    const timer = this.wheel.poll(this.now);
    const id = timer === null ? null : this.timers.indexOf(timer);
    check(this.naive.accepts(id, this.now), () => `poll(${this.now}) gave ${id}`);
    if (timer === null) return null;
    this.expired += 1;
    check(timer.deadline <= this.now, () => `${id} expired at ${this.now}: early`);
    check(!timer.scheduled, () => `${id} expired and is still scheduled`);
    return id;
  }

  /** Empties the wheel at this instant; up to `reschedules` expired timers are scheduled again. */
  drain(span, reschedules) {
    let left = reschedules;
    for (let id = this.poll(); id !== null; id = this.poll()) {
      if (left === 0) continue;
      left -= 1;
      const isPeriod = left % 2 === 0;
      this.schedule(id, isPeriod ? this.timers[id].deadline + Math.abs(span) : this.now + span, 0);
      if (left % 3 === 0) this.touch((id + 1) % this.timers.length, this.now + span, 0);
      if (left % 5 === 0) this.cancel((id + 2) % this.timers.length);
    }
  }

  /** The second argument of a window, or none: the wheel has to tell them apart itself. */
  latest(earliest, slack) {
    return slack === 0 ? [] : [earliest + slack];
  }

  schedule(id, earliest, slack) {
    this.wheel.schedule(this.timers[id], earliest, ...this.latest(earliest, slack));
    this.naive.schedule(id, naiveChoice(earliest, earliest + slack, this.tickMs));
  }

  touch(id, earliest, slack) {
    this.wheel.touch(this.timers[id], earliest, ...this.latest(earliest, slack));
    this.naive.touch(id, naiveChoice(earliest, earliest + slack, this.tickMs));
  }

  cancel(id) {
    const done = this.wheel.cancel(this.timers[id]);
    check(done === this.naive.cancel(id), () => `cancel(${id}) gave ${done}`);
  }

  /** Goes where `nextDeadline` says until a timer expires, which must be when the list expects it. */
  followDeadlines() {
    if (this.wheel.size === 0) return;
    const expiry = this.naive.nextExpiry();
    for (let steps = 0; steps < 100; steps += 1) {
      const next = this.wheel.nextDeadline();
      check(next <= expiry, () => `nextDeadline is ${next}, the next expiry ${expiry}`);
      this.now = Math.max(this.now, next);
      if (this.poll() !== null) return;
    }
    throw new Error('100 polls at nextDeadline, and no timer expired');
  }

  checkState() {
    const { wheel, naive, timers } = this;
    const next = wheel.nextDeadline();
    const expiry = naive.nextExpiry();
    check(wheel.size === naive.entries.length, () => `size is ${wheel.size}`);
    check(next <= expiry, () => `nextDeadline is ${next}, the next expiry ${expiry}`);
    check((next === Infinity) === (wheel.size === 0), () => `nextDeadline is ${next}`);
    let scheduled = 0;
    for (const timer of timers) if (timer.scheduled) scheduled += 1;
    check(scheduled === wheel.size, () => `${scheduled} timers are scheduled`);
    for (const { id, deadline } of naive.entries) {
      const timer = timers[id];
      check(timer.scheduled && timer.deadline === deadline, () => `${id}: ${timer.deadline}`);
    }
  }

  apply({ kind, id, span, slack = 0 }) {
    if (kind === 'schedule') this.schedule(id, this.now + span, slack);
    else if (kind === 'touch') this.touch(id, this.now + span, slack);
    else if (kind === 'extend') {
      const { scheduled, deadline } = this.timers[id];
      this.touch(id, (scheduled ? deadline : this.now) + Math.abs(span), slack);
    } else if (kind === 'forget') this.touch(id, Infinity, 0);
    else if (kind === 'cancel') this.cancel(id);
    else if (kind === 'advance') this.now += Math.abs(span);
    else if (kind === 'pass') {
      this.now += span;
      this.poll();
    } else if (kind === 'pass-all') {
      this.now += span;
      this.drain(span, 0);
    } else if (kind === 'pass-anew') {
      this.now += span;
      this.drain(span, 1);
    } else if (kind === 'back') this.now -= Math.abs(span) % 100;
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
 * Applies a history of `{ kind, id, span, slack }` to the wheel and to the list and throws where they
 * differ. Returns the number of timers that expired.
 */
export function replay(index, setup, history) {
  const comparison = new Comparison(index, setup);
  let step = 0;
  try {
    for (; step < history.length; step += 1) {
      comparison.apply(history[step]);
      comparison.checkState();
    }
  } catch (error) {
    const { kind, id, span, slack = 0 } = history[step];
    throw new Error(`step ${step} (${kind} ${id} ${span} ${slack}): ${error.message}`);
  }
  return comparison.expired;
}
