// The stretch of input in which the next record lies whole. A record that came in one chunk is read where
// it is; one that straddles chunks is gathered in memory of its own size, so that neither the chunk before
// it is kept nor the chunk after it copied.
import type { ReceiveBuffer } from '../bytes/receive-buffer.ts';

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
const GATHERED_BYTES_MIN = 512;

/** Finds the bytes of one record after another. */
export class RecordAssembler {
  /** After `has`, the bytes asked for lie at `bytes[start..]`. */
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  private readonly input: ReceiveBuffer;
  private readonly alwaysCopies: boolean;
  private gathered: Uint8Array = NO_BYTES;
  private gatheredBytes = 0;

  /** `alwaysCopies`: every record is gathered, so that what `input` was given is never written to. */
  constructor(input: ReceiveBuffer, alwaysCopies: boolean) {
    this.input = input;
    this.alwaysCopies = alwaysCopies;
  }

  /** Bytes of a record that is not whole yet, beyond those in the input. */
  get length(): number {
    return this.gatheredBytes;
  }

  /** Where in the stream the next record begins. */
  get offset(): number {
    return this.input.consumedBytes - this.gatheredBytes;
  }

  /** Whether the first `byteCount` bytes of the next record are there; if not, what is there is set aside. */
  has(byteCount: number): boolean {
    const { input } = this;
    if (this.gatheredBytes === 0 && !this.alwaysCopies && input.length >= byteCount) {
      this.bytes = input.bytes;
      this.start = input.start;
      return true;
    }
    this.gather(byteCount);
    this.bytes = this.gathered;
    this.start = 0;
    return this.gatheredBytes >= byteCount;
  }

  /** Moves past a record of so many bytes, which were there. */
  consume(byteCount: number): void {
    if (this.gatheredBytes === 0) this.input.consume(byteCount);
    this.gathered = NO_BYTES;
    this.gatheredBytes = 0;
    this.bytes = NO_BYTES;
  }

  private gather(byteCount: number): void {
    const { input, gatheredBytes } = this;
    const missing = Math.min(byteCount - gatheredBytes, input.length);
    if (missing <= 0) return;
    const needed = gatheredBytes + missing;
    if (needed > this.gathered.length) this.grow(needed, byteCount);
    this.gathered.set(input.bytes.subarray(input.start, input.start + missing), gatheredBytes);
    this.gatheredBytes = needed;
    input.consume(missing);
  }

  /** Room for what is there and as much again, so that a header alone never takes the memory it announces. */
  private grow(needed: number, byteCount: number): void {
    const roomy = Math.max(GATHERED_BYTES_MIN, needed * 2);
    const grown = new Uint8Array(Math.max(needed, Math.min(byteCount, roomy)));
    grown.set(this.gathered.subarray(0, this.gatheredBytes));
    this.gathered = grown;
  }
}
