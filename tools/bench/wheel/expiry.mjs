// What a subject does of its own accord while time passes: nothing for long, then expire its timers.
import { cpuOf, shuffledOf } from './cost.mjs';
import { expiryCount } from './subjects.mjs';

const FAR_MS = 3_600_000;
/** A slow subject is not followed through its hour: this much CPU is enough to tell. */
const IDLE_NS_MAX = 5e8;
/** The longest call is known when so many rounds in a row have not made it shorter by 5 %. */
const STEADY_ROUNDS = 3;
const ROUNDS_MAX = 20;

/**
 * The cost of an hour at whose end the first timers are due, ticking as the subject does, and so with
 * all that is done to have them ready: CPU nanoseconds per tick and per millisecond.
 */
export function measureIdle(subject, owners, delays) {
  subject.renew?.();
  const pending = Array.from(delays, (delay, id) => {
    return subject.create(id, FAR_MS + delay, owners[id]);
  });
  const ticksMax = Math.floor(FAR_MS / subject.tickMs);
  const batchMax = subject.tickMs === 1 ? 10_000 : 10;
  // Not counted: what the compiler makes of the first ticks.
  for (let tick = 0; tick < batchMax; tick += 1) subject.advance(subject.tickMs, null);
  let ticks = batchMax;
  let spentNs = 0;
  while (ticks < ticksMax && spentNs < IDLE_NS_MAX) {
    const batch = Math.min(batchMax, ticksMax - ticks);
    spentNs += cpuOf(1, () => {
      for (let tick = 0; tick < batch; tick += 1) subject.advance(subject.tickMs, null);
    });
    ticks += batch;
  }
  for (const owner of pending) subject.cancel(owner);
  subject.settle?.();
  const perTick = spentNs / (ticks - batchMax);
  return {
    tickNs: perTick / (subject.turnsPerAdvance ?? 1),
    idleNsPerMs: perTick / subject.tickMs,
  };
}

/** Lets all timers expire tick by tick: CPU nanoseconds for each. */
export function measureExpiry(subject, owners, delays, passes) {
  const count = delays.length;
  let cost = 0;
  // The first pass warms up.
  for (let pass = 0; pass <= passes; pass += 1) {
    subject.renew?.();
    for (let id = 0; id < count; id += 1) subject.create(id, delays[id], owners[id]);
    const already = expiryCount();
    const spent = cpuOf(count, () => {
      for (let passed = 0; passed < 70_000; passed += subject.tickMs) {
        subject.advance(subject.tickMs, null);
      }
    });
    const lost = count - (expiryCount() - already);
    if (lost > 0) return { lost };
    if (pass > 0) cost += spent / passes;
  }
  return { expire: cost };
}

/** Lets all timers expire; keeps of each call the shortest time that it has taken in any round so far. */
function timeCalls(subject, owners, delays, order, shortest) {
  subject.renew?.();
  for (let position = 0; position < delays.length; position += 1) {
    subject.schedule(owners[order[position]], delays[position]);
  }
  globalThis.gc();
  let call = 0;
  const record = (milliseconds) => {
    shortest[call] = Math.min(shortest[call] ?? Infinity, milliseconds);
    call += 1;
  };
  for (let passed = 0; passed < 70_000; passed += subject.tickMs) {
    subject.advance(subject.tickMs, record);
  }
}

/**
 * The longest single call while all timers expire, in milliseconds. Each round makes the same calls, and
 * of each call the shortest time counts: what else the machine does interrupts another call each round.
 */
export function measureWorstCall(subject, owners, delays) {
  // In memory the timers lie in another order than in any list of the subject's.
  const order = shuffledOf(delays.length);
  const shortest = [];
  let longest = Infinity;
  let steadyRounds = 0;
  for (let round = 0; round < ROUNDS_MAX && steadyRounds < STEADY_ROUNDS; round += 1) {
    timeCalls(subject, owners, delays, order, shortest);
    const now = shortest.reduce((worst, milliseconds) => Math.max(worst, milliseconds), 0);
    if (now > longest * 0.95) steadyRounds += 1;
    else steadyRounds = 0;
    longest = Math.min(longest, now);
  }
  return longest;
}
