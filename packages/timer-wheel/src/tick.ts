// Ticks: the numbers of the multiples of `tickMs`, counted from the earliest instant that there is, so
// that none is negative and the bits of each tell its slots. Multiples of a power of two are the same
// instants for all wheels of one resolution on one clock.

/** Instants reach this many ticks to either side of 0, so that quotients err by less than 1/2. */
export const INSTANT_TICKS_MAX: number = 2 ** 50;

/** A longer window counts as this long, so that its choice is one of 32-bit integers. */
const WINDOW_TICKS_MAX = 2 ** 30;

/** The first tick not before `instant`, in spite of rounding. */
export function tickFrom(instant: number, tickMs: number): number {
  const tick = Math.round(instant / tickMs);
  return (tick * tickMs < instant ? tick + 1 : tick) + INSTANT_TICKS_MAX;
}

/** The last tick not after `instant`, in spite of rounding. */
export function tickUntil(instant: number, tickMs: number): number {
  const tick = Math.round(instant / tickMs);
  return (tick * tickMs > instant ? tick - 1 : tick) + INSTANT_TICKS_MAX;
}

/** The instant of a tick; Infinity for Infinity. */
export function instantOf(tick: number, tickMs: number): number {
  return (tick - INSTANT_TICKS_MAX) * tickMs;
}

/**
 * The tick from `first` to `last` that is a multiple of the greatest power of two: there is one such,
 * because between any two multiples of one power lies a multiple of the next. A window contains the
 * choice of every window that lies in it and holds that tick, which is how windows come to share.
 */
export function coarsestTick(first: number, last: number): number {
  const end = Math.min(last, first + WINDOW_TICKS_MAX - 1);
  const coarse = Math.floor(end / WINDOW_TICKS_MAX) * WINDOW_TICKS_MAX;
  if (coarse >= first) return coarse;
  // What is below the highest bit in which they differ is 0 in one number of the window only.
  const step = 1 << (31 - Math.clz32((first - 1) ^ end));
  return end - (end & (step - 1));
}
