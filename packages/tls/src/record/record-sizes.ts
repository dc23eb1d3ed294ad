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
  private readonly sizes: GrowingRecords | null;
  private smallLeft: number;
  private sentAt: Instant;

  constructor(sizes: RecordSizes) {
    this.sizes = sizes === 'full' ? null : sizes;
    this.smallLeft = this.sizes === null ? 0 : this.sizes.smallForBytes;
    this.sentAt = Number.NEGATIVE_INFINITY;
  }

  /** Data is about to be queued. */
  begin(now: Instant): void {
    if (this.sizes === null) return;
    if (now - this.sentAt >= this.sizes.restMs) this.smallLeft = this.sizes.smallForBytes;
    this.sentAt = now;
  }

  /** Content of the next record at most, given what the peer takes. */
  next(bytesMax: number): number {
    if (this.sizes === null || this.smallLeft <= 0) return bytesMax;
    return Math.min(this.sizes.smallBytes, bytesMax);
  }

  /** A record of so much content was made. */
  made(contentBytes: number): void {
    if (this.smallLeft > 0) this.smallLeft -= contentBytes;
  }
}
