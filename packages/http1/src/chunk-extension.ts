// Chunk extensions, checked and ignored (RFC 9112 section 7.1.1):
// *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
import type { Http1FaultCode } from './faults.ts';
import { BYTE_CLASS, FIELD_VALUE, isWhitespace, QUOTED_TEXT, TOKEN } from './grammar.ts';

const CR = 0x0d;
const LF = 0x0a;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const BEFORE_SEMICOLON = 0;
const BEFORE_NAME = 1;
const NAME = 2;
const AFTER_NAME = 3;
const BEFORE_VALUE = 4;
const TOKEN_VALUE = 5;
const QUOTED_VALUE = 6;
const QUOTED_PAIR = 7;
const AFTER_VALUE = 8;

/** Checks what stands between a chunk size and the line's end; resumable. */
export class ChunkExtensionScanner {
  /** The line's CR was seen. */
  complete = false;
  fault: Http1FaultCode | null = null;
  private state = BEFORE_SEMICOLON;

  /** Goes on in `bytes[start..end)`; returns the index behind the last byte that it took. */
  scan(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && !this.complete && this.fault === null) {
      const state = this.next(bytes[at]!);
      if (state === -1) {
        this.fault = bytes[at] === LF ? 'HTTP1_BARE_LF' : 'HTTP1_INVALID_CHUNK_EXTENSION';
        return at;
      }
      this.state = state;
      at++;
    }
    return at;
  }

  /** The state behind a byte, or -1 when it has no place here. */
  private next(byte: number): number {
    const { state } = this;
    switch (state) {
      case NAME:
        if ((BYTE_CLASS[byte]! & TOKEN) !== 0) return NAME;
        return byte === EQUALS ? BEFORE_VALUE : this.separator(byte, AFTER_NAME);
      case AFTER_NAME:
        if (isWhitespace(byte)) return AFTER_NAME;
        if (byte === EQUALS) return BEFORE_VALUE;
        return byte === SEMICOLON ? BEFORE_NAME : -1;
      case BEFORE_VALUE:
        if (isWhitespace(byte)) return BEFORE_VALUE;
        if (byte === QUOTE) return QUOTED_VALUE;
        return (BYTE_CLASS[byte]! & TOKEN) !== 0 ? TOKEN_VALUE : -1;
      case TOKEN_VALUE:
        if ((BYTE_CLASS[byte]! & TOKEN) !== 0) return TOKEN_VALUE;
        return this.separator(byte, BEFORE_SEMICOLON);
      case QUOTED_VALUE:
        if (byte === QUOTE) return AFTER_VALUE;
        if (byte === BACKSLASH) return QUOTED_PAIR;
        return (BYTE_CLASS[byte]! & QUOTED_TEXT) !== 0 ? QUOTED_VALUE : -1;
      case QUOTED_PAIR:
        return (BYTE_CLASS[byte]! & FIELD_VALUE) !== 0 ? QUOTED_VALUE : -1;
      case AFTER_VALUE:
        return this.separator(byte, BEFORE_SEMICOLON);
      case BEFORE_NAME:
        if (isWhitespace(byte)) return BEFORE_NAME;
        return (BYTE_CLASS[byte]! & TOKEN) !== 0 ? NAME : -1;
      default:
        if (isWhitespace(byte)) return BEFORE_SEMICOLON;
        return byte === SEMICOLON ? BEFORE_NAME : -1;
    }
  }

  /** Behind a name or a value: the next extension, the line's end, or (bad) white space. */
  private separator(byte: number, afterWhitespace: number): number {
    if (byte === SEMICOLON) return BEFORE_NAME;
    if (byte === CR) {
      this.complete = true;
      return BEFORE_SEMICOLON;
    }
    return isWhitespace(byte) ? afterWhitespace : -1;
  }
}
