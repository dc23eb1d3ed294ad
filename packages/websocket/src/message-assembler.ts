// The pieces of a message, put together. A single piece is passed on as it is; more of them are
// copied into one buffer that grows with what has come, never with what a header has promised.

const FIRST_BYTES = 4_096;
const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Pieces in, the whole out; then begins again. */
export class MessageAssembler {
  private bytes: Uint8Array = NO_BYTES;
  private length = 0;
  /** `bytes` is a piece of the peer's, not a buffer with room. */
  private isPiece = false;

  /** No piece was added. */
  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** Adds a piece, which becomes the assembler's. */
  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    if (this.length === 0) {
      this.bytes = piece;
      this.length = piece.length;
      this.isPiece = true;
      return;
    }
    const needed = this.length + piece.length;
    if (this.isPiece || needed > this.bytes.length) this.grow(needed);
    this.bytes.set(piece, this.length);
    this.length = needed;
  }

  /** The whole message, the caller's from now on. */
  take(): Uint8Array {
    const whole =
      this.length === this.bytes.length
        ? this.bytes
        : new Uint8Array(this.bytes.buffer, this.bytes.byteOffset, this.length);
    this.clear();
    return whole;
  }

  /** Forgets everything. */
  clear(): void {
    this.bytes = NO_BYTES;
    this.length = 0;
    this.isPiece = false;
  }

  private grow(needed: number): void {
    const grown = new Uint8Array(Math.max(FIRST_BYTES, needed * 2));
    grown.set(this.length === this.bytes.length ? this.bytes : this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.isPiece = false;
  }
}
