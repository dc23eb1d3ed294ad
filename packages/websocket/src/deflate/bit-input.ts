// Bits of a stream that comes in pieces, the lowest of each byte first (RFC 1951 section 3.1.1).
import { SECOND_TABLE } from './decode-table.ts';

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
const NO_VIEW: DataView = /* @__PURE__ */ new DataView(NO_BYTES.buffer);

/** A piece, and bits taken out of this one and those before. */
export class BitInput {
  bytes: Uint8Array = NO_BYTES;
  /** Of the same bytes. */
  view: DataView = NO_VIEW;
  /** The next byte. */
  at = 0;
  /** Bits that came before that byte, the next one lowest; those above `heldBits` are 0. */
  held = 0;
  /** At most 31, and below 8 whenever whole bytes are wanted. */
  heldBits = 0;

  /** Goes on with a piece; the one before must be used up. */
  supply(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = 0;
  }

  /** Lets go of the piece. */
  release(): void {
    this.bytes = NO_BYTES;
    this.view = NO_VIEW;
    this.at = 0;
  }

  /** Holds at least `count` (up to 16) bits; false: there are not so many yet. */
  need(count: number): boolean {
    while (this.heldBits < count) {
      if (this.at >= this.bytes.length) return false;
      this.held |= this.bytes[this.at++]! << this.heldBits;
      this.heldBits += 8;
    }
    return true;
  }

  /** Takes bits that are held, the first lowest. */
  take(count: number): number {
    const bits = this.held & ((1 << count) - 1);
    this.drop(count);
    return bits;
  }

  /** Skips bits that are held. */
  drop(count: number): void {
    this.held >>>= count;
    this.heldBits -= count;
  }

  /** Skips what is left of a byte. */
  align(): void {
    this.drop(this.heldBits & 7);
  }

  /** The entry of the code that is next, its bits still held, or -1: there are not so many yet. */
  peekEntry(table: Int32Array, indexBits: number): number {
    for (;;) {
      let entry = table[this.held & ((1 << indexBits) - 1)]!;
      if ((entry & SECOND_TABLE) !== 0) {
        const index = (this.held >>> indexBits) & ((1 << ((entry >>> 4) & 15)) - 1);
        entry = table[(entry >>> 16) + index]!;
      }
      // What is not held yet reads as 0, which does not matter to codes that end before.
      if ((entry & 15) <= this.heldBits) return entry;
      if (!this.need(this.heldBits + 1)) return -1;
    }
  }
}
