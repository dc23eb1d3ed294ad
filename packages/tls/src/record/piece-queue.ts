// Data that waits to become records: what was sent, borrowed, in order.
import { PLAINTEXT_BYTES_MAX } from './record-header.ts';

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
/** Several pieces are put together here for the moment in which they are sealed; shared by all connections. */
const joint: Uint8Array = /* @__PURE__ */ new Uint8Array(PLAINTEXT_BYTES_MAX);
/** Pieces that have left are forgotten in bulk. */
const FORGET_MIN = 1_024;

/** First in, first out. */
export class PieceQueue {
  /** Bytes that wait. */
  bytes = 0;
  private readonly coalesces: boolean;
  /** Null while nothing waits. */
  private pieces: Uint8Array[] | null = null;
  private first = 0;
  /** Bytes of the first piece that have left. */
  private taken = 0;
  private jointBytes = 0;

  /** `coalesces`: whether what is taken may stretch over several pieces. */
  constructor(coalesces: boolean) {
    this.coalesces = coalesces;
  }

  /** Adds a piece of at least one byte. */
  push(piece: Uint8Array): void {
    this.pieces ??= [];
    this.pieces.push(piece);
    this.bytes += piece.length;
  }

  /**
   * The next bytes, as many as `bytesMax`, no more than 16384, if there are so many: a view of one piece,
   * or several copied together, which last until `release`.
   */
  take(bytesMax: number): Uint8Array {
    const { pieces } = this;
    if (pieces === null) return NO_BYTES;
    const left = this.firstBytes(pieces);
    if (left >= bytesMax || left === this.bytes || !this.coalesces) {
      return this.takeFromFirst(pieces, Math.min(left, bytesMax));
    }
    const wanted = Math.min(bytesMax, this.bytes);
    while (this.jointBytes < wanted) {
      const byteCount = Math.min(wanted - this.jointBytes, this.firstBytes(pieces));
      joint.set(this.takeFromFirst(pieces, byteCount), this.jointBytes);
      this.jointBytes += byteCount;
    }
    return joint.subarray(0, wanted);
  }

  /** What was taken has been read: a copy is wiped. */
  release(): void {
    if (this.jointBytes === 0) return;
    joint.fill(0, 0, this.jointBytes);
    this.jointBytes = 0;
  }

  /** Forgets everything. */
  clear(): void {
    this.pieces = null;
    this.first = 0;
    this.taken = 0;
    this.bytes = 0;
  }

  private firstBytes(pieces: readonly Uint8Array[]): number {
    return pieces[this.first]!.length - this.taken;
  }

  private takeFromFirst(pieces: Uint8Array[], byteCount: number): Uint8Array {
    const piece = pieces[this.first]!;
    const isWhole = byteCount === piece.length;
    const view = isWhole ? piece : piece.subarray(this.taken, this.taken + byteCount);
    this.taken += byteCount;
    this.bytes -= byteCount;
    if (this.taken === piece.length) this.forgetFirst(pieces);
    return view;
  }

  private forgetFirst(pieces: Uint8Array[]): void {
    this.taken = 0;
    this.first += 1;
    if (this.bytes === 0) {
      this.clear();
    } else if (this.first >= FORGET_MIN && this.first * 2 >= pieces.length) {
      pieces.splice(0, this.first);
      this.first = 0;
    }
  }
}
