// Bits of a stream, the lowest of each byte first (RFC 1951 section 3.1.1).

/** Writes to a buffer that is large enough. */
export class BitOutput {
  bytes: Uint8Array;
  /** Where the next byte goes. */
  at = 0;
  /** Bits that make no whole byte yet, fewer than 16, the first lowest. */
  held = 0;
  heldBits = 0;

  private readonly keptBytes: number;

  /** `keptBytes`: what is there at once, and remains. */
  constructor(keptBytes: number) {
    this.keptBytes = keptBytes;
    this.bytes = new Uint8Array(keptBytes);
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

  /** A copy of what has been written. What was made for a large message goes. */
  take(): Uint8Array {
    const { bytes } = this;
    if (bytes.length > this.keptBytes) this.bytes = new Uint8Array(this.keptBytes);
    return bytes.slice(0, this.at);
  }

  /** Fills up the byte with zeros. */
  align(): void {
    if (this.heldBits > 0) this.add(0, 8 - this.heldBits);
  }
}
