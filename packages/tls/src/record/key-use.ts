// What one sealing key has done so far, and how much more it may (RFC 9846 section 5.5).
import { assert } from '../bytes/assert.ts';
import type { KeyLimits } from './record-limits.ts';
import type { KeyWear } from './record-protection.ts';

/** Counts the records of one key. */
export class KeyUse {
  /** Records so far: the next sequence number. */
  records = 0;
  /** Content and padding so far. */
  bytes = 0;
  private readonly limits: KeyLimits;

  constructor(limits: KeyLimits) {
    this.limits = limits;
  }

  /** How much more the key may do. */
  get wear(): KeyWear {
    const { records, bytes, limits } = this;
    if (records >= limits.recordsHardMax) return 'spent';
    return records >= limits.recordsSoftMax || bytes >= limits.bytesSoftMax ? 'worn' : 'fresh';
  }

  /** Another record; returns its sequence number. */
  next(byteCount: number): number {
    assert(this.records < Number.MAX_SAFE_INTEGER, 'a sequence number is never used twice');
    this.bytes += byteCount;
    const sequence = this.records;
    this.records += 1;
    return sequence;
  }
}
