// What a message says, once it is unmasked and inflated: validated as it comes (RFC 6455 section
// 8.1), and given whole or in pieces.
import type { BinaryEvent, DataEvent, TextEvent } from './events.ts';
import { MessageAssembler } from './message-assembler.ts';
import { decodeUtf8, UTF8_BOUNDARY, type Utf8Check, Utf8Validator, validateUtf8 } from './utf8.ts';

/** Longer bytes than this, one read of a socket, are not held until the next message comes. */
const RECENT_BYTES_MAX = 65_536;

/** The bytes that had the last binary message, and what they are a view of: to ask costs as much as a view. */
let recentBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
let recentMemory: ArrayBufferLike = /* @__PURE__ */ new ArrayBuffer(0);
let recentOffset = 0;

/** One after another, the messages of one connection. */
export class MessageContent {
  /** Of text that is not UTF-8: where in the last piece it is wrong. */
  invalidAt = 0;
  private readonly inPieces: boolean;
  private readonly assembler = new MessageAssembler();
  private readonly validator: Utf8Validator;

  constructor(inPieces: boolean, isUtf8: Utf8Check | null) {
    this.inPieces = inPieces;
    this.validator = new Utf8Validator(isUtf8);
  }

  /**
   * The next piece of the message, or its last; becomes the receiver's. Returns what is to be
   * reported, null when that is nothing, and `invalid` for text that is not UTF-8.
   */
  add(
    piece: Uint8Array,
    isLast: boolean,
    isText: boolean,
  ): TextEvent | BinaryEvent | DataEvent | 'invalid' | null {
    const { assembler } = this;
    const isWhole = isLast && !this.inPieces && assembler.isEmpty;
    if (isWhole && this.validator.isComplete) return this.whole(piece, isText);
    if (isText && !this.isValid(piece, isLast)) return 'invalid';
    if (this.inPieces) return piece.length === 0 ? null : { type: 'data', data: piece };
    assembler.add(piece);
    return isLast ? this.whole(assembler.take(), isText) : null;
  }

  /** Forgets what there is of a message. */
  clear(): void {
    this.assembler.clear();
    this.validator.reset();
  }

  private isValid(piece: Uint8Array, isLast: boolean): boolean {
    const { validator } = this;
    if (!validator.push(piece)) this.invalidAt = validator.invalidAt;
    else if (isLast && !validator.isComplete) this.invalidAt = piece.length;
    else return true;
    return false;
  }

  private whole(data: Uint8Array, isText: boolean): TextEvent | BinaryEvent | 'invalid' {
    const event = wholeMessage(data, 0, data.length, isText);
    if (event !== null) return event;
    this.invalidAt = invalidUtf8At(data, 0, data.length);
    return 'invalid';
  }
}

/** `bytes[start..start + byteCount)`; of many in one chunk, what they lie in is asked for once. */
function viewOf(bytes: Uint8Array, start: number, byteCount: number): Uint8Array {
  if (bytes !== recentBytes) {
    if (bytes.length > RECENT_BYTES_MAX) {
      return new Uint8Array(bytes.buffer, bytes.byteOffset + start, byteCount);
    }
    recentBytes = bytes;
    recentMemory = bytes.buffer;
    recentOffset = bytes.byteOffset;
  }
  return new Uint8Array(recentMemory, recentOffset + start, byteCount);
}

/** The event of a message that is all at `bytes[start..start + byteCount)`; null for text that is not UTF-8. */
export function wholeMessage(
  bytes: Uint8Array,
  start: number,
  byteCount: number,
  isText: boolean,
): TextEvent | BinaryEvent | null {
  if (!isText) return { type: 'binary', data: viewOf(bytes, start, byteCount) };
  const text = decodeUtf8(bytes, start, start + byteCount);
  return text === null ? null : { type: 'text', text };
}

/** Where a text is wrong that is not UTF-8, from its start; its length when it ends within a character. */
export function invalidUtf8At(bytes: Uint8Array, start: number, byteCount: number): number {
  const result = validateUtf8(bytes, start, start + byteCount, UTF8_BOUNDARY);
  return result < 0 ? ~result - start : byteCount;
}
