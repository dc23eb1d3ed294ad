// The chunked transfer coding, decoded (RFC 9112 section 7.1).
import { decodeLatin1 } from './bytes/latin1.ts';
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import { ChunkExtensionScanner } from './chunk-extension.ts';
import { type ContentDecoder, type DecodeResult, NO_FIELDS } from './content-decoder.ts';
import type { Field } from './events.ts';
import { FieldScanner } from './field-scanner.ts';
import { sectionFields } from './field-section.ts';
import { hexDigitValue } from './grammar.ts';
import type { Http1Limits } from './limits.ts';

const CR = 0x0d;
const LF = 0x0a;

const SIZE_FIRST = 0;
const SIZE = 1;
const EXTENSION = 2;
const SIZE_LF = 3;
const DATA = 4;
const DATA_CR = 5;
const DATA_LF = 6;
const TRAILERS = 7;
const COMPLETE = 8;

/** More digits than any size needs; leading zeros are valid, an endless row of them is an attack. */
const SIZE_DIGITS_MAX = 64;
/** Largest size to which one more digit can be added without loss of precision. */
const SIZE_BEFORE_DIGIT_MAX = (Number.MAX_SAFE_INTEGER - 15) / 16;

/**
 * Fields that may not be merged from a trailer section: framing, routing, request modifiers,
 * authentication, response control and content format (RFC 9110 section 6.5.1).
 */
const FORBIDDEN_TRAILERS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  (
    'transfer-encoding content-length host connection keep-alive proxy-connection upgrade te ' +
    'trailer expect max-forwards cache-control pragma range if-match if-none-match ' +
    'if-modified-since if-unmodified-since if-range authorization proxy-authorization ' +
    'www-authenticate proxy-authenticate authentication-info proxy-authentication-info cookie ' +
    'set-cookie age expires date location retry-after vary warning content-encoding content-type ' +
    'content-range'
  ).split(' '),
);

/** True for a field that a sender must not put, and a recipient drops, in a trailer section. */
export function isForbiddenTrailer(lowerCaseName: string): boolean {
  return FORBIDDEN_TRAILERS.has(lowerCaseName);
}

function isLineEnd(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === CR && bytes[at + 1] === LF;
}

/** Decodes one chunked message body, trailers included. */
export class ChunkedDecoder implements ContentDecoder {
  trailers: readonly Field[] = NO_FIELDS;
  readonly remainingBytes: number = Number.POSITIVE_INFINITY;
  private state = SIZE_FIRST;
  private size = 0;
  private sizeDigits = 0;
  private byteCount = 0;
  private extensionBytes = 0;
  private extension: ChunkExtensionScanner | null = null;
  private trailerScanner: FieldScanner | null = null;
  private readonly limits: Http1Limits;
  private readonly unfold: boolean;

  /** `unfold`: obs-fold in trailers is replaced (responses) instead of refused (requests). */
  constructor(limits: Http1Limits, unfold: boolean) {
    this.limits = limits;
    this.unfold = unfold;
  }

  next(buffer: ReceiveBuffer): DecodeResult {
    if (this.state === DATA_CR || this.state === SIZE_FIRST) this.takeFraming(buffer);
    while (buffer.length > 0) {
      if (this.state === DATA) return this.takeData(buffer);
      if (this.state === TRAILERS) return this.scanTrailers(buffer);
      if (this.state === COMPLETE) return 'complete';
      const fault = this.step(buffer);
      if (fault !== 'need-data') return fault;
    }
    return this.state === COMPLETE ? 'complete' : 'need-data';
  }

  /**
   * Takes what stands in front of a chunk's data, or behind that of the last, in one go, if it has
   * come whole, without extension or trailers; what is left is for `step`.
   */
  private takeFraming(buffer: ReceiveBuffer): void {
    const { bytes, start, end } = buffer;
    const isBehindData = this.state === DATA_CR;
    const sizeStart = isBehindData ? start + 2 : start;
    // More digits may say what 32 bits do not hold.
    const digitsEnd = Math.min(end, sizeStart + 7);
    let size = 0;
    let at = sizeStart;
    for (; at < digitsEnd; at++) {
      const digit = hexDigitValue(bytes[at]!);
      if (digit < 0) break;
      size = (size << 4) | digit;
    }
    const isLast = size === 0;
    const framingEnd = isLast ? at + 4 : at + 2;
    if (at === sizeStart || framingEnd > end || !isLineEnd(bytes, at)) return;
    if (isBehindData && !isLineEnd(bytes, start)) return;
    if (isLast && !isLineEnd(bytes, at + 2)) return;
    if (this.byteCount + size > this.limits.contentBytesMax) return;
    this.byteCount += size;
    this.size = size;
    this.state = isLast ? COMPLETE : DATA;
    buffer.consume(framingEnd - start);
  }

  /** Takes one part of the framing between data; `need-data` says go on. */
  private step(buffer: ReceiveBuffer): DecodeResult {
    const byte = buffer.bytes[buffer.start]!;
    switch (this.state) {
      case SIZE_FIRST:
      case SIZE:
        return this.scanSize(buffer, byte);
      case EXTENSION:
        return this.scanExtension(buffer);
      case SIZE_LF:
        if (byte !== LF) return 'HTTP1_BARE_CR';
        this.state = this.size === 0 ? TRAILERS : DATA;
        break;
      case DATA_CR:
        if (byte !== CR) return 'HTTP1_INVALID_CHUNK_END';
        this.state = DATA_LF;
        break;
      default:
        if (byte !== LF) return 'HTTP1_INVALID_CHUNK_END';
        this.state = SIZE_FIRST;
    }
    buffer.consume(1);
    return 'need-data';
  }

  private scanSize(buffer: ReceiveBuffer, first: number): DecodeResult {
    if (this.state === SIZE_FIRST) {
      if (hexDigitValue(first) < 0) return 'HTTP1_INVALID_CHUNK_SIZE';
      this.size = 0;
      this.sizeDigits = 0;
      this.state = SIZE;
    }
    const { bytes, end } = buffer;
    let at = buffer.start;
    for (; at < end; at++) {
      const digit = hexDigitValue(bytes[at]!);
      if (digit < 0) break;
      if (this.size > SIZE_BEFORE_DIGIT_MAX || ++this.sizeDigits > SIZE_DIGITS_MAX) {
        buffer.consume(at - buffer.start);
        return 'HTTP1_INVALID_CHUNK_SIZE';
      }
      this.size = this.size * 16 + digit;
    }
    const next = at < end ? bytes[at]! : -1;
    buffer.consume(at - buffer.start);
    return next === -1 ? 'need-data' : this.endSize(buffer, next);
  }

  /** What may follow the digits: CR, or an extension with bad white space before it. */
  private endSize(buffer: ReceiveBuffer, byte: number): DecodeResult {
    this.byteCount += this.size;
    if (this.byteCount > this.limits.contentBytesMax) return 'HTTP1_CONTENT_TOO_LARGE';
    if (byte === CR) {
      this.state = SIZE_LF;
      buffer.consume(1);
      return 'need-data';
    }
    if (byte === LF) return 'HTTP1_BARE_LF';
    if (byte !== 0x3b && byte !== 0x20 && byte !== 0x09) return 'HTTP1_INVALID_CHUNK_SIZE';
    this.extension = new ChunkExtensionScanner();
    this.state = EXTENSION;
    return 'need-data';
  }

  private scanExtension(buffer: ReceiveBuffer): DecodeResult {
    const budget = this.limits.chunkExtensionBytesMax - this.extensionBytes;
    const end = Math.min(buffer.end, buffer.start + budget + 1);
    const at = this.extension!.scan(buffer.bytes, buffer.start, end);
    const byteCount = at - buffer.start;
    const fault = this.extension!.fault;
    const complete = this.extension!.complete;
    // The CR behind the extensions is not one of them.
    this.extensionBytes += complete ? byteCount - 1 : byteCount;
    buffer.consume(byteCount);
    if (fault !== null) return fault;
    if (this.extensionBytes > this.limits.chunkExtensionBytesMax) {
      return 'HTTP1_CHUNK_EXTENSIONS_TOO_LARGE';
    }
    if (complete) {
      this.extension = null;
      this.state = SIZE_LF;
    }
    return 'need-data';
  }

  private takeData(buffer: ReceiveBuffer): Uint8Array {
    const byteCount = Math.min(this.size, buffer.length);
    this.size -= byteCount;
    if (this.size === 0) this.state = DATA_CR;
    return buffer.take(byteCount);
  }

  private scanTrailers(buffer: ReceiveBuffer): DecodeResult {
    const { limits } = this;
    this.trailerScanner ??= new FieldScanner();
    const scanner = this.trailerScanner;
    const { bytes, start, end } = buffer;
    const result = scanner.scan(
      bytes,
      start,
      end,
      limits.trailerBytesMax,
      limits.fieldsMax,
      this.unfold,
    );
    if (result === 'need-data') return result;
    if (result === 'complete' && scanner.count > 0) {
      const text = decodeLatin1(bytes, start, start + scanner.position, scanner.isAscii);
      const all = sectionFields(text, 0, null);
      this.trailers = all.filter((field) => !isForbiddenTrailer(field.name));
    }
    buffer.consume(scanner.position);
    this.trailerScanner = null;
    this.state = COMPLETE;
    return result === 'HTTP1_HEAD_TOO_LARGE' ? 'HTTP1_TRAILERS_TOO_LARGE' : result;
  }
}
