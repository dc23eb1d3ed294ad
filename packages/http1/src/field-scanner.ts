// Field lines up to the empty line, of a head or a trailer section (RFC 9112 sections 5 and 7.1.2):
// byte by byte and resumable, whatever the input is. It finds the end and all faults; the fields are
// made of the text when all is there.
import { ASCII_VALUE, BYTE_CLASS, FIELD_VALUE, isWhitespace, runEnd, TOKEN } from './grammar.ts';
import type { ScanResult } from './start-line-scanner.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;

const LINE_FIRST = 0;
const NAME = 1;
const VALUE = 2;
const LINE_LF = 3;
const END_LF = 4;

/** Scans field lines; `position` is relative to the start of the head. */
export class FieldScanner {
  /** Where the next scan goes on. */
  position = 0;
  /** Field lines found. */
  count = 0;
  /** No value has obs-text. */
  isAscii = true;
  private state: number = LINE_FIRST;

  /** Makes the scanner ready for a section that starts at `position`. */
  reset(position: number): void {
    this.position = position;
    this.count = 0;
    this.isAscii = true;
    this.state = LINE_FIRST;
  }

  /**
   * Goes on in `bytes[start..end)`, where `start` is the first byte of the head. `bytesMax` counts
   * from `start`; `unfold` allows obs-fold (responses only).
   */
  scan(
    bytes: Uint8Array,
    start: number,
    end: number,
    bytesMax: number,
    fieldsMax: number,
    unfold: boolean,
  ): ScanResult {
    const scanEnd = Math.min(end, start + bytesMax);
    let at = start + this.position;
    let result: ScanResult = 'need-data';
    while (at < scanEnd && result === 'need-data') {
      switch (this.state) {
        case LINE_FIRST:
          if (bytes[at] !== CR) result = this.beginLine(bytes[at]!, fieldsMax, unfold);
          else {
            at++;
            this.state = END_LF;
          }
          break;
        case NAME:
          at = runEnd(bytes, at, scanEnd, TOKEN);
          if (at === scanEnd) break;
          if (bytes[at] !== COLON) result = nameFault(bytes[at]!);
          else at++;
          this.state = VALUE;
          break;
        case VALUE:
          at = runEnd(bytes, at, scanEnd, ASCII_VALUE);
          if (at < scanEnd && bytes[at]! > 0x7f) {
            this.isAscii = false;
            at = runEnd(bytes, at, scanEnd, FIELD_VALUE);
          }
          if (at === scanEnd) break;
          if (bytes[at] === CR) at++;
          else result = bytes[at] === LF ? 'HTTP1_BARE_LF' : 'HTTP1_INVALID_FIELD_VALUE';
          this.state = LINE_LF;
          break;
        default:
          if (bytes[at] !== LF) result = 'HTTP1_BARE_CR';
          else {
            at++;
            if (this.state === END_LF) result = 'complete';
            this.state = LINE_FIRST;
          }
      }
    }
    this.position = at - start;
    return result === 'need-data' && this.position >= bytesMax ? 'HTTP1_HEAD_TOO_LARGE' : result;
  }

  /** The first byte of a line: a name, the end of the section, or white space that has no place here. */
  private beginLine(byte: number, fieldsMax: number, unfold: boolean): ScanResult {
    if (isWhitespace(byte)) {
      // «A recipient that receives whitespace between the start-line and the first header field
      // MUST either reject the message as invalid or ...» RFC 9112 section 2.2.
      if (this.count === 0) return 'HTTP1_INVALID_FIELD_NAME';
      this.state = VALUE;
      return unfold ? 'need-data' : 'HTTP1_OBS_FOLD';
    }
    if (byte === LF) return 'HTTP1_BARE_LF';
    if ((BYTE_CLASS[byte]! & TOKEN) === 0) return 'HTTP1_INVALID_FIELD_NAME';
    if (this.count >= fieldsMax) return 'HTTP1_TOO_MANY_FIELDS';
    this.count++;
    this.state = NAME;
    return 'need-data';
  }
}

/** «No whitespace is allowed between the field name and colon.» RFC 9112 section 5.1. */
function nameFault(byte: number): ScanResult {
  if (isWhitespace(byte)) return 'HTTP1_SPACE_BEFORE_COLON';
  if (byte === LF) return 'HTTP1_BARE_LF';
  return byte === CR ? 'HTTP1_MISSING_COLON' : 'HTTP1_INVALID_FIELD_NAME';
}
