// What a driver remembers by one bit each: as members of their own they would double its size.

/** The loop is running. */
export const PUMPING: number = 1;
/** Something has changed: the loop must go round once more. */
export const AGAIN: number = 2;
/** The sink takes no events. */
export const HELD: number = 4;
/** The transport does not read. */
export const PAUSED: number = 8;
/** The transport will say when it has taken everything. */
export const WATCHES_DRAIN: number = 16;
/** Others have their turn of the event loop before the rest of the output. */
export const YIELDING: number = 32;
/** Our direction has ended. */
export const HALF_CLOSED: number = 64;
/** `close` was called. */
export const CLOSING: number = 128;
/** The peer's end was abrupt. */
export const BROKEN: number = 256;
/** The peer's direction has ended, however that was. */
export const ENDED: number = 1024;
/** Events are pulled however much output waits. */
export const LISTENS: number = 2048;
/** The transport has been let go of. */
export const RELEASED: number = 512;
