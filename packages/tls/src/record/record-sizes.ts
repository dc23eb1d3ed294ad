// How large records are: small ones first, since the peer can show nothing of a record before all of it
// has come, and full ones once much is under way.
import type { Instant } from '../bytes/connection.ts';

/** A policy of sizes; `full` makes each record as large as there is data for. */
export type RecordSizes = 'full' | GrowingRecords;

/** Small records at first and after a rest. */
export interface GrowingRecords {
  /** Content of a small record; 1 or more. */
  readonly smallBytes: number;
  /** Content sent in small records before full ones. */
  readonly smallForBytes: number;
  /** Nothing sent for so long: small again. */
  readonly restMs: number;
}

/** One TCP segment each for the first 128 KiB, and again after a second of silence. */
export const GROWING_RECORDS: GrowingRecords = /* @__PURE__ */ Object.freeze({
  smallBytes: 1_370,
  smallForBytes: 131_072,
  restMs: 1_000,
});

/** Where one connection is in its policy. */
export class RecordSizer {
  private readonly sizes: GrowingRecords;
  private smallLeftBytes: number;
  private sentAt: Instant = Number.NEGATIVE_INFINITY;

  /** Throws RangeError for small records of less than a byte, and for what is not a number >= 0. */
  constructor(sizes: GrowingRecords) {
    const { smallBytes, smallForBytes, restMs } = sizes;
    if (!(smallBytes >= 1 && smallForBytes >= 0 && restMs >= 0)) {
      throw new RangeError('sizes: smallBytes must be 1 or more, the others 0 or more');
    }
    this.sizes = sizes;
    this.smallLeftBytes = smallForBytes;
  }

  /** Data is about to be queued. */
  begin(now: Instant): void {
    const { smallForBytes, restMs } = this.sizes;
    if (now - this.sentAt >= restMs) this.smallLeftBytes = smallForBytes;
    this.sentAt = now;
  }

  /** Content of the next record at most, given what the peer takes. */
  next(bytesMax: number): number {
    return this.smallLeftBytes > 0
      ? Math.min(Math.floor(this.sizes.smallBytes), bytesMax)
      : bytesMax;
  }

  /** A record of so much content was made. */
  made(contentBytes: number): void {
    this.smallLeftBytes -= contentBytes;
  }
}
