// The bytes that references may reach back to, of which a connection keeps a copy of its own: what came
// out belongs to others (RFC 1951 section 2).
import { assert } from '../bytes/assert.ts';

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
/** Smaller is not worth growing from. */
const CAPACITY_MIN = 256;

/** A ring of up to 2^windowBits bytes, which has no memory before it has bytes, and grows with them. */
export class SlidingWindow {
  /** How far back references may reach. */
  length = 0;
  private bytes: Uint8Array = NO_BYTES;
  /** Where the next byte goes; the last one is before it. */
  private end = 0;
  private readonly lengthMax: number;

  constructor(windowBits: number) {
    this.lengthMax = 1 << windowBits;
  }

  /** Bytes of memory. */
  get capacity(): number {
    return this.bytes.length;
  }

  /** Forgets everything. */
  clear(): void {
    this.bytes = NO_BYTES;
    this.length = 0;
    this.end = 0;
  }

  /** Takes in `source[0..length)`. */
  append(source: Uint8Array, length: number): void {
    const { lengthMax } = this;
    if (length >= lengthMax) {
      this.grow(lengthMax);
      this.bytes.set(source.subarray(length - lengthMax, length));
      this.length = lengthMax;
      this.end = 0;
      return;
    }
    this.grow(Math.min(lengthMax, this.length + length));
    const { bytes, end } = this;
    const fitting = Math.min(length, bytes.length - end);
    copyBytes(source, 0, bytes, end, fitting);
    copyBytes(source, fitting, bytes, 0, length - fitting);
    this.end = (end + length) & (bytes.length - 1);
    this.length = Math.min(lengthMax, this.length + length);
  }

  /** Copies `length` bytes from `distance` bytes before the end, no more than there are, to `target`. */
  copyTo(target: Uint8Array, at: number, distance: number, length: number): void {
    assert(length <= distance && distance <= this.length, 'a copy from within the window');
    const { bytes } = this;
    const mask = bytes.length - 1;
    const start = this.end - distance;
    for (let index = 0; index < length; index++) {
      target[at + index] = bytes[(start + index) & mask]!;
    }
  }

  /** What is there, oldest first. */
  copy(): Uint8Array {
    const copy = new Uint8Array(this.length);
    const older = Math.max(0, this.length - this.end);
    copy.set(this.bytes.subarray(this.bytes.length - older));
    copy.set(this.bytes.subarray(this.end - this.length + older, this.end), older);
    return copy;
  }

  /** Capacities are powers of two. What has not gone round yet begins at index 0. */
  private grow(lengthNeeded: number): void {
    if (lengthNeeded <= this.bytes.length) return;
    let capacity = Math.max(CAPACITY_MIN, this.bytes.length);
    while (capacity < lengthNeeded) capacity *= 2;
    const bytes = new Uint8Array(capacity);
    // A ring that is full, but not as large as it may be, has just come back to its beginning.
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.end = this.length;
  }
}

/** Few bytes are copied faster one by one than by a call. */
function copyBytes(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  if (length > 64) {
    target.set(source.subarray(from, from + length), to);
    return;
  }
  for (let index = 0; index < length; index++) target[to + index] = source[from + index]!;
}
