// The ABNF of RFC 9110 section 5.6, RFC 9112 and RFC 3986 as one table of byte classes, so that a
// scan asks one array per byte. The same table serves strings whose code units are bytes.

/** `tchar`, RFC 9110 section 5.6.2. */
export const TOKEN = 1;
/** `VCHAR`, `obs-text`, SP and HTAB: what a field value consists of, RFC 9110 section 5.5. */
export const FIELD_VALUE = 2;
/** Bytes of a path or query but `%`, RFC 3986 sections 3.3 and 3.4. */
export const TARGET = 4;
/** Bytes that the URL Standard leaves raw in paths or queries although RFC 3986 does not allow them. */
export const URL_TARGET = 8;
/** Bytes of a `reg-name` but `%`, RFC 3986 section 3.2.2. */
export const REG_NAME = 16;
/** `qdtext` and the second byte of a `quoted-pair` without obs-text exceptions, RFC 9110 section 5.6.4. */
export const QUOTED_TEXT = 32;
/** `HEXDIG`. */
export const HEX_DIGIT = 64;
/** `[` and `]`, which a target may have around an IP literal only, RFC 3986 section 3.2.2. */
export const BRACKET = 128;
/** `FIELD_VALUE` without obs-text. */
export const ASCII_VALUE = 256;
/** `DIGIT`. */
export const DIGIT = 512;
/** `%`, to be followed by two hexadecimal digits where it may stand, RFC 3986 section 2.1. */
export const PERCENT = 1024;

const CLASSES: Uint16Array = /* @__PURE__ */ byteClasses();
/** Byte or code unit to the OR of its classes; index with values up to 255 only. */
export const BYTE_CLASS: Uint16Array = CLASSES;

function byteClasses(): Uint16Array {
  const classes = new Uint16Array(256);
  const add = (text: string, bits: number): void => {
    for (let at = 0; at < text.length; at++) classes[text.charCodeAt(at)]! |= bits;
  };
  const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  add(alphanumeric, TOKEN | TARGET | REG_NAME);
  add("!#$%&'*+-.^_`|~", TOKEN);
  add('-._~', TARGET | REG_NAME); // unreserved
  add("!$&'()*+,;=", TARGET | REG_NAME); // sub-delims
  add(':@/?', TARGET);
  add('%', PERCENT);
  add('[]{}|\\^`"', URL_TARGET);
  add('[]', BRACKET);
  add('0123456789abcdefABCDEF', HEX_DIGIT);
  add('0123456789', DIGIT);
  for (let byte = 0x20; byte < 0x100; byte++) {
    if (byte === 0x7f) continue;
    classes[byte]! |= byte < 0x80 ? FIELD_VALUE | ASCII_VALUE : FIELD_VALUE;
    if (byte !== 0x22 && byte !== 0x5c) classes[byte]! |= QUOTED_TEXT;
  }
  classes[0x09]! |= FIELD_VALUE | ASCII_VALUE | QUOTED_TEXT;
  return classes;
}

/** The index of the first byte in `bytes[at..end)` that is of none of the classes, or `end`. */
export function runEnd(bytes: Uint8Array, at: number, end: number, bits: number): number {
  let index = at;
  while (index < end && (CLASSES[bytes[index]! & 0xff]! & bits) !== 0) index = (index + 1) | 0;
  return index;
}

/** The value of a hexadecimal digit's code, or -1. */
export function hexDigitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Every code unit is a byte of one of the classes, and there is at least one. */
export function consistsOf(text: string, bits: number): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff || (CLASSES[code]! & bits) === 0) return false;
  }
  return text.length > 0;
}

/** `token`, RFC 9110 section 5.6.2. */
export function isToken(text: string): boolean {
  return consistsOf(text, TOKEN);
}

/** A field name, as spelled by the caller, is the one given in lower case. */
export function isName(name: string, lower: string): boolean {
  if (name.length !== lower.length) return false;
  for (let at = 0; at < lower.length; at++) {
    if ((name.charCodeAt(at) | 0x20) !== lower.charCodeAt(at)) return false;
  }
  return true;
}

/** Each `%` is followed by two hexadecimal digits, RFC 3986 section 2.1. */
export function percentIsComplete(text: string): boolean {
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at + 1)) {
    if (hexDigitValue(text.charCodeAt(at + 1)) < 0) return false;
    if (hexDigitValue(text.charCodeAt(at + 2)) < 0) return false;
  }
  return true;
}

/** The elements of a list of tokens (RFC 9110 section 5.6.1): empty ones ignored; a quote hides nothing. */
export function tokenListElements(value: string): string[] {
  return value
    .split(',')
    .map(trimWhitespace)
    .filter((element) => element !== '');
}

/**
 * The elements of a comma-separated list (RFC 9110 section 5.6.1): empty elements ignored, commas
 * inside quoted strings kept. A quoted string that does not end extends to the end of the value.
 */
export function listElements(value: string): string[] {
  const elements: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= value.length; at++) {
    const code = at === value.length ? 0x2c : value.charCodeAt(at);
    if (code === 0x22) quoted = !quoted;
    else if (quoted && code === 0x5c && at + 1 < value.length) at++;
    else if (code === 0x2c && (!quoted || at === value.length)) {
      const element = trimWhitespace(value.slice(start, at));
      if (element !== '') elements.push(element);
      start = at + 1;
    }
  }
  return elements;
}

/** Without SP and HTAB at both ends (OWS, RFC 9110 section 5.6.3); other white space is content. */
export function trimWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhitespace(text.charCodeAt(start))) start++;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** SP or HTAB. */
export function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
