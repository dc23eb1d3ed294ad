// Bits of a stream, the lowest of each byte first (RFC 1951 section 3.1.1).

/** Writes to a buffer that is large enough. */
export class BitOutput {
  bytes: Uint8Array;
  /** Where the next byte goes. */
  at = 0;
  /** Bits that make no whole byte yet, fewer than 16, the first lowest. */
  held = 0;
  heldBits = 0;

  constructor(byteCount: number) {
    this.bytes = new Uint8Array(byteCount);
  }

  /** Starts anew with room for so many bytes. */
  begin(byteCount: number): void {
    if (byteCount > this.bytes.length) this.bytes = new Uint8Array(byteCount);
    this.at = 0;
    this.held = 0;
    this.heldBits = 0;
  }

  /** Adds up to 16 bits. */
  add(bits: number, count: number): void {
    this.held |= bits << this.heldBits;
    this.heldBits += count;
    while (this.heldBits >= 8) {
      this.bytes[this.at++] = this.held;
      this.held >>>= 8;
      this.heldBits -= 8;
    }
  }

  /** Fills up the byte with zeros. */
  align(): void {
    if (this.heldBits > 0) this.add(0, 8 - this.heldBits);
  }
}
