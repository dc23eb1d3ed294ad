// The measures of the wheel. They stand alone so that a test can put a smaller wheel in their place,
// small enough for every history to be tried.

/** A block has 2^9 ticks. Level 0 holds two: the present one, and the next while it is filled. */
export const BLOCK_BITS = 9;

/** A level above 0 has 2^5 slots; one bit each in the level's word of occupancy. */
export const SLOT_BITS = 5;

/** Levels above 0. Their slots span 2^9 ticks, 2^14, ... 2^49, and so all ticks that there are. */
export const LEVELS = 9;

/**
 * A slot of no more timers than this is spread in one go; a larger one by so many per poll at least,
 * in the block before it begins. That takes a fraction of a millisecond.
 */
export const SHARE_TIMERS = 2048;

/**
 * Where more per poll are needed, they are as many as would be done in time if polls went on to come
 * at the distance of the last two, but of no more ticks than this: a wheel that was idle is not late.
 */
export const POLL_TICKS_MAX = 16;

/** `nextDeadline` looks at no more timers than this before it settles for their slot's start. */
export const SCAN_TIMERS = 32;
