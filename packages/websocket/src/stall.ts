// How late a deadline may be noticed before that says something about this side: a machine that was
// suspended, or a program that was busy, must not blame its peer for its own silence.

/** Timers are late by some of this on a busy machine, in milliseconds. */
const LATE_MS_MAX = 1_000;

/**
 * Whether a deadline that was noticed `lateMs` after its instant says that this side did not run;
 * `periodMs` is what it was set for, and being late by half of it is not enough under a second.
 */
export function isStall(lateMs: number, periodMs: number): boolean {
  return lateMs >= LATE_MS_MAX && lateMs >= periodMs / 2;
}
