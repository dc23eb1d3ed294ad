// The frames in one direction of a WebSocket's bytes (RFC 6455 section 5.2), however these are cut:
// their headers, and what control frames say. Messages are passed over.
import {
  FIN,
  type FrameHeader,
  HEADER_BYTES_MAX,
  HEADER_INCOMPLETE,
  isControl,
  mask,
  OPCODE,
  OPCODE_BITS,
  parseFrameHeader,
  RSV_BITS,
} from '@holdline/websocket';

/** A frame as it is on the wire. */
export interface WireFrame {
  /** Seen from this side. A frame is sent when the transport is given its header. */
  readonly direction: 'received' | 'sent';
  /** 0-15; `OPCODE` of `@holdline/websocket` has their names. */
  readonly opcode: number;
  /** FIN: the last frame of its message. */
  readonly isFinal: boolean;
  /** RSV1 to RSV3 as a number of three bits: 4 begins a compressed message (RFC 7692 section 6). */
  readonly reservedBits: number;
  readonly isMasked: boolean;
  /** 0 to 2^53-1, as the header says; on the wire, so that compressed bytes count as they are. */
  readonly payloadBytes: number;
  /** What a control frame carries, unmasked: 0-125 bytes. Null of all others. */
  readonly payload: Uint8Array | null;
}

const RSV_SHIFT = 4;
const CONTROL_BYTES_MAX = 125;
const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Finds one frame behind the other, until one that cannot be read, or that ends its direction. */
export class FrameScanner {
  readonly #direction: WireFrame['direction'];
  readonly #onFrame: (frame: WireFrame) => void;
  readonly #header: FrameHeader = { bits: 0, payloadBytes: 0, isMasked: false, maskingKey: 0 };
  /** A header that is not complete. */
  readonly #held: Uint8Array = new Uint8Array(HEADER_BYTES_MAX);
  #heldBytes = 0;
  /** Of a control frame, as far as it has come. */
  #payload: Uint8Array = NO_BYTES;
  #payloadBytes = 0;
  /** Payload that is passed over. */
  #passBytes = 0;
  #isOver = false;

  constructor(direction: WireFrame['direction'], onFrame: (frame: WireFrame) => void) {
    this.#direction = direction;
    this.#onFrame = onFrame;
  }

  /** What comes from now on is nothing to be told of. */
  stop(): void {
    this.#isOver = true;
  }

  /** The next bytes, which are only read, and not kept. */
  scan(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.#isOver) {
      if (this.#passBytes > 0) {
        const passed = Math.min(this.#passBytes, bytes.length - at);
        this.#passBytes -= passed;
        at += passed;
      } else if (this.#payloadBytes < this.#payload.length) {
        at = this.#collect(bytes, at);
      } else {
        at = this.#readHeader(bytes, at);
      }
    }
  }

  /** Returns the index behind the header, or behind all there is of it. */
  #readHeader(bytes: Uint8Array, start: number): number {
    const held = this.#heldBytes;
    if (held === 0) {
      const size = parseFrameHeader(bytes, start, bytes.length, this.#header);
      if (size !== HEADER_INCOMPLETE) return start + this.#begin(size);
    }
    const end = Math.min(bytes.length, start + HEADER_BYTES_MAX - held);
    this.#held.set(bytes.subarray(start, end), held);
    this.#heldBytes = held + end - start;
    const size = parseFrameHeader(this.#held, 0, this.#heldBytes, this.#header);
    if (size === HEADER_INCOMPLETE) return end;
    this.#heldBytes = 0;
    return start + this.#begin(size) - held;
  }

  /** The header is complete, or can be none. Returns its size. */
  #begin(size: number): number {
    const { bits, payloadBytes } = this.#header;
    if (size < 0) {
      this.stop();
    } else if (isControl(bits & OPCODE_BITS) && payloadBytes <= CONTROL_BYTES_MAX) {
      this.#payload = payloadBytes === 0 ? NO_BYTES : new Uint8Array(payloadBytes);
      this.#payloadBytes = 0;
      if (payloadBytes === 0) this.#tell(NO_BYTES);
    } else {
      this.#passBytes = payloadBytes;
      this.#tell(null);
    }
    return size;
  }

  #collect(bytes: Uint8Array, start: number): number {
    const payload = this.#payload;
    const end = Math.min(bytes.length, start + payload.length - this.#payloadBytes);
    payload.set(bytes.subarray(start, end), this.#payloadBytes);
    this.#payloadBytes += end - start;
    if (this.#payloadBytes < payload.length) return end;
    const { isMasked, maskingKey } = this.#header;
    if (isMasked) mask(payload, 0, payload.length, maskingKey, 0);
    this.#payload = NO_BYTES;
    this.#payloadBytes = 0;
    this.#tell(payload);
    return end;
  }

  #tell(payload: Uint8Array | null): void {
    const { bits, isMasked, payloadBytes } = this.#header;
    const opcode = bits & OPCODE_BITS;
    // «MUST NOT send any more data frames after sending a Close frame», section 5.5.1; nor is anything
    // behind one looked at.
    if (opcode === OPCODE.close) this.stop();
    this.#onFrame({
      direction: this.#direction,
      opcode,
      isFinal: (bits & FIN) !== 0,
      reservedBits: (bits & RSV_BITS) >>> RSV_SHIFT,
      isMasked,
      payloadBytes,
      payload,
    });
  }
}
