// Field lines up to the empty line, of a head or a trailer section (RFC 9112 sections 5 and 7.1.2):
// byte by byte and resumable. What it finds are offsets; text is made once, when all is there.
import type { Field } from './events.ts';
import {
  ASCII_VALUE,
  BYTE_CLASS,
  FIELD_VALUE,
  isWhitespace,
  runEnd,
  TOKEN,
  trimWhitespace,
} from './grammar.ts';
import type { ScanResult } from './start-line-scanner.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;

const LINE_FIRST = 0;
const NAME = 1;
const VALUE_FIRST = 2;
const VALUE = 3;
const LINE_LF = 4;
const END_LF = 5;
const FOLD = 6;

/** Four offsets a field: name start, name end, value start, value end. */
const OFFSETS_PER_FIELD = 4;
const OFFSETS_AT_FIRST: number = 32 * OFFSETS_PER_FIELD;
/** Most trailer sections are empty, and need no room. */
const NO_OFFSETS: Int32Array = /* @__PURE__ */ new Int32Array(0);

/** Scans field lines; `position` and all offsets are relative to the start of the head. */
export class FieldScanner {
  /** Where the next scan goes on. */
  position = 0;
  /** Field lines found. */
  count = 0;
  /** No value has obs-text. */
  isAscii = true;
  private state: number = LINE_FIRST;
  private offsets: Int32Array = NO_OFFSETS;
  private folded = false;
  /** Where the value's part on the present line starts. */
  private partStart = 0;
  /** The present line continues the value of the one before. */
  private continues = false;

  /** Makes the scanner ready for a section that starts at `position`. */
  reset(position: number): void {
    this.position = position;
    this.count = 0;
    this.isAscii = true;
    this.state = LINE_FIRST;
    this.folded = false;
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
    let { state } = this;
    let at = start + this.position;
    let result: ScanResult = 'need-data';
    // The states of a line stand in their order: one turn takes a whole line.
    while (at < scanEnd) {
      if (state === LINE_FIRST) {
        result = this.beginLine(bytes[at]!, at - start, fieldsMax, unfold);
        if (result !== 'need-data') break;
        state = this.state;
        if (state !== NAME) at++;
      }
      if (state === NAME) {
        at = runEnd(bytes, at, scanEnd, TOKEN);
        if (at === scanEnd) break;
        if (bytes[at] !== COLON) {
          result = nameFault(bytes[at]!);
          break;
        }
        this.offsets[this.count * OFFSETS_PER_FIELD + 1] = at++ - start;
        state = VALUE_FIRST;
      }
      if (state === VALUE_FIRST || state === FOLD) {
        while (at < scanEnd && isWhitespace(bytes[at]!)) at++;
        if (at === scanEnd) break;
        this.partStart = at - start;
        if (state === VALUE_FIRST) {
          this.offsets[this.count * OFFSETS_PER_FIELD + 2] = this.partStart;
        }
        state = VALUE;
      }
      if (state === VALUE) {
        at = runEnd(bytes, at, scanEnd, ASCII_VALUE);
        if (at < scanEnd && bytes[at]! > 0x7f) {
          this.isAscii = false;
          at = runEnd(bytes, at, scanEnd, FIELD_VALUE);
        }
        if (at === scanEnd) break;
        if (bytes[at] !== CR) {
          result = bytes[at] === LF ? 'HTTP1_BARE_LF' : 'HTTP1_INVALID_FIELD_VALUE';
          break;
        }
        this.endValue(bytes, start, at++);
        state = LINE_LF;
      }
      if (at === scanEnd) break;
      if (bytes[at] !== LF) {
        result = 'HTTP1_BARE_CR';
        break;
      }
      at++;
      if (state === END_LF) {
        result = 'complete';
        break;
      }
      state = LINE_FIRST;
    }
    this.state = state;
    this.position = at - start;
    return result === 'need-data' && this.position >= bytesMax ? 'HTTP1_HEAD_TOO_LARGE' : result;
  }

  /**
   * The fields of a scanned section. `text` is the head as text and `lower` the same in lower case:
   * one conversion for all names. Substrings share its memory.
   */
  fields(text: string, lower: string): Field[] {
    const fields: Field[] = [];
    const offsets = this.offsets;
    for (let index = 0, at = 0; index < this.count; index++, at += OFFSETS_PER_FIELD) {
      const raw = text.slice(offsets[at + 2]!, offsets[at + 3]!);
      fields.push({
        name: lower.slice(offsets[at]!, offsets[at + 1]!),
        // CR can only stand in a value that continues over an obs-fold.
        value: this.folded && raw.includes('\r') ? unfoldValue(raw) : raw,
      });
    }
    return fields;
  }

  /** The first byte of a line: a name, the end of the section, or white space that has no place here. */
  private beginLine(byte: number, offset: number, fieldsMax: number, unfold: boolean): ScanResult {
    if (byte === CR) {
      this.state = END_LF;
      return 'need-data';
    }
    if (isWhitespace(byte)) {
      // «A recipient that receives whitespace between the start-line and the first header field
      // MUST either reject the message as invalid or ...» RFC 9112 section 2.2.
      if (this.count === 0) return 'HTTP1_INVALID_FIELD_NAME';
      if (!unfold) return 'HTTP1_OBS_FOLD';
      this.folded = true;
      this.continues = true;
      this.count--;
      this.state = FOLD;
      return 'need-data';
    }
    if (byte === LF) return 'HTTP1_BARE_LF';
    if ((BYTE_CLASS[byte]! & TOKEN) === 0) return 'HTTP1_INVALID_FIELD_NAME';
    if (this.count >= fieldsMax) return 'HTTP1_TOO_MANY_FIELDS';
    const at = this.count * OFFSETS_PER_FIELD;
    if (at === this.offsets.length) this.grow();
    this.offsets[at] = offset;
    this.continues = false;
    this.state = NAME;
    return 'need-data';
  }

  private endValue(bytes: Uint8Array, start: number, end: number): void {
    const partStart = start + this.partStart;
    let partEnd = end;
    while (partEnd > partStart && isWhitespace(bytes[partEnd - 1]!)) partEnd--;
    // A line of nothing but white space adds nothing: the value still ends where it did.
    const addsNothing = this.continues && partEnd === partStart;
    if (!addsNothing) this.offsets[this.count * OFFSETS_PER_FIELD + 3] = partEnd - start;
    this.count++;
  }

  private grow(): void {
    const { length } = this.offsets;
    const grown = new Int32Array(Math.max(OFFSETS_AT_FIRST, length * 2));
    grown.set(this.offsets);
    this.offsets = grown;
  }
}

/** «replace each received obs-fold with one or more SP octets», RFC 9112 section 5.2. */
function unfoldValue(raw: string): string {
  return trimWhitespace(raw.split('\r\n').map(trimWhitespace).join(' '));
}

/** «No whitespace is allowed between the field name and colon.» RFC 9112 section 5.1. */
function nameFault(byte: number): ScanResult {
  if (isWhitespace(byte)) return 'HTTP1_SPACE_BEFORE_COLON';
  if (byte === LF) return 'HTTP1_BARE_LF';
  return byte === CR ? 'HTTP1_MISSING_COLON' : 'HTTP1_INVALID_FIELD_NAME';
}
