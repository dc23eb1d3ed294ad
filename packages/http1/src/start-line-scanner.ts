// Start-lines, byte by byte and resumable, so that no byte is looked at twice however the input is
// split. Offsets are relative to the first byte of the line.
import type { Http1FaultCode } from './faults.ts';
import { ASCII_VALUE, BRACKET, FIELD_VALUE, runEnd, TARGET, TOKEN } from './grammar.ts';
import type { Http1Limits } from './limits.ts';

/** What a scan ends with, besides a fault code. */
export type ScanResult = 'need-data' | 'complete' | Http1FaultCode;

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const VERSION_LENGTH = 8;
const STATUS_LENGTH = 3;
/** CRLF, which the limit does not count. */
const LINE_END_BYTES = 2;

const METHOD = 0;
const TARGET_FIRST = 1;
const TARGET_REST = 2;
const VERSION = 3;
const LINE_CR = 4;
const LINE_LF = 5;
const STATUS = 6;
const REASON = 7;
const STATUS_SP = 8;

/** A byte that was found wrong is not passed: `position` then tells where it is. */
function passedBytes(result: ScanResult): number {
  return result === 'need-data' || result === 'complete' ? 1 : 0;
}

/** «HTTP/» DIGIT «.» DIGIT, where -1 stands for a digit. */
const VERSION_TEMPLATE: readonly number[] = [0x48, 0x54, 0x54, 0x50, 0x2f, -1, 0x2e, -1];
const MAJOR_INDEX = 5;
const MINOR_INDEX = 7;

/**
 * The index of the first byte in `bytes[at..end)` that has no place there in the HTTP-version that
 * begins at `start` (RFC 9112 section 2.3, case-sensitive), or where that or the bytes end.
 */
function versionEnd(bytes: Uint8Array, start: number, at: number, end: number): number {
  const stop = Math.min(end, start + VERSION_LENGTH);
  let index = at;
  while (index < stop && isVersionByte(bytes[index]!, VERSION_TEMPLATE[index - start]!)) index++;
  return index;
}

function isVersionByte(byte: number, expected: number): boolean {
  return expected === -1 ? byte >= 0x30 && byte <= 0x39 : byte === expected;
}

/** `method SP request-target SP HTTP-version CRLF`, RFC 9112 section 3. */
export class RequestLineScanner {
  /** Where the next scan goes on. */
  position = 0;
  methodEnd = 0;
  targetEnd = 0;
  majorVersion = 0;
  minorVersion = 0;
  private state = METHOD;
  private targetBits = TARGET;

  /** Makes the scanner ready for another line. */
  reset(): void {
    this.position = 0;
    this.methodEnd = 0;
    this.targetEnd = 0;
    this.majorVersion = 0;
    this.minorVersion = 0;
    this.state = METHOD;
  }

  /** Goes on in `bytes[start..end)`, where `start` is the first byte of the line. */
  scan(
    bytes: Uint8Array,
    start: number,
    end: number,
    limits: Http1Limits,
    pathBits: number,
  ): ScanResult {
    const lineEnd = Math.min(end, start + limits.startLineBytesMax + LINE_END_BYTES);
    let at = start + this.position;
    let result: ScanResult = 'need-data';
    while (at < lineEnd && result === 'need-data') {
      const byte = bytes[at]!;
      switch (this.state) {
        case METHOD:
          at = runEnd(bytes, at, Math.min(lineEnd, start + limits.methodBytesMax + 1), TOKEN);
          if (at === lineEnd && at - start <= limits.methodBytesMax) break;
          if (at - start > limits.methodBytesMax) result = 'HTTP1_METHOD_TOO_LONG';
          else if (at === start || bytes[at] !== SP) result = 'HTTP1_INVALID_METHOD';
          else this.methodEnd = at++ - start;
          this.state = TARGET_FIRST;
          break;
        case TARGET_FIRST:
          // Only a target that starts with a scheme or a host can have an IP literal.
          this.targetBits = byte === 0x2f ? pathBits : pathBits | BRACKET;
          this.state = TARGET_REST;
          if (byte === SP) result = 'HTTP1_INVALID_TARGET';
          break;
        case TARGET_REST:
          at = runEnd(bytes, at, lineEnd, this.targetBits);
          if (at === lineEnd) break;
          if (bytes[at] !== SP) result = 'HTTP1_INVALID_TARGET';
          this.targetEnd = at - start;
          at += passedBytes(result);
          this.state = VERSION;
          break;
        case VERSION: {
          const version = start + this.targetEnd + 1;
          at = versionEnd(bytes, version, at, lineEnd);
          if (at === version + VERSION_LENGTH) {
            this.majorVersion = bytes[version + MAJOR_INDEX]! - 0x30;
            this.minorVersion = bytes[version + MINOR_INDEX]! - 0x30;
            this.state = LINE_CR;
          } else if (at < lineEnd) {
            result = 'HTTP1_INVALID_VERSION';
          }
          break;
        }
        case LINE_CR:
          if (byte !== CR) result = byte === LF ? 'HTTP1_BARE_LF' : 'HTTP1_INVALID_VERSION';
          this.state = LINE_LF;
          at += passedBytes(result);
          break;
        default:
          result = byte === LF ? 'complete' : 'HTTP1_BARE_CR';
          at += passedBytes(result);
      }
    }
    this.position = at - start;
    if (result === 'complete' && this.majorVersion !== 1) return 'HTTP1_UNSUPPORTED_VERSION';
    if (result === 'need-data' && this.position >= limits.startLineBytesMax + LINE_END_BYTES) {
      // Methods are short and versions have eight bytes: it is the target that is too long.
      return this.state === METHOD ? 'HTTP1_START_LINE_TOO_LONG' : 'HTTP1_TARGET_TOO_LONG';
    }
    return result;
  }
}

/** `HTTP-version SP status-code SP [ reason-phrase ] CRLF`, RFC 9112 section 4. */
export class StatusLineScanner {
  /** Where the next scan goes on. */
  position = 0;
  majorVersion = 0;
  minorVersion = 0;
  status = 0;
  reasonEnd = 0;
  /** The reason phrase has no obs-text. */
  isAscii = true;
  private state = VERSION;

  /** Makes the scanner ready for another line. */
  reset(): void {
    this.position = 0;
    this.majorVersion = 0;
    this.minorVersion = 0;
    this.status = 0;
    this.reasonEnd = 0;
    this.isAscii = true;
    this.state = VERSION;
  }

  /** Where the reason phrase starts, relative to the line. */
  get reasonStart(): number {
    return VERSION_LENGTH + 1 + STATUS_LENGTH + 1;
  }

  /** Goes on in `bytes[start..end)`, where `start` is the first byte of the line. */
  scan(bytes: Uint8Array, start: number, end: number, limits: Http1Limits): ScanResult {
    const lineEnd = Math.min(end, start + limits.startLineBytesMax + LINE_END_BYTES);
    let at = start + this.position;
    let result: ScanResult = 'need-data';
    while (at < lineEnd && result === 'need-data') {
      const byte = bytes[at]!;
      switch (this.state) {
        case VERSION:
          at = versionEnd(bytes, start, at, lineEnd);
          if (at === start + VERSION_LENGTH) {
            this.majorVersion = bytes[start + MAJOR_INDEX]! - 0x30;
            this.minorVersion = bytes[start + MINOR_INDEX]! - 0x30;
            this.state = STATUS_SP;
          } else if (at < lineEnd) {
            result = 'HTTP1_INVALID_VERSION';
          }
          break;
        case STATUS_SP:
          if (byte !== SP) result = 'HTTP1_INVALID_STATUS_LINE';
          this.state = STATUS;
          at += passedBytes(result);
          break;
        case STATUS:
          result = this.scanStatus(byte, at - start - VERSION_LENGTH - 1);
          at += passedBytes(result);
          break;
        case REASON:
          at = runEnd(bytes, at, lineEnd, ASCII_VALUE);
          if (at < lineEnd && bytes[at]! > 0x7f) {
            this.isAscii = false;
            at = runEnd(bytes, at, lineEnd, FIELD_VALUE);
          }
          if (at === lineEnd) break;
          if (bytes[at] !== CR) {
            result = bytes[at] === LF ? 'HTTP1_BARE_LF' : 'HTTP1_INVALID_STATUS_LINE';
          }
          this.reasonEnd = at - start;
          at += passedBytes(result);
          this.state = LINE_LF;
          break;
        default:
          result = byte === LF ? 'complete' : 'HTTP1_BARE_CR';
          at += passedBytes(result);
      }
    }
    this.position = at - start;
    if (result === 'complete' && this.majorVersion !== 1) return 'HTTP1_UNSUPPORTED_VERSION';
    if (result === 'need-data' && this.position >= limits.startLineBytesMax + LINE_END_BYTES) {
      return 'HTTP1_START_LINE_TOO_LONG';
    }
    return result;
  }

  private scanStatus(byte: number, index: number): ScanResult {
    if (index === STATUS_LENGTH) {
      // «A server MUST send the space that separates the status-code from the reason-phrase even
      // when the reason-phrase is absent.» Servers that don't are common, and nothing hangs on it.
      this.state = byte === CR ? LINE_LF : REASON;
      this.reasonEnd = this.reasonStart;
      return byte === SP || byte === CR ? 'need-data' : 'HTTP1_INVALID_STATUS_LINE';
    }
    // Of a code outside 100-599 «a client ... SHOULD process the response as if it had a 5xx (Server
    // Error) status code» (RFC 9110 section 15), which is framed like any other final response.
    if (byte < 0x30 || byte > 0x39) return 'HTTP1_INVALID_STATUS_LINE';
    this.status = this.status * 10 + byte - 0x30;
    return 'need-data';
  }
}
