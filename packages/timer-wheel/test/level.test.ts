import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BLOCK_TICKS,
  blockEnd,
  RING_SLOTS,
  SLOTS,
  slotOf,
  slotStart,
  slotTicks,
} from '../src/level.ts';

/** The index of the first slot above level 0. */
const UPPER = slotOf(BLOCK_TICKS, BLOCK_TICKS - 1) - 1;

/** Without bits: the largest block of 512 * 32^level ticks that holds the tick and is not begun. */
function naiveSlot(tick: number, filled: number): { ticks: number; start: number } {
  for (let ticks = 2 ** 49; ticks > BLOCK_TICKS; ticks /= 32) {
    const start = Math.floor(tick / ticks) * ticks;
    if (start > filled) return { ticks, start };
  }
  return { ticks: BLOCK_TICKS, start: Math.floor(tick / BLOCK_TICKS) * BLOCK_TICKS };
}

const tick = fc.oneof(
  fc.nat(2 ** 20),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 0, max: 2 ** 51 }),
  fc.integer({ min: 2 ** 50 - 2 ** 20, max: 2 ** 50 + 2 ** 20 }),
);

test('a tick beyond what is filled lies in the slot that the naive search finds', () => {
  fc.assert(
    fc.property(tick, tick, (one, other) => {
      const filled = blockEnd(Math.min(one, other));
      const later = Math.max(one, other) + BLOCK_TICKS;
      const index = slotOf(later, filled);
      const { ticks, start } = naiveSlot(later, filled);
      expect(slotTicks(index)).toBe(ticks);
      expect(slotStart(index, filled)).toBe(start);
      expect(index).toBeGreaterThanOrEqual(UPPER);
      expect(index).toBeLessThan(SLOTS);
    }),
    { numRuns: 5000 },
  );
});

test('different slots have different indices, in the order of their ticks on each level', () => {
  const filled = 5 * BLOCK_TICKS - 1;
  let former = slotOf(filled + 1, filled);
  for (let later = filled + 1; later < 2 ** 15; later += 1) {
    const index = slotOf(later, filled);
    if (index !== former) {
      expect(index).toBeGreaterThan(former);
      expect(slotStart(index, filled)).toBe(later);
    }
    former = index;
  }
});

test('what is filled lies on level 0, one slot per tick of two blocks', () => {
  const filled = 7 * BLOCK_TICKS - 1;
  const indices = new Set<number>();
  for (let early = filled - RING_SLOTS + 1; early <= filled; early += 1) {
    indices.add(slotOf(early, filled));
  }
  expect(indices.size).toBe(RING_SLOTS);
  expect(Math.max(...indices)).toBe(RING_SLOTS - 1);
  expect(Math.min(...indices)).toBe(0);
});

test('a slot keeps its start while it is spread over lower levels', () => {
  const filled = 2 ** 19 - 1;
  const whole = slotOf(2 ** 19 + 3, filled);
  expect(slotStart(whole, filled)).toBe(2 ** 19);
  const part = slotOf(2 ** 19 + 2 ** 14 * 5 + 3, filled + BLOCK_TICKS);
  expect(slotStart(part, filled)).toBe(2 ** 19 + 2 ** 14 * 5);
});

test('a block ends before the next multiple of its length', () => {
  for (const start of [0, BLOCK_TICKS, 2 ** 31, 2 ** 50 + 3 * BLOCK_TICKS]) {
    expect(blockEnd(start)).toBe(start + BLOCK_TICKS - 1);
    expect(blockEnd(start + 77)).toBe(start + BLOCK_TICKS - 1);
    expect(blockEnd(start + BLOCK_TICKS - 1)).toBe(start + BLOCK_TICKS - 1);
  }
});
