// The wheel against a naive list, over random histories. This module needs no test runner, so that
// it can also be run on the packed package: `run({ index, driver }, { seed, runs })`.
import { check, KINDS, replay } from './replay.mjs';

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
    // A third of the deadlines are windows.
    const slack = random(3) === 0 ? Math.abs(randomSpan(random, tickMs)) : 0;
    history.push({ kind, id: random(timers), span: randomSpan(random, tickMs), slack });
  }
  return { setup: { start, tickMs, timers }, history };
}

/** A timer that knows its window, which is what it is to be judged by. */
function windowTimer(Timer) {
  return Object.assign(new Timer(), { earliest: 0, latest: 0 });
}

/** A delay of up to 12 s or 25 s, and a third of the time up to as much slack. */
function randomWindow(random, now) {
  const earliest = now + random(random(2) === 0 ? 50 : 100_000) / 4;
  return { earliest, latest: earliest + (random(3) === 0 ? random(50_000) / 4 : 0) };
}

/** Timers on a driver under a fake clock: each expires once, in its window or little later. */
function driveRandomly({ index, driver }, random) {
  const clock = new driver.FakeClock({ monotonicMs: random(1000) / 8, wallMs: 1.7e12 });
  let expired = 0;
  const onExpire = ({ earliest, latest }, now) => {
    check(now >= earliest, () => `expired at ${now}, before ${earliest}`);
    check(now - latest < 3, () => `expired at ${now}, long after ${latest}`);
    expired += 1;
  };
  const timerDriver = new driver.TimerDriver({ clock, onExpire, batchMax: 1 + random(4) });
  const timers = Array.from({ length: 3 }, () => windowTimer(index.Timer));
  let owed = 0;
  for (let step = 0; step < 60; step += 1) {
    const timer = timers[random(timers.length)];
    const wasScheduled = timer.scheduled;
    if (random(4) === 0) {
      if (timerDriver.cancel(timer)) owed -= 1;
    } else {
      const { earliest, latest } = Object.assign(timer, randomWindow(random, timerDriver.now()));
      if (random(2) === 0) timerDriver.touch(timer, earliest, latest);
      else timerDriver.schedule(timer, earliest, latest);
      if (!wasScheduled) owed += 1;
    }
    clock.advance(random(400) / 4);
    check(clock.timersPending <= 1, () => `${clock.timersPending} runtime timers are set`);
  }
  clock.advance(200_000);
  check(expired === owed, () => `${expired} timers expired of ${owed}`);
  check(timerDriver.size === 0 && clock.timersPending === 0, () => 'something is left');
}

/** Timers on a driver under this runtime's own clock: each expires once, and none early. */
async function driveForReal({ index, driver }) {
  const delaysMs = [0, 1, 5, 5, 30];
  const expired = [];
  let guard;
  await new Promise((resolve) => {
    // The driver does not keep a process alive, and this one has nothing else to do.
    guard = setTimeout(resolve, 10_000);
    const onExpire = ({ earliest }, now) => {
      expired.push({ earliest, now });
      if (expired.length === delaysMs.length) resolve();
    };
    const timerDriver = new driver.TimerDriver({ onExpire });
    const start = timerDriver.now();
    for (const delayMs of delaysMs) {
      const earliest = start + delayMs;
      timerDriver.schedule(Object.assign(windowTimer(index.Timer), { earliest }), earliest);
    }
  });
  clearTimeout(guard);
  check(expired.length === delaysMs.length, () => `${expired.length} timers expired`);
  for (const { earliest, now } of expired) {
    check(now >= earliest, () => `expired at ${now}, before ${earliest}`);
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
