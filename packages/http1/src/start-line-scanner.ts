// Start-lines of any kind, byte by byte and resumable, so that the work is linear however the input
// is split. Offsets are relative to the first byte of the line.
import type { Http1FaultCode } from './faults.ts';
import { ASCII_VALUE, BRACKET, FIELD_VALUE, PERCENT, runEnd, TARGET, TOKEN } from './grammar.ts';
import type { Http1Limits } from './limits.ts';

/** What a scan ends with, besides a fault code. */
export type ScanResult = 'need-data' | 'complete' | Http1FaultCode;

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const SLASH = 0x2f;
/** CRLF, which the limit does not count. */
const LINE_END_BYTES = 2;

/** What stands behind a target; `0` is any digit (RFC 9112 section 2.3, case-sensitive). */
const REQUEST_LINE_REST = 'HTTP/0.0\r\n';
/** What a status-line starts with. */
const STATUS_LINE_START = 'HTTP/0.0 000 ';
const MAJOR_INDEX = 5;
const MINOR_INDEX = 7;
const VERSION_LENGTH = 8;

/** The index of the first byte in `bytes[at..end)` that does not fit the template that begins at `start`, or where one ends. */
function templateEnd(
  bytes: Uint8Array,
  template: string,
  start: number,
  at: number,
  end: number,
): number {
  const stop = Math.min(end, start + template.length);
  let index = at;
  for (; index < stop; index++) {
    const byte = bytes[index]!;
    const expected = template.charCodeAt(index - start);
    if (expected === 0x30 ? byte < 0x30 || byte > 0x39 : byte !== expected) break;
  }
  return index;
}

const METHOD = 0;
const TARGET_FIRST = 1;
const TARGET_REST = 2;
const LINE_REST = 3;

/** `method SP request-target SP HTTP-version CRLF`, RFC 9112 section 3. */
export class RequestLineScanner {
  /** Where the next scan goes on. */
  position = 0;
  methodEnd = 0;
  targetEnd = 0;
  minorVersion = 0;
  private state = METHOD;
  private targetBits = TARGET;

  /** Makes the scanner ready for another line. */
  reset(): void {
    this.position = 0;
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
    const { startLineBytesMax, methodBytesMax } = limits;
    const lineEnd = Math.min(end, start + startLineBytesMax + LINE_END_BYTES);
    let at = start + this.position;
    let result: ScanResult = 'need-data';
    while (at < lineEnd && result === 'need-data') {
      switch (this.state) {
        case METHOD:
          at = runEnd(bytes, at, Math.min(lineEnd, start + methodBytesMax + 1), TOKEN);
          if (at - start > methodBytesMax) result = 'HTTP1_METHOD_TOO_LONG';
          else if (at < lineEnd) {
            if (at === start || bytes[at] !== SP) result = 'HTTP1_INVALID_METHOD';
            else this.methodEnd = at++ - start;
            this.state = TARGET_FIRST;
          }
          break;
        case TARGET_FIRST:
          // Only a target that starts with a scheme or a host can have an IP literal.
          this.targetBits = PERCENT | (bytes[at] === SLASH ? pathBits : pathBits | BRACKET);
          if (bytes[at] === SP) result = 'HTTP1_INVALID_TARGET';
          this.state = TARGET_REST;
          break;
        case TARGET_REST:
          at = runEnd(bytes, at, lineEnd, this.targetBits);
          if (at === lineEnd) break;
          if (bytes[at] !== SP) result = 'HTTP1_INVALID_TARGET';
          else this.targetEnd = at++ - start;
          this.state = LINE_REST;
          break;
        default: {
          const rest = start + this.targetEnd + 1;
          at = templateEnd(bytes, REQUEST_LINE_REST, rest, at, lineEnd);
          if (at < rest + REQUEST_LINE_REST.length) {
            if (at < lineEnd) result = restFault(at - rest, bytes[at]!);
          } else {
            this.minorVersion = bytes[rest + MINOR_INDEX]! - 0x30;
            const isSupported = bytes[rest + MAJOR_INDEX] === 0x31;
            result = isSupported ? 'complete' : 'HTTP1_UNSUPPORTED_VERSION';
          }
        }
      }
    }
    this.position = at - start;
    if (result === 'need-data' && this.position >= startLineBytesMax + LINE_END_BYTES) {
      // Methods are short and versions have eight bytes: it is the target that is too long.
      return this.state === METHOD ? 'HTTP1_START_LINE_TOO_LONG' : 'HTTP1_TARGET_TOO_LONG';
    }
    return result;
  }
}

/** Which rule a byte behind the target breaks: the version's, CR or LF. */
function restFault(index: number, byte: number): Http1FaultCode {
  if (index > VERSION_LENGTH) return 'HTTP1_BARE_CR';
  return index === VERSION_LENGTH && byte === LF ? 'HTTP1_BARE_LF' : 'HTTP1_INVALID_VERSION';
}

const LINE_START = 0;
const REASON = 1;
const LINE_LF = 2;

/**
 * `HTTP-version SP status-code SP [ reason-phrase ] CRLF`, RFC 9112 section 4. Of a code outside
 * 100-599 «a client ... SHOULD process the response as if it had a 5xx (Server Error) status code»
 * (RFC 9110 section 15), which is framed like any other final response.
 */
export class StatusLineScanner {
  /** Where the next scan goes on. */
  position = 0;
  /** The reason phrase has no obs-text. */
  isAscii = true;
  private state: number = LINE_START;

  /** Makes the scanner ready for another line. */
  reset(): void {
    this.position = 0;
    this.isAscii = true;
    this.state = LINE_START;
  }

  /**
   * Goes on in `bytes[start..end)`, where `start` is the first byte of the line. `spaceIsOptional`
   * in front of an absent reason phrase.
   */
  scan(
    bytes: Uint8Array,
    start: number,
    end: number,
    lineBytesMax: number,
    spaceIsOptional: boolean,
  ): ScanResult {
    const lineEnd = Math.min(end, start + lineBytesMax + LINE_END_BYTES);
    const reasonStart = start + STATUS_LINE_START.length;
    let at = start + this.position;
    let result: ScanResult = 'need-data';
    while (at < lineEnd && result === 'need-data') {
      switch (this.state) {
        case LINE_START: {
          at = templateEnd(bytes, STATUS_LINE_START, start, at, lineEnd);
          // «A server MUST send the space that separates the status-code from the reason-phrase even
          // when the reason-phrase is absent.»
          const endsEarly = spaceIsOptional && at === reasonStart - 1 && bytes[at] === CR;
          if (at === reasonStart || endsEarly) this.state = REASON;
          else if (at < lineEnd) {
            const isVersion = at >= start + VERSION_LENGTH;
            result = isVersion ? 'HTTP1_INVALID_STATUS_LINE' : 'HTTP1_INVALID_VERSION';
          }
          break;
        }
        case REASON:
          at = runEnd(bytes, at, lineEnd, ASCII_VALUE);
          if (at < lineEnd && bytes[at]! > 0x7f) {
            this.isAscii = false;
            at = runEnd(bytes, at, lineEnd, FIELD_VALUE);
          }
          if (at === lineEnd) break;
          if (bytes[at] !== CR) {
            result = bytes[at] === LF ? 'HTTP1_BARE_LF' : 'HTTP1_INVALID_STATUS_LINE';
          } else at++;
          this.state = LINE_LF;
          break;
        default:
          if (bytes[at] !== LF) result = 'HTTP1_BARE_CR';
          else {
            at++;
            const isSupported = bytes[start + MAJOR_INDEX] === 0x31;
            result = isSupported ? 'complete' : 'HTTP1_UNSUPPORTED_VERSION';
          }
      }
    }
    this.position = at - start;
    const isTooLong = result === 'need-data' && this.position >= lineBytesMax + LINE_END_BYTES;
    return isTooLong ? 'HTTP1_START_LINE_TOO_LONG' : result;
  }
}
