import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock, TimerDriver } from '../src/driver.ts';
import { Timer } from '../src/timer.ts';
import { TimerWheel } from '../src/wheel.ts';

describe('the instant chosen in a window', () => {
  test('is the multiple of the greatest power of two ticks', () => {
    const wheel = new TimerWheel({ now: 0 });
    const timer = new Timer();
    wheel.schedule(timer, 1000, 1100);
    expect(timer.deadline).toBe(1024);
    expect(wheel.nextDeadline()).toBe(1024);
    expect(wheel.poll(1023.9)).toBe(null);
    expect(wheel.poll(1024)).toBe(timer);
  });

  test('may be either end, and both count', () => {
    const wheel = new TimerWheel({ now: 0 });
    const timer = new Timer();
    wheel.schedule(timer, 64, 100);
    expect(timer.deadline).toBe(64);
    wheel.schedule(timer, 65, 128);
    expect(timer.deadline).toBe(128);
    wheel.schedule(timer, 65, 127.999);
    expect(timer.deadline).toBe(96);
  });

  test('is a multiple of ticks, not of milliseconds', () => {
    const wheel = new TimerWheel({ now: 0, tickMs: 10 });
    const timer = new Timer();
    wheel.schedule(timer, 601, 700);
    expect(timer.deadline).toBe(640);
  });

  test('is where the earliest is rounded to when no tick is in the window', () => {
    const wheel = new TimerWheel({ now: 0, tickMs: 10 });
    const timer = new Timer();
    wheel.schedule(timer, 601, 609);
    expect(timer.deadline).toBe(601);
    expect(wheel.nextDeadline()).toBe(610);
  });

  test('is the instant itself when the window is one', () => {
    const wheel = new TimerWheel({ now: 0 });
    const timer = new Timer();
    wheel.schedule(timer, 601.5, 601.5);
    expect(timer.deadline).toBe(601.5);
    wheel.touch(timer, 777, 777);
    expect(timer.deadline).toBe(777);
  });

  test('may lie in the past, like any deadline', () => {
    const wheel = new TimerWheel({ now: 5000 });
    const timer = new Timer();
    wheel.schedule(timer, 4000, 6000);
    expect(timer.deadline).toBe(4096);
    expect(wheel.poll(5000)).toBe(timer);
  });

  test('is never, when the window begins there', () => {
    const wheel = new TimerWheel({ now: 0 });
    const timer = new Timer();
    wheel.schedule(timer, 100, 200);
    wheel.touch(timer, Infinity, Infinity);
    expect([timer.scheduled, timer.deadline]).toEqual([false, Infinity]);
  });
});

describe('touch with a window', () => {
  test('does not move a timer while neither end becomes earlier', () => {
    const wheel = new TimerWheel({ now: 0 });
    const timer = new Timer();
    wheel.schedule(timer, 5000, 6000);
    const slot = timer.wheelSlot;
    for (let now = 0; now < 4000; now += 7) wheel.touch(timer, 5000 + now, 6000 + now);
    expect(timer.wheelSlot).toBe(slot);
    expect(timer.deadline).toBe(9216);
  });

  test('to an earlier window places the timer at once', () => {
    const wheel = new TimerWheel({ now: 0 });
    const timer = new Timer();
    wheel.schedule(timer, 5000, 6000);
    wheel.touch(timer, 100, 200);
    expect(wheel.nextDeadline()).toBe(128);
  });

  test('schedules a timer that is not scheduled', () => {
    const wheel = new TimerWheel({ now: 0 });
    wheel.touch(new Timer(), 100, 200);
    expect(wheel.nextDeadline()).toBe(128);
  });
});

test('a window that is none changes nothing', () => {
  const wheel = new TimerWheel({ now: 0 });
  const timer = new Timer();
  wheel.schedule(timer, 50);
  const wrong = [
    [100, 99],
    [100, NaN],
    [NaN, 100],
    [100, Infinity],
    [Infinity, 100],
    [-Infinity, 100],
    [100, 2 ** 51],
  ] as const;
  for (const [earliest, latest] of wrong) {
    expect(() => wheel.schedule(timer, earliest, latest)).toThrow(RangeError);
    expect(() => wheel.touch(timer, earliest, latest)).toThrow(RangeError);
  }
  for (const latest of ['200', null, 200n] as unknown as number[]) {
    expect(() => wheel.schedule(timer, 100, latest)).toThrow(TypeError);
    expect(() => wheel.touch(timer, 100, latest)).toThrow(TypeError);
  }
  const other = new TimerWheel({ now: 0 });
  expect(() => other.schedule(timer, 100, 200)).toThrow('another wheel holds this timer');
  expect([timer.deadline, wheel.size, wheel.nextDeadline()]).toEqual([50, 1, 50]);
});

class Windowed extends Timer {
  earliest = 0;
  latest = 0;
}

const windows = fc.array(
  fc.record({
    after: fc.double({ min: 0, max: 3000, noNaN: true }),
    delay: fc.double({ min: 0, max: 20_000, noNaN: true }),
    slack: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 8000, noNaN: true })),
    isTouch: fc.boolean(),
  }),
  { maxLength: 80 },
);

test('polled when nextDeadline says, no timer expires outside its window', () => {
  fc.assert(
    fc.property(windows, fc.constantFrom(1, 0.25, 7), (steps, tickMs) => {
      const wheel = new TimerWheel<Windowed>({ now: 0, tickMs });
      const timers = Array.from({ length: 9 }, () => new Windowed());
      let now = 0;
      const follow = (until: number) => {
        for (let next = wheel.nextDeadline(); next <= until; next = wheel.nextDeadline()) {
          now = Math.max(now, next);
          for (let timer = wheel.poll(now); timer !== null; timer = wheel.poll(now)) {
            expect(now).toBeGreaterThanOrEqual(timer.earliest);
            // Where no tick is in the window, the first one after it has to do.
            expect(now).toBeLessThanOrEqual(Math.max(timer.latest, timer.earliest + tickMs));
          }
        }
        now = until;
      };
      for (const [step, { after, delay, slack, isTouch }] of steps.entries()) {
        follow(now + after);
        const timer = timers[step % timers.length]!;
        timer.earliest = now + delay;
        timer.latest = timer.earliest + slack;
        if (isTouch) wheel.touch(timer, timer.earliest, timer.latest);
        else wheel.schedule(timer, timer.earliest, timer.latest);
      }
      follow(now + 30_000);
      expect(wheel.size).toBe(0);
    }),
    { numRuns: 500 },
  );
});

/** The fewest instants that hit every window: again and again the earliest end that is not hit. */
function fewestInstants(list: readonly { earliest: number; latest: number }[]): number {
  let count = 0;
  let last = -Infinity;
  for (const { earliest, latest } of list.toSorted((one, other) => one.latest - other.latest)) {
    if (earliest <= last) continue;
    last = latest;
    count += 1;
  }
  return count;
}

test('windows of one length take at most three times the fewest wake-ups', () => {
  const starts = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(starts, fc.integer({ min: 1, max: 3000 }), (earliests, slackMs) => {
      const clock = new FakeClock();
      const driver = new TimerDriver<Windowed>({ clock, onExpire: () => {} });
      const timers = earliests.map((earliest) => {
        const timer = Object.assign(new Windowed(), { earliest, latest: earliest + slackMs });
        driver.schedule(timer, timer.earliest, timer.latest);
        return timer;
      });
      clock.advance(30_000);
      expect(driver.size).toBe(0);
      const chosen = new Set(timers.map(({ deadline }) => deadline)).size;
      expect(chosen).toBeLessThanOrEqual(3 * fewestInstants(timers));
      // The driver wakes for nothing else but slots that more than 32 timers share: there are 40.
      expect(driver.lateness.turns).toBeLessThanOrEqual(chosen + 40);
    }),
    { numRuns: 300 },
  );
});

test('a thousand heartbeats with 10 % slack share their wake-ups', () => {
  const wakeUps = [0, 3000].map((slackMs) => {
    const clock = new FakeClock();
    const driver = new TimerDriver<Timer>({
      clock,
      batchMax: Infinity,
      onExpire: (timer, now) => driver.schedule(timer, now + 30_000, now + 30_000 + slackMs),
    });
    for (let number = 0; number < 1000; number += 1) {
      const earliest = (number * 7919) % 30_000;
      driver.schedule(new Timer(), earliest, earliest + slackMs);
    }
    clock.advance(600_000);
    return driver.lateness.turns;
  });
  expect(wakeUps[0]).toBeGreaterThan(19_000);
  expect(wakeUps[1]).toBeLessThan(600_000 / 2048 + 40);
});
