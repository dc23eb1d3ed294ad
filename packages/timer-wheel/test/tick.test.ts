import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coarsestTick, INSTANT_TICKS_MAX, instantOf, tickFrom, tickUntil } from '../src/tick.ts';
import { naiveChoice, naiveTickFrom, naiveTickUntil } from './naive-wheel.mjs';

const tickMs = fc.constantFrom(1, 0.1, 1 / 3, 7.3, 16);
const ticks = fc.oneof(
  fc.integer({ min: -100, max: 100 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: -(2 ** 49), max: 2 ** 49 }),
);

test('an instant is between its ticks, in spite of rounding', () => {
  fc.assert(
    fc.property(ticks, tickMs, (count, resolution) => {
      const instant = count * resolution;
      expect(tickFrom(instant, resolution) - INSTANT_TICKS_MAX).toBe(
        naiveTickFrom(instant, resolution),
      );
      expect(tickUntil(instant, resolution) - INSTANT_TICKS_MAX).toBe(
        naiveTickUntil(instant, resolution),
      );
    }),
    { numRuns: 2000 },
  );
});

test('the instant of a tick has that tick, on both sides of 0 and at the ends', () => {
  for (const count of [-(2 ** 50), -(2 ** 49) - 1, -1, 0, 1, 12_345, 2 ** 49 + 1, 2 ** 50]) {
    for (const resolution of [1, 0.1, 1 / 3, 7.3]) {
      const tick = count + INSTANT_TICKS_MAX;
      const instant = instantOf(tick, resolution);
      expect(instant).toBe(count * resolution);
      expect(tickFrom(instant, resolution)).toBe(tick);
      expect(tickUntil(instant, resolution)).toBe(tick);
    }
  }
  expect(instantOf(Infinity, 0.1)).toBe(Infinity);
});

/** The number of times that 2 divides a tick. */
function twos(tick: number): number {
  let count = 0;
  while (tick % 2 ** (count + 1) === 0) count += 1;
  return count;
}

test('every window within 64 ticks: the choice is the one with the most twos', () => {
  for (let first = 1; first < 64; first += 1) {
    for (let last = first; last < 64; last += 1) {
      const chosen = coarsestTick(first, last);
      expect(chosen >= first && chosen <= last).toBe(true);
      for (let other = first; other <= last; other += 1) {
        if (other !== chosen) expect(twos(other)).toBeLessThan(twos(chosen));
      }
    }
  }
});

test('every window within 32 ticks: one whose ends are not earlier does not choose earlier', () => {
  for (let first = 1; first < 32; first += 1) {
    for (let last = first; last < 32; last += 1) {
      const chosen = coarsestTick(first, last);
      for (let laterFirst = first; laterFirst < 32; laterFirst += 1) {
        for (let laterLast = Math.max(last, laterFirst); laterLast < 32; laterLast += 1) {
          expect(coarsestTick(laterFirst, laterLast)).toBeGreaterThanOrEqual(chosen);
        }
      }
    }
  }
});

test('the choice is that of the search, for windows of any place and length', () => {
  const slack = fc.oneof(
    fc.nat(100),
    fc.nat(2 ** 30),
    fc.nat(2 ** 30).map((more) => more * 16),
  );
  fc.assert(
    fc.property(ticks, slack, (first, length) => {
      const start = Math.round(first);
      const chosen = coarsestTick(start + INSTANT_TICKS_MAX, start + length + INSTANT_TICKS_MAX);
      expect(chosen - INSTANT_TICKS_MAX).toBe(naiveChoice(start, start + length, 1) + 0);
    }),
    { numRuns: 2000 },
  );
});

test('a window of more than 2^30 ticks counts as that long', () => {
  expect(coarsestTick(2 ** 40 + 1, 2 ** 41)).toBe(2 ** 40 + 2 ** 30);
  expect(coarsestTick(0, 2 ** 40)).toBe(0);
});
