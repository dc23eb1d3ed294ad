// Heads that have come whole and are as nearly all are: ASCII, a path for a target, no obs-fold. One
// pass over the bytes in plain loops. It accepts a part of what the scanners accept, and leaves all
// else, faults and what is still to come, to them.
import { isPlainAuthority } from './authority.ts';
import {
  CONTROL_NAMES,
  type ControlFields,
  controlNameIndex,
  HOST_INDEX,
} from './control-fields.ts';
import type { Field } from './events.ts';
import { BYTE_CLASS, hexDigitValue, TOKEN } from './grammar.ts';
import type { Http1Limits } from './limits.ts';

const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const PERCENT_SIGN = 0x25;
const SLASH = 0x2f;
const COLON = 0x3a;

/** Constants of this file's own: what is imported is looked up at every turn of a loop. */
const CLASSES: Uint16Array = BYTE_CLASS;
const TOKEN_BIT: number = TOKEN;

const VERSION_BYTES = 8;
const LINE_END_BYTES = 2;
const FIELDS_MAX = 128;
/** Name start, name end, value start, value end, index among `CONTROL_NAMES` or -1. */
const NUMBERS_PER_FIELD = 5;

/** Where the parts of a request-line are, relative to its start. */
export interface RequestLine {
  methodEnd: number;
  targetEnd: number;
  /** As in the version: a digit. */
  minorVersion: number;
}

/** What was found last. It is shared, since a head is read at once or not at all. */
const foundLine: RequestLine = { methodEnd: 0, targetEnd: 0, minorVersion: 0 };
const foundNumbers: Int32Array = /* @__PURE__ */ new Int32Array(FIELDS_MAX * NUMBERS_PER_FIELD);
let foundCount = 0;

/** The request-line that `bytes[start..end)` begins with, to be used before another is read; or null. */
export function wholeRequestLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: Http1Limits,
  pathBits: number,
): RequestLine | null {
  let at = start;
  while (at < end && (CLASSES[bytes[at]! & 0xff]! & TOKEN_BIT) !== 0) at = (at + 1) | 0;
  const methodLength = at - start;
  if (methodLength === 0 || methodLength > limits.methodBytesMax) return null;
  // Only CONNECT has no path for a target.
  if (methodLength === 7 && bytes[start] === 0x43) return null;
  if (at + 2 > end || bytes[at] !== SP || bytes[at + 1] !== SLASH) return null;
  at = (at + 2) | 0;
  for (;;) {
    while (at < end && (CLASSES[bytes[at]! & 0xff]! & pathBits) !== 0) at = (at + 1) | 0;
    if (at + 3 > end) return null;
    if (bytes[at] !== PERCENT_SIGN) break;
    if (hexDigitValue(bytes[at + 1]!) < 0 || hexDigitValue(bytes[at + 2]!) < 0) return null;
    at = (at + 3) | 0;
  }
  const lineEnd = at + 1 + VERSION_BYTES;
  if (lineEnd - start > limits.startLineBytesMax || lineEnd + LINE_END_BYTES > end) return null;
  if (bytes[at] !== SP || !isVersion(bytes, at + 1) || !isLineEnd(bytes, lineEnd)) return null;
  foundLine.methodEnd = methodLength;
  foundLine.targetEnd = at - start;
  foundLine.minorVersion = bytes[lineEnd - 1]! - 0x30;
  return foundLine;
}

/** The index behind the status-line that `bytes[start..end)` begins with, or -1. */
export function wholeStatusLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  lineBytesMax: number,
): number {
  const reason = start + 13;
  if (reason + LINE_END_BYTES > end || !isVersion(bytes, start)) return -1;
  if (bytes[start + 8] !== SP || bytes[start + 12] !== SP) return -1;
  for (let at = start + 9; at < start + 12; at++) if ((bytes[at]! - 0x30) >>> 0 > 9) return -1;
  const lineEnd = printableEnd(bytes, reason, end);
  if (lineEnd + LINE_END_BYTES > end || lineEnd - start > lineBytesMax) return -1;
  return isLineEnd(bytes, lineEnd) ? lineEnd + LINE_END_BYTES : -1;
}

/**
 * The index behind the field lines and the empty line that stand at `from`, in a head that begins at
 * `start`, or -1. What was found is for `wholeFields`.
 */
export function wholeFieldSection(
  bytes: Uint8Array,
  start: number,
  from: number,
  end: number,
  fieldsMax: number,
): number {
  const numbersMax = Math.min(fieldsMax, FIELDS_MAX) * NUMBERS_PER_FIELD;
  let index = 0;
  let at = from;
  for (;;) {
    const lineStart = at;
    while (at < end && (CLASSES[bytes[at]! & 0xff]! & TOKEN_BIT) !== 0) at = (at + 1) | 0;
    if (at + LINE_END_BYTES > end) return -1;
    if (at === lineStart) break;
    if (bytes[at] !== COLON || index === numbersMax) return -1;
    const nameEnd = at;
    at = (at + 1) | 0;
    while (at < end && bytes[at] === SP) at = (at + 1) | 0;
    const valueStart = at;
    at = printableEnd(bytes, at, end);
    if (at + LINE_END_BYTES > end || bytes[at] !== CR || bytes[at + 1] !== LF) return -1;
    let valueEnd = at;
    while (valueEnd > valueStart && bytes[valueEnd - 1] === SP) valueEnd = (valueEnd - 1) | 0;
    const control = controlNameIndex(bytes, lineStart, nameEnd);
    if (control === HOST_INDEX && !isPlainAuthority(bytes, valueStart, valueEnd)) return -1;
    foundNumbers[index] = lineStart - start;
    foundNumbers[index + 1] = nameEnd - start;
    foundNumbers[index + 2] = valueStart - start;
    foundNumbers[index + 3] = valueEnd - start;
    foundNumbers[index + 4] = control;
    index = (index + NUMBERS_PER_FIELD) | 0;
    at = (at + LINE_END_BYTES) | 0;
  }
  foundCount = index / NUMBERS_PER_FIELD;
  return isLineEnd(bytes, at) ? at + LINE_END_BYTES : -1;
}

/** The fields found last, out of the text of their head; those that steer the connection also go to `control`. */
export function wholeFields(text: string, control: ControlFields): Field[] {
  const count = foundCount;
  const fields = new Array<Field>(count);
  // One conversion for all names, and none when there is only Host.
  let lower = '';
  for (let index = 0, at = 0; index < count; index++, at += NUMBERS_PER_FIELD) {
    const value = text.slice(foundNumbers[at + 2]!, foundNumbers[at + 3]!);
    const controlIndex = foundNumbers[at + 4]!;
    let name: string;
    if (controlIndex === -1) {
      if (lower.length === 0) lower = text.toLowerCase();
      name = lower.slice(foundNumbers[at]!, foundNumbers[at + 1]!);
    } else {
      name = CONTROL_NAMES[controlIndex]!;
      control.add(name, value);
    }
    fields[index] = { name, value };
  }
  return fields;
}

/** The index of the first byte in `bytes[from..end)` that is neither VCHAR nor SP, or `end`. */
function printableEnd(bytes: Uint8Array, from: number, end: number): number {
  const last = end - 3;
  let at = from;
  // Four a turn: some engines look at what `bytes` is at each.
  while (at < last) {
    if ((bytes[at]! - 0x20) >>> 0 >= 0x5f) return at;
    if ((bytes[at + 1]! - 0x20) >>> 0 >= 0x5f) return at + 1;
    if ((bytes[at + 2]! - 0x20) >>> 0 >= 0x5f) return at + 2;
    if ((bytes[at + 3]! - 0x20) >>> 0 >= 0x5f) return at + 3;
    at = (at + 4) | 0;
  }
  while (at < end && (bytes[at]! - 0x20) >>> 0 < 0x5f) at = (at + 1) | 0;
  return at;
}

/** `HTTP/1.0` or `HTTP/1.1`. */
function isVersion(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x48 &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x54 &&
    bytes[at + 3] === 0x50 &&
    bytes[at + 4] === 0x2f &&
    bytes[at + 5] === 0x31 &&
    bytes[at + 6] === 0x2e &&
    (bytes[at + 7]! | 1) === 0x31
  );
}

function isLineEnd(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === CR && bytes[at + 1] === LF;
}
