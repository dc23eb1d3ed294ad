// Unread input as one contiguous stretch. A first chunk is adopted without copying; only what is
// left unread when the next chunk comes is copied, into a new buffer with room to grow, so that
// arriving byte by byte costs linear work. Nothing that was handed out is ever overwritten: our own
// buffer is only written behind its end.

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
const OWN_BYTES_MIN = 512;

/** The unread bytes are `bytes[start..end)`; readers look at them in place and `consume`. */
export class ReceiveBuffer {
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;
  /** Bytes consumed since the beginning of the stream. */
  consumedBytes = 0;
  /** True when `bytes` was allocated here, so that it may be written behind `end`. */
  private own = false;

  /** Unread bytes. */
  get length(): number {
    return this.end - this.start;
  }

  /** Takes over a chunk. */
  append(data: Uint8Array): void {
    if (data.length === 0) return;
    if (this.start === this.end) {
      this.bytes = data;
      this.start = 0;
      this.end = data.length;
      this.own = false;
      return;
    }
    const needed = this.end - this.start + data.length;
    if (!this.own || this.end + data.length > this.bytes.length) this.moveToOwnBuffer(needed);
    this.bytes.set(data, this.end);
    this.end += data.length;
  }

  /** The next `byteCount` bytes as a view that becomes the caller's. */
  take(byteCount: number): Uint8Array {
    const whole = this.start === 0 && byteCount === this.bytes.length;
    const view = whole ? this.bytes : this.bytes.subarray(this.start, this.start + byteCount);
    this.consume(byteCount);
    return view;
  }

  /** Moves past bytes; an emptied buffer is let go, so that an idle connection holds none. */
  consume(byteCount: number): void {
    this.start += byteCount;
    this.consumedBytes += byteCount;
    if (this.start === this.end) this.release();
  }

  /** Moves past everything unread. */
  clear(): void {
    this.consume(this.end - this.start);
  }

  private release(): void {
    this.bytes = NO_BYTES;
    this.start = 0;
    this.end = 0;
    this.own = false;
  }

  private moveToOwnBuffer(needed: number): void {
    const grown = new Uint8Array(Math.max(OWN_BYTES_MIN, needed * 2));
    grown.set(this.bytes.subarray(this.start, this.end));
    this.end -= this.start;
    this.start = 0;
    this.bytes = grown;
    this.own = true;
  }
}

/** Throws TypeError for what cannot be taken over as input. */
export function checkInput(data: Uint8Array): void {
  if (!(data instanceof Uint8Array)) throw new TypeError('receive: data must be a Uint8Array');
  if (typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer) {
    throw new TypeError('receive: data must not be a view of a SharedArrayBuffer');
  }
}
