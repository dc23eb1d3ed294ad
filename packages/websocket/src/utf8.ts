// UTF-8 as «[...] well-formed» has it (RFC 3629 section 4, Unicode table 3-7): no overlong forms, no
// surrogates, nothing above U+10FFFF. «When an endpoint is to interpret a byte stream as UTF-8 but
// finds that the byte stream is not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the
// WebSocket Connection_», RFC 6455 section 8.1.
//
// Between two pieces of a text there is one small number: what the next byte may be.

/** Between two characters: where a text begins, and where alone it may end. */
export const UTF8_BOUNDARY = 0;

// The other states are those within a character. For each: the least and the greatest byte that may
// come, the state behind it, and how many bytes the character still lacks.
//
//                           1     2     3     E0    ED    F0    F4
const LEAST = /* @__PURE__ */ Uint8Array.of(0, 0x80, 0x80, 0x80, 0xa0, 0x80, 0x90, 0x80);
const GREATEST = /* @__PURE__ */ Uint8Array.of(0, 0xbf, 0xbf, 0xbf, 0xbf, 0x9f, 0xbf, 0x8f);
const NEXT = /* @__PURE__ */ Uint8Array.of(0, 0, 1, 2, 1, 1, 2, 2);
const LACKING = /* @__PURE__ */ Uint8Array.of(0, 1, 2, 3, 2, 2, 3, 3);

/** From here on a view of words finds faster that a text is ASCII. */
const WORDS_BYTES_MIN = 128;
/** From here on a call out of JavaScript is faster, the view for it included. */
const NATIVE_BYTES_MIN = 96;
/** Up to here ASCII is a string sooner than a decoder has begun. */
const SHORT_BYTES_MAX = 8;

/** What no text has that was decoded without an error, unless it was in it. */
const REPLACEMENT = '\ufffd';

/** A platform's own check of a whole text, such as `isUtf8` of node:buffer. */
export type Utf8Check = (bytes: Uint8Array) => boolean;

/**
 * Validates `bytes[start..end)`, a piece of a text; `state` is what the piece before returned, at first
 * {@link UTF8_BOUNDARY}. Returns the state behind the piece, 0-7, or `~index` of the first byte that no
 * valid text could have there, which is negative.
 */
export function validateUtf8(bytes: Uint8Array, start: number, end: number, state: number): number {
  let at = start;
  let next = state;
  if (next === UTF8_BOUNDARY && end - at >= WORDS_BYTES_MIN) at = skipWords(bytes, at, end);
  while (at < end) {
    if (next === UTF8_BOUNDARY) {
      at = skipCharacters(bytes, at, end);
      if (at === end) break;
      next = stateAfter(bytes[at]!);
      if (next === UTF8_BOUNDARY) return ~at;
    } else {
      const byte = bytes[at]!;
      if (byte < LEAST[next]! || byte > GREATEST[next]!) return ~at;
      next = NEXT[next]!;
    }
    at++;
  }
  return next;
}

/** The state behind the first byte of a character of several; {@link UTF8_BOUNDARY} for what is none. */
function stateAfter(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return UTF8_BOUNDARY;
  if (lead < 0xe0) return 1;
  if (lead < 0xf0) return lead === 0xe0 ? 4 : lead === 0xed ? 5 : 2;
  return lead === 0xf0 ? 6 : lead === 0xf4 ? 7 : 3;
}

/** Returns where ASCII ends, or up to three bytes before. */
function skipWords(bytes: Uint8Array, start: number, end: number): number {
  const from = start + (-(bytes.byteOffset + start) & 3);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + from, (end - from) >>> 2);
  if (!isAscii(bytes, start, from)) return start;
  const last = words.length - 3;
  let at = 0;
  while (at < last) {
    const four = words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!;
    if ((four & 0x80_80_80_80) !== 0) break;
    at += 4;
  }
  return from + 4 * at;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0;
  for (let at = start; at < end; at++) all |= bytes[at]!;
  return all < 0x80;
}

/** Returns where the first character begins that is wrong or not whole; it may be `end`. */
function skipCharacters(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    // A loop of its own, which is twice as fast as one that also knows of other characters.
    while (at < end && bytes[at]! < 0x80) at++;
    if (at === end) return end;
    const lead = bytes[at]!;
    const byteCount = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (at + byteCount > end) return at;
    if (byteCount === 3) {
      if (!isThree(lead, bytes[at + 1]!, bytes[at + 2]!)) return at;
    } else if (byteCount === 2) {
      if (lead < 0xc2 || (bytes[at + 1]! & 0xc0) !== 0x80) return at;
    } else if (!isFour(lead, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!)) return at;
    at += byteCount;
  }
  return at;
}

function isThree(lead: number, second: number, third: number): boolean {
  if ((second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80) return false;
  // The upper ten bits: what is below U+0800 is overlong, U+D800 to U+DFFF are surrogates.
  const upper = ((lead & 0x0f) << 6) | (second & 0x3f);
  return upper >= 0x20 && upper >> 5 !== 0x1b;
}

function isFour(lead: number, second: number, third: number, fourth: number): boolean {
  if ((second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80 || (fourth & 0xc0) !== 0x80) return false;
  // The lead's lower four bits count, so that F8 to FF are too large.
  const plane = ((lead & 0x0f) << 2) | ((second & 0x30) >> 4);
  return plane >= 0x01 && plane <= 0x10;
}

/** Validates one text after another, in pieces. */
export class Utf8Validator {
  /** Index in the last piece of its first wrong byte; of use when `push` has returned false. */
  invalidAt = 0;
  private readonly isUtf8: Utf8Check | null;
  private state: number = UTF8_BOUNDARY;

  /** `isUtf8` checks what is long, where the platform has such a function. */
  constructor(isUtf8: Utf8Check | null = null) {
    this.isUtf8 = isUtf8;
  }

  /** The text so far may end here: it is not cut within a character. */
  get isComplete(): boolean {
    return this.state === UTF8_BOUNDARY;
  }

  /** The next piece. Returns false at the first byte that is wrong, see `invalidAt`; then `reset`. */
  push(piece: Uint8Array): boolean {
    const { isUtf8, state } = this;
    const isLong = isUtf8 !== null && piece.length >= NATIVE_BYTES_MIN;
    const result = isLong
      ? validateLong(piece, state, isUtf8)
      : validateUtf8(piece, 0, piece.length, state);
    if (result < 0) this.invalidAt = ~result;
    else this.state = result;
    return result >= 0;
  }

  /** Another text begins. */
  reset(): void {
    this.state = UTF8_BOUNDARY;
  }
}

/** `validateUtf8` of a piece whose whole characters are checked by `isUtf8`. */
function validateLong(piece: Uint8Array, state: number, isUtf8: Utf8Check): number {
  const begin = LACKING[state]!;
  const result = validateUtf8(piece, 0, begin, state);
  if (result < 0) return result;
  const end = lastBoundary(piece);
  const isWhole = begin === 0 && end === piece.length;
  // When it is not valid, the offset is looked for.
  const isValid = isUtf8(isWhole ? piece : piece.subarray(begin, end));
  return validateUtf8(piece, isValid ? end : begin, piece.length, UTF8_BOUNDARY);
}

/** Where the character begins that the end of a piece has cut; its end if there is none. */
function lastBoundary(piece: Uint8Array): number {
  for (let back = 1; back <= 3; back++) {
    const byte = piece[piece.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0)
      return LACKING[stateAfter(byte)]! >= back ? piece.length - back : piece.length;
  }
  return piece.length;
}

/** What Node's buffers add: they decode themselves in half the time, without a view. */
type SelfDecoding = Uint8Array & { utf8Slice?(start: number, end: number): string };

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes `bytes[start..end)`, a whole text; null when it is not valid. A byte order mark is kept: it
 * is a character of the text like any other.
 */
export function decodeUtf8(
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
): string | null {
  const buffer: SelfDecoding = bytes;
  if (typeof buffer.utf8Slice === 'function') {
    const text = buffer.utf8Slice(start, end);
    // An error leaves its mark in the text, so that a second look at the bytes is rarely needed.
    if (!text.includes(REPLACEMENT)) return text;
    return validateUtf8(bytes, start, end, UTF8_BOUNDARY) === UTF8_BOUNDARY ? text : null;
  }
  if (end - start <= SHORT_BYTES_MAX && isAscii(bytes, start, end)) return short(bytes, start, end);
  const isWhole = end - start === bytes.length;
  try {
    return decoder.decode(isWhole ? bytes : bytes.subarray(start, end));
  } catch {
    return null;
  }
}

function short(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}
