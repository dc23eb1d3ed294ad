// The stretch of input in which the next record lies whole. A record that came in one chunk is read where
// it is; one that straddles chunks is gathered in memory of its own size, so that neither the chunk before
// it is kept nor the chunk after it copied.
import type { ReceiveBuffer } from '../bytes/receive-buffer.ts';
import { HEADER_BYTES, PLAINTEXT_BYTES_MAX, TLS12_EXPANSION_BYTES_MAX } from './record-header.ts';

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
const GATHERED_BYTES_MIN = 512;
/** So much of a record must have come before the memory for any record is taken. */
const LITTLE_BYTES_MAX = 2_048;
const RECORD_BYTES_MAX: number = HEADER_BYTES + PLAINTEXT_BYTES_MAX + TLS12_EXPANSION_BYTES_MAX;

/** Memory for a whole record that nobody uses at the moment: most connections straddle one chunk at a time. */
let spare: Uint8Array | null = null;

/** Finds the bytes of one record after another. */
export class RecordAssembler {
  /** After `has`, the bytes asked for lie at `bytes[start..]`. */
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  private readonly input: ReceiveBuffer;
  private readonly alwaysCopies: boolean;
  private gathered: Uint8Array = NO_BYTES;
  private gatheredBytes = 0;
  /** What the newest record was gathered in, until `reuse`. */
  private used: Uint8Array | null = null;

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
    if (this.gatheredBytes === 0) {
      this.input.consume(byteCount);
    } else {
      this.used = this.gathered;
      this.gathered = NO_BYTES;
      this.gatheredBytes = 0;
    }
    this.bytes = NO_BYTES;
  }

  /** The newest record has been read; null, or content that may or may not lie where the record lay. */
  reuse(content: Uint8Array | null): void {
    const { used } = this;
    if (used === null) return;
    this.used = null;
    if (used.length === RECORD_BYTES_MAX && content?.buffer !== used.buffer) spare = used;
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

  private grow(needed: number, byteCount: number): void {
    const grown = this.room(needed, byteCount);
    grown.set(this.gathered.subarray(0, this.gatheredBytes));
    this.gathered = grown;
  }

  /** A header alone never takes the memory it announces. */
  private room(needed: number, byteCount: number): Uint8Array {
    if (needed <= LITTLE_BYTES_MAX) {
      const roomy = Math.max(GATHERED_BYTES_MIN, needed * 2);
      return new Uint8Array(Math.max(needed, Math.min(byteCount, roomy)));
    }
    if (byteCount <= LITTLE_BYTES_MAX * 4) return new Uint8Array(byteCount);
    const room = spare ?? new Uint8Array(RECORD_BYTES_MAX);
    spare = null;
    return room;
  }
}
