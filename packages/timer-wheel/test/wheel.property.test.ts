import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as driver from '../src/driver.ts';
import * as index from '../src/index.ts';
import { run } from './packed.mjs';
import { KINDS, replay } from './replay.mjs';

interface Operation {
  readonly kind: string;
  readonly id: number;
  readonly span: number;
  readonly slack?: number;
}

const TIMERS = 10;

/** Ticks from the present to far beyond the horizon; some whole, some not, few in the past. */
const span = fc.oneof(
  fc.integer({ min: -5, max: 40 }),
  fc.integer({ min: 0, max: 2000 }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.integer({ min: 0, max: 2 ** 21 }),
  fc.integer({ min: 2 ** 29, max: 2 ** 31 }),
  fc.integer({ min: 0, max: 2 ** 40 }),
);

const history = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    id: fc.integer({ min: 0, max: TIMERS - 1 }),
    span,
    slack: fc.oneof(fc.constant(0), fc.constant(0), span.map(Math.abs)),
  }),
  { maxLength: 250, size: 'max' },
);

const setup = fc.record({
  start: fc.constantFrom(0, 0.5, -1e6, 1.7e12),
  tickMs: fc.constantFrom(1, 0.1, 7.3, 16),
  timers: fc.constant(TIMERS),
});

test('the wheel does what the naive list does', () => {
  fc.assert(
    fc.property(setup, history, (place, operations) => {
      replay(index, place, operations);
    }),
    { numRuns: 1000 },
  );
});

test('it does so with more than 2^31 ticks elapsed', () => {
  const leap: Operation[] = [
    { kind: 'advance', id: 0, span: 2 ** 31 + 5 },
    { kind: 'poll', id: 0, span: 0 },
  ];
  fc.assert(
    fc.property(history, (operations) => {
      replay(index, { start: 0.25, tickMs: 1, timers: TIMERS }, [...leap, ...operations]);
    }),
    { numRuns: 500 },
  );
});

test('the sample for packed packages passes', async () => {
  const result = await run({ index, driver }, { seed: 1, runs: 300 });
  expect(result).toEqual({ passed: 301, failed: 0, failures: [] });
});

test('the sample finds a wheel that is wrong', async () => {
  class ForgetsItsPlace extends index.TimerWheel {
    override touch(timer: index.Timer, deadline: number): void {
      if (timer.scheduled) super.touch(timer, deadline);
    }
  }
  class IsEarly extends index.TimerWheel {
    override poll(now: number): index.Timer | null {
      return super.poll(now + 1);
    }
  }
  class SleepsLong extends index.TimerWheel {
    override nextDeadline(): number {
      return super.nextDeadline() + 1;
    }
  }
  class TakesAnyInstant extends index.TimerWheel {
    override schedule(timer: index.Timer, earliest: number, latest = earliest): void {
      super.schedule(timer, latest);
    }
  }
  for (const TimerWheel of [ForgetsItsPlace, IsEarly, SleepsLong, TakesAnyInstant]) {
    const wrong = await run({ index: { ...index, TimerWheel }, driver }, { seed: 1, runs: 30 });
    expect(wrong.failed).toBeGreaterThan(0);
    expect(wrong.failures[0]).toMatch(/^timer-wheel, seed \d+: step \d+/);
  }
});
