// The heads of the opening handshake as any HTTP implementation has them, and what the handshake
// asks of their fields (RFC 9110 section 5).

/** `Sec-WebSocket-Version`: the only one that there is (RFC 6455 section 11.6). */
export const WEBSOCKET_VERSION = '13';

/** One field line; the handshake ignores the case of names. A value has one code unit U+0000-U+00FF per byte. */
export interface HandshakeField {
  readonly name: string;
  readonly value: string;
}

/** What a client sends and a server receives. */
export interface HandshakeRequestHead {
  readonly method: string;
  readonly target: string;
  readonly fields: readonly HandshakeField[];
  /** 0 for HTTP/1.0, at least 1 for HTTP/1.1; taken for 1 when absent. */
  readonly minorVersion?: number | undefined;
}

/** What a server sends and a client receives. */
export interface HandshakeResponseHead {
  readonly status: number;
  readonly reason?: string | undefined;
  readonly fields: readonly HandshakeField[];
}

/** `tchar` beside letters and digits, RFC 9110 section 5.6.2. */
const TOKEN_MARKS = "!#$%&'*+-.^_`|~";
/** `VCHAR`, `obs-text`, and white space inside, RFC 9110 section 5.5. */
const FIELD_VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;

/** ASCII code to 1 for a `tchar`. */
const TOKEN_CODES: Uint8Array = /* @__PURE__ */ tokenCodes();

function tokenCodes(): Uint8Array {
  const codes = new Uint8Array(128);
  codes.fill(1, 0x30, 0x3a).fill(1, 0x41, 0x5b).fill(1, 0x61, 0x7b);
  for (let at = 0; at < TOKEN_MARKS.length; at++) codes[TOKEN_MARKS.charCodeAt(at)] = 1;
  return codes;
}

/** The index behind the `tchar`s that `text` has from `start` on. */
export function tokenEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && TOKEN_CODES[text.charCodeAt(at)] === 1) at++;
  return at;
}

/** `token`, RFC 9110 section 5.6.2. */
export function isToken(text: string): boolean {
  return text !== '' && tokenEnd(text, 0) === text.length;
}

/** A field value that can be sent: no control characters but HTAB, no white space around it. */
export function isFieldValue(text: string): boolean {
  return FIELD_VALUE.test(text);
}

/** SP or HTAB. */
export function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Without SP and HTAB at both ends (RFC 9110 section 5.6.3); other white space is content. */
export function trimWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhitespace(text.charCodeAt(start))) start++;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** An ASCII case-insensitive match for a text without capitals. */
export function equalsIgnoringCase(text: string, lower: string): boolean {
  if (text.length !== lower.length) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isCapital = code >= 0x41 && code <= 0x5a;
    if ((isCapital ? code | 0x20 : code) !== lower.charCodeAt(at)) return false;
  }
  return true;
}

/** The values of the field lines with a name, given in lower case, without white space around them. */
export function fieldValues(fields: readonly HandshakeField[], lowerName: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < fields.length; index++) {
    const { name, value } = fields[index]!;
    if (equalsIgnoringCase(name, lowerName)) values.push(trimWhitespace(value));
  }
  return values;
}

/** A token, given in lower case, is in the list that the field lines make (RFC 9110 section 5.6.1). */
export function listHasToken(values: readonly string[], lowerToken: string): boolean {
  return values.some((value) =>
    value.split(',').some((element) => equalsIgnoringCase(trimWhitespace(element), lowerToken)),
  );
}

/** Throws a TypeError for a field of the caller's that cannot be sent or is not the caller's to send. */
export function checkCallerFields(
  fields: readonly HandshakeField[],
  forbidden: readonly string[],
): void {
  for (const { name, value } of fields) {
    if (!isToken(name)) throw new TypeError('a field name must be a token');
    if (!isFieldValue(value)) throw new TypeError(`the value of ${name} cannot be sent`);
    const lower = name.toLowerCase();
    if (lower.startsWith('sec-websocket-') || forbidden.includes(lower)) {
      throw new TypeError(`the opening handshake writes ${name} itself, or cannot have it`);
    }
  }
}
