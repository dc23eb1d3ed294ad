// The arithmetic of the wheel's levels, on integers of 30 bits.
//
// | level | slots | one slot spans | the level reaches |
// |-------|-------|----------------|-------------------|
// | 0     | 32    | 1 tick         | 2^5 ticks         |
// | 1     | 32    | 2^5 ticks      | 2^10 ticks        |
// | 2     | 32    | 2^10 ticks     | 2^15 ticks        |
// | 3     | 32    | 2^15 ticks     | 2^20 ticks        |
// | 4     | 32    | 2^20 ticks     | 2^25 ticks        |
// | 5     | 32    | 2^25 ticks     | 2^30 ticks        |
// | 6     | 1     | everything beyond                  |
//
// A tick belongs to the level of the highest bit in which it differs from the elapsed tick. So the
// slots of one level never wrap around: all that are occupied lie ahead of the elapsed tick, in
// order, and every slot of a lower level comes before every slot of a higher one.

const SLOT_BITS = 5;

/** Slots per level; one bit each in the level's word of occupancy. */
export const SLOTS = 32;

/** Levels of {@link SLOTS} slots. */
export const LEVELS = 6;

/** Ticks that the levels span together; what lies further ahead waits in the overflow slot. */
export const HORIZON_TICKS: number = 2 ** 30;

/** The index of the overflow slot, after those of all levels. */
export const OVERFLOW: number = LEVELS * SLOTS;

/** The index (level * 32 + slot) of the slot for `tick`; both arguments lie in [0, 2^30). */
export function slotOf(tick: number, elapsed: number): number {
  // Equal ticks give clz32 = 32 and so -1 / 5, which truncates to level 0.
  const level = ((31 - Math.clz32(tick ^ elapsed)) / SLOT_BITS) | 0;
  return (level << SLOT_BITS) | ((tick >>> (level * SLOT_BITS)) & (SLOTS - 1));
}

/** The first tick of an occupied slot; the overflow slot begins at the horizon. */
export function slotStart(index: number, elapsed: number): number {
  if (index === OVERFLOW) return HORIZON_TICKS;
  const shift = (index >>> SLOT_BITS) * SLOT_BITS;
  // At level 5 the shift is by 30 and leaves nothing of the elapsed tick.
  const outer = (elapsed >>> (shift + SLOT_BITS)) << (shift + SLOT_BITS);
  return outer | ((index & (SLOTS - 1)) << shift);
}

/** The number of ticks that a slot spans. */
export function slotTicks(index: number): number {
  return index === OVERFLOW ? Infinity : 1 << ((index >>> SLOT_BITS) * SLOT_BITS);
}

/** The lowest slot in a word of occupancy that is not 0. */
export function firstSlot(word: number): number {
  return 31 - Math.clz32(word & -word);
}
