// What a connection needs of DEFLATE (RFC 7692 section 7.2). It is injected, so that a program without
// compression carries none, and one on Node can use what the platform has.

/** What was agreed for one direction of a connection (RFC 7692 section 7.1). */
export interface DeflateContext {
  /** 8 to 15: references reach back at most 2^windowBits bytes (section 7.1.2). */
  readonly windowBits: number;
  /** False: every message begins with an empty window (section 7.1.1), and nothing is held between. */
  readonly contextTakeover: boolean;
}

/** Compresses the messages of one direction, one after another. */
export interface MessageDeflater {
  /**
   * Compresses a piece of a message and ends it on a byte boundary. Behind the last piece the final
   * 00 00 ff ff is taken off (RFC 7692 section 7.2.1). Pieces may be empty. `data` is not kept, the
   * result is the caller's own.
   */
  deflate(data: Uint8Array, isLast: boolean): Uint8Array;
  /** Forgets the window, which a sender may do before any message, for instance when it is idle. */
  reset(): void;
  /** Bytes of memory held for what comes next. */
  readonly contextBytes: number;
}

/** Decompresses the messages of one direction, one after another. */
export interface MessageInflater {
  /**
   * Hands over compressed bytes of the message under way: all of it, or any part. They are borrowed
   * until `next` has returned null, and nothing else may be pushed before that. `isLast`: what a
   * sender took off at the end of the message is supplied behind them (RFC 7692 section 7.2.2).
   */
  push(data: Uint8Array, isLast: boolean): void;
  /**
   * The next piece of output, the caller's own; null when the input is used up. `invalid` from then on
   * if the data is no DEFLATE, refers to before its window, or ends where no message may end; what
   * came out before that is returned first. A piece has at most `outputBytesMax` bytes (at least 1),
   * and no more than that is ever decompressed ahead, whatever the input promises.
   */
  next(outputBytesMax?: number): Uint8Array | 'invalid' | null;
  /** Bytes of memory held for what comes next. */
  readonly contextBytes: number;
}

/** Makes both for a connection. */
export interface Compression {
  /** Throws a RangeError if `windowBits` is not among 8 to 15. */
  createDeflater(context: DeflateContext): MessageDeflater;
  /** Throws a RangeError if `windowBits` is not among 8 to 15. */
  createInflater(context: DeflateContext): MessageInflater;
}
