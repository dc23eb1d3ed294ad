// How often timers wake a process, with slack and without: the driver in virtual time, where a turn of
// the event loop is counted exactly and takes no time.
import { Timer } from '@holdline/timer-wheel';
import { FakeClock, TimerDriver } from '@holdline/timer-wheel/driver';
import { numbersFrom } from './cost.mjs';

const PERIOD_MS = 30_000;
const TOUCH_MS = 3000;
const MINUTE_MS = 60_000;

class WindowTimer extends Timer {
  earliest = 0;
  latest = 0;
}

/** The fewest instants that hit every window: again and again the earliest end that is not hit. */
function fewestInstants(windows) {
  windows.sort((one, other) => one.latest - other.latest);
  let count = 0;
  let last = -Infinity;
  for (const { earliest, latest } of windows) {
    if (earliest <= last) continue;
    last = latest;
    count += 1;
  }
  return count;
}

/** Timers with slack on a driver that counts; expired ones are scheduled again, a period later. */
function slackTimers(count, slackMs) {
  const clock = new FakeClock();
  const hit = [];
  const next = numbersFrom(3);
  const timers = Array.from({ length: count }, () => new WindowTimer());
  const schedule = (timer, earliest) => {
    timer.earliest = earliest;
    timer.latest = earliest + slackMs;
    driver.schedule(timer, timer.earliest, timer.latest);
  };
  const driver = new TimerDriver({
    clock,
    // Else a turn would be split, and turns are what is counted.
    batchMax: Infinity,
    onExpire(timer, now) {
      hit.push({ earliest: timer.earliest, latest: timer.latest });
      schedule(timer, now + PERIOD_MS);
    },
  });
  for (const timer of timers) schedule(timer, next(PERIOD_MS));
  return { clock, driver, timers, hit, next };
}

/** Heartbeats: every timer expires, and is set again. */
function heartbeats(count, slackMs) {
  const { clock, driver, hit } = slackTimers(count, slackMs);
  clock.advance(2 * MINUTE_MS);
  const { turns } = driver.lateness;
  hit.length = 0;
  clock.advance(MINUTE_MS);
  return { turns: driver.lateness.turns - turns, fewest: fewestInstants(hit) };
}

/** Idle timeouts: every timer is touched long before it expires. */
function idleTimeouts(count, slackMs) {
  const { clock, driver, timers } = slackTimers(count, slackMs);
  const turnsAfter = (durationMs) => {
    let position = 0;
    for (let passed = 1; passed <= durationMs; passed += 1) {
      clock.advance(1);
      for (; position < (passed * count) / TOUCH_MS; position += 1) {
        const timer = timers[position % count];
        driver.touch(timer, driver.now() + PERIOD_MS, driver.now() + PERIOD_MS + slackMs);
      }
    }
    return driver.lateness.turns;
  };
  const turns = turnsAfter(MINUTE_MS);
  return { turns: turnsAfter(MINUTE_MS) - turns, fewest: 0 };
}

/** Milliseconds of a minute in which at least one of so many periodic timers is due. */
function distinctMilliseconds(count) {
  const next = numbersFrom(3);
  const due = new Set(Array.from({ length: count }, () => next(PERIOD_MS)));
  return (due.size * MINUTE_MS) / PERIOD_MS;
}

/** The lines of a table: wake-ups per minute by number of timers and slack. */
export function wakeUpRows(counts) {
  const rows = [['wake-ups per minute', 'slack 0', 'slack 10 %', 'slack 50 %']];
  for (const count of counts) {
    const measured = [0, 0.1, 0.5].map((share) => heartbeats(count, share * PERIOD_MS));
    rows.push([`${count} heartbeats of 30 s, driver`, ...measured.map(({ turns }) => `${turns}`)]);
    rows.push(['  fewest for their windows', ...measured.map(({ fewest }) => `${fewest}`)]);
    rows.push(['  setTimeout: milliseconds due', `${distinctMilliseconds(count)}`, '-', '-']);
    const touched = [0, 0.1, 0.5].map((share) => idleTimeouts(count, share * PERIOD_MS));
    rows.push([
      `${count} idle timeouts of 30 s, touched every 3 s`,
      ...touched.map(({ turns }) => `${turns}`),
    ]);
  }
  return rows;
}
