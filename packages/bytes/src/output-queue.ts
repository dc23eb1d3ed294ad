// Output not yet accepted by the transport. Heads and small pieces are written side by side into a
// slab that all queues share, as runtimes do for small buffers, so that a response, or sixteen
// pipelined ones, leave as one chunk. Large pieces pass by reference. A region that was handed out
// is never written again.

const SLAB_BYTES = 32_768;
const COPY_BYTES_MAX = 4_096;
const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

let slab: Uint8Array = NO_BYTES;
let slabUsed = 0;

/** First in, first out; `reserve` and `commit` write in place, `append` takes existing bytes. */
export class OutputQueue {
  /** Bytes queued or handed out and not yet accepted. */
  pendingBytes = 0;
  /** Of these, bytes handed out. */
  handedOutBytes = 0;
  /** The buffer to write to after `reserve`, from index `end` on. */
  bytes: Uint8Array = NO_BYTES;
  end = 0;
  private start = 0;
  private chunks: Uint8Array[] | null = null;

  /** Makes room for `byteCount` bytes at `bytes[end..]`; nothing is queued before `commit`. */
  reserve(byteCount: number): void {
    const continues = this.bytes === slab && this.end === slabUsed;
    if (continues && slabUsed + byteCount <= slab.length) return;
    const openBytes = this.end - this.start;
    // A little that stands alone at a slab's end would cost a write of its own.
    const moves = continues && openBytes <= COPY_BYTES_MAX;
    const open = moves ? this.bytes.subarray(this.start, this.end) : NO_BYTES;
    if (!moves) this.seal();
    if (slabUsed + byteCount > slab.length) {
      slab = new Uint8Array(Math.max(SLAB_BYTES, open.length + byteCount));
      slab.set(open);
      slabUsed = open.length;
    }
    this.bytes = slab;
    this.start = slabUsed - open.length;
    this.end = slabUsed;
  }

  /** Queues what was written up to index `end`. */
  commit(end: number): void {
    this.pendingBytes += end - this.end;
    this.end = end;
    slabUsed = end;
  }

  /** Queues bytes; few are copied, many borrowed until they are accepted. */
  append(data: Uint8Array): void {
    const byteCount = data.length;
    if (byteCount <= COPY_BYTES_MAX) {
      this.reserve(byteCount);
      this.bytes.set(data, this.end);
      this.commit(this.end + byteCount);
      return;
    }
    this.seal();
    this.chunks ??= [];
    this.chunks.push(data);
    this.pendingBytes += byteCount;
  }

  /** The next chunk to write, or null. */
  next(): Uint8Array | null {
    let chunk: Uint8Array;
    const chunks = this.chunks;
    if (chunks !== null) {
      chunk = chunks.shift() as Uint8Array;
      if (chunks.length === 0) this.chunks = null;
    } else if (this.start !== this.end) {
      chunk = this.bytes.subarray(this.start, this.end);
      this.letGo();
    } else {
      return null;
    }
    this.handedOutBytes += chunk.length;
    return chunk;
  }

  /** The transport took bytes; returns false, and changes nothing, for more than were handed out or no count at all. */
  accept(byteCount: number): boolean {
    if (!(Number.isInteger(byteCount) && byteCount >= 0)) return false;
    if (byteCount > this.handedOutBytes) return false;
    this.handedOutBytes -= byteCount;
    this.pendingBytes -= byteCount;
    return true;
  }

  /** Forgets everything, accepted or not. */
  clear(): void {
    this.chunks = null;
    this.letGo();
    this.pendingBytes = 0;
    this.handedOutBytes = 0;
  }

  /** Closes the open region, which then waits as a chunk. */
  private seal(): void {
    if (this.start !== this.end) {
      this.chunks ??= [];
      this.chunks.push(this.bytes.subarray(this.start, this.end));
    }
    this.letGo();
  }

  private letGo(): void {
    this.bytes = NO_BYTES;
    this.start = 0;
    this.end = 0;
  }
}
