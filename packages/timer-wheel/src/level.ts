// Arithmetic of ticks and slots. Level 0 is a ring of two blocks, one slot per tick. A tick beyond what
// is filled of it has its slot on the level of the highest bit in which it differs from the last tick
// filled. So the slots of one level above 0 never wrap around: all that are occupied lie ahead, in
// order, and every slot of a lower level comes before every slot of a higher one.

import { BLOCK_BITS, LEVELS, SLOT_BITS } from './geometry.ts';

/** Ticks in a block. */
export const BLOCK_TICKS: number = 1 << BLOCK_BITS;

/** Slots of level 0. */
export const RING_SLOTS: number = 2 * BLOCK_TICKS;

/** Words of occupancy for level 0. */
const RING_WORDS = (RING_SLOTS + 31) >>> 5;

/** The index of the first slot above level 0, where a word of occupancy begins. */
const UPPER: number = RING_WORDS * 32;

/** Indices of slots: those of level 0, then 32 for each level above. */
export const SLOTS: number = UPPER + LEVELS * 32;

const DIGIT = (1 << SLOT_BITS) - 1;

/** Levels above 0 whose slots are found in the low bits of a tick, as a 32-bit integer. */
const LOW_LEVELS = 4;
const LOW_TICKS = 2 ** (BLOCK_BITS + LOW_LEVELS * SLOT_BITS);

/** The index of the slot for `tick` when level 0 is filled up to `filled`, the last tick of a block. */
export function slotOf(tick: number, filled: number): number {
  if (tick <= filled) return tick & (RING_SLOTS - 1);
  const high = Math.floor(tick / LOW_TICKS);
  const filledHigh = Math.floor(filled / LOW_TICKS);
  if (high === filledHigh) {
    const level = ((31 - Math.clz32(tick ^ filled) - BLOCK_BITS) / SLOT_BITS) | 0;
    return UPPER + level * 32 + ((tick >>> (BLOCK_BITS + level * SLOT_BITS)) & DIGIT);
  }
  const level = ((31 - Math.clz32(high ^ filledHigh)) / SLOT_BITS) | 0;
  return UPPER + (LOW_LEVELS + level) * 32 + ((high >>> (level * SLOT_BITS)) & DIGIT);
}

/** The number of ticks that a slot above level 0 spans. */
export function slotTicks(index: number): number {
  return BLOCK_TICKS * 2 ** (((index - UPPER) >>> 5) * SLOT_BITS);
}

/** The first tick of an occupied slot above level 0, when level 0 is filled up to `filled`. */
export function slotStart(index: number, filled: number): number {
  const ticks = slotTicks(index);
  const levelTicks = ticks * (DIGIT + 1);
  // The next tick, not `filled`: a slot that begins there may be spread in part over lower levels.
  const levelStart = Math.floor((filled + 1) / levelTicks) * levelTicks;
  return levelStart + ((index - UPPER) & 31) * ticks;
}

/** The last tick of the block of `tick`. */
export function blockEnd(tick: number): number {
  return tick + (BLOCK_TICKS - 1 - (tick & (BLOCK_TICKS - 1)));
}
