import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as driver from '../src/driver.ts';
import * as index from '../src/index.ts';
import { KINDS, replay, run } from './packed.mjs';

interface Operation {
  readonly kind: string;
  readonly id: number;
  readonly span: number;
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

test('every history of four operations on two timers, around the edges of slots and levels', () => {
  const operations: Operation[] = [];
  for (const distance of [0, 1, 31, 33]) {
    operations.push({ kind: 'schedule', id: 0, span: distance });
    operations.push({ kind: 'touch', id: 1, span: distance });
    operations.push({ kind: 'extend', id: 0, span: distance });
    operations.push({ kind: 'advance', id: 0, span: distance });
  }
  operations.push({ kind: 'cancel', id: 0, span: 0 });
  operations.push({ kind: 'poll', id: 0, span: 0 });
  operations.push({ kind: 'follow', id: 0, span: 0 });
  const end: Operation[] = [
    { kind: 'follow', id: 0, span: 0 },
    { kind: 'advance', id: 0, span: 100 },
    { kind: 'drain', id: 0, span: 0 },
  ];
  const place = { start: 30, tickMs: 1, timers: 2 };
  let expired = 0;
  for (const first of operations) {
    for (const second of operations) {
      for (const third of operations) {
        for (const fourth of operations) {
          expired += replay(index, place, [first, second, third, fourth, ...end]);
        }
      }
    }
  }
  expect(expired).toBeGreaterThan(operations.length ** 4);
});

test('the sample for packed packages passes', async () => {
  const result = await run({ index, driver }, { seed: 1, runs: 300 });
  expect(result).toEqual({ passed: 301, failed: 0, failures: [] });
});

test('the sample finds a wheel that is wrong', async () => {
  class TouchesEagerly extends index.TimerWheel {
    override touch(timer: index.Timer, deadline: number): void {
      this.schedule(timer, deadline);
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
  for (const TimerWheel of [TouchesEagerly, IsEarly, SleepsLong]) {
    const wrong = await run({ index: { ...index, TimerWheel }, driver }, { seed: 1, runs: 30 });
    expect(wrong.failed).toBeGreaterThan(0);
    expect(wrong.failures[0]).toMatch(/^timer-wheel, seed \d+: step \d+/);
  }
});
