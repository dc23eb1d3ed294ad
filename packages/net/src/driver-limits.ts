// What a driver takes for too much, or too late.

/** Largest piece handed to the transport at once, so that a slow peer's progress shows. */
export const WRITE_BYTES_MAX: number = 65_536;

/** Output handed over in one turn of the event loop; then other connections have theirs. */
export const TURN_BYTES_MAX: number = 1_048_576;

/**
 * Output above which events wait in the machine: who does not read is not read from either,
 * unless its events lead to no output.
 */
export const OUTPUT_BYTES_MAX: number = 262_144;

/** Lateness of a deadline that shows a stalled event loop; a runtime's timer and a tick take less. */
export const LATE_MS: number = 5;

/** Output below which a sink that streams is asked for more. */
export const OUTPUT_BYTES_LOW: number = 65_536;
