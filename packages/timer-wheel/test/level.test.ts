import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  firstSlot,
  HORIZON_TICKS,
  OVERFLOW,
  SLOTS,
  slotOf,
  slotStart,
  slotTicks,
} from '../src/level.ts';

const tick = fc.integer({ min: 0, max: HORIZON_TICKS - 1 });

/** Without bits: the largest blocks of 32^level ticks that hold the one tick and not the other. */
function naiveSlot(later: number, elapsed: number): { level: number; start: number } {
  for (let level = 5; level > 0; level -= 1) {
    const size = 32 ** level;
    const start = Math.floor(later / size) * size;
    if (start > elapsed) return { level, start };
  }
  return { level: 0, start: later };
}

test('a tick lies in the slot that the naive search finds', () => {
  const ahead = fc.tuple(tick, tick).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  fc.assert(
    fc.property(ahead, ([elapsed, later]) => {
      const index = slotOf(later, elapsed);
      const { level, start } = naiveSlot(later, elapsed);
      expect(Math.floor(index / SLOTS)).toBe(level);
      expect(slotStart(index, elapsed)).toBe(start);
      expect(slotTicks(index)).toBe(32 ** level);
      expect(later).toBeLessThan(start + slotTicks(index));
    }),
    { numRuns: 2000 },
  );
});

test('every slot of the first two levels, from every elapsed tick', () => {
  for (let elapsed = 0; elapsed < 1024; elapsed += 1) {
    for (let later = elapsed; later < 1024; later += 1) {
      const index = slotOf(later, elapsed);
      const { level, start } = naiveSlot(later, elapsed);
      if (index >> 5 !== level || slotStart(index, elapsed) !== start) {
        expect({ elapsed, later, index }).toBe({ level, start });
      }
    }
  }
});

test('the slots next to the edges of levels', () => {
  expect(slotOf(0, 0)).toBe(0);
  expect(slotOf(31, 0)).toBe(31);
  expect(slotOf(32, 0)).toBe(SLOTS + 1);
  expect(slotOf(32, 31)).toBe(SLOTS + 1);
  expect(slotOf(HORIZON_TICKS - 1, 0)).toBe(OVERFLOW - 1);
  expect(slotOf(HORIZON_TICKS - 1, HORIZON_TICKS - 1)).toBe(31);
});

test('the overflow slot begins at the horizon and never ends', () => {
  expect(slotStart(OVERFLOW, 12345)).toBe(HORIZON_TICKS);
  expect(slotTicks(OVERFLOW)).toBe(Infinity);
});

test('the first slot of a word is its lowest bit, also where the word is negative', () => {
  for (let slot = 0; slot < SLOTS; slot += 1) {
    expect(firstSlot(1 << slot)).toBe(slot);
    expect(firstSlot(-1 << slot)).toBe(slot);
  }
});
