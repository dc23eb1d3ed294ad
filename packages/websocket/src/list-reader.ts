// The lists of the opening handshake, character by character: white space may stand between any two
// of their parts (the «implied *LWS» of RFC 6455 sections 4.3 and 9.1), and empty elements are
// ignored (RFC 9110 section 5.6.1.2).
import { isToken, isWhitespace, tokenEnd } from './handshake-head.ts';
import type { HandshakeLimits } from './handshake-limits.ts';

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Why a list is none. */
export type ListFault =
  /** No element at all, but the field is there. */
  | 'empty-list'
  /** An element does not begin with a token. */
  | 'expected-token'
  /** A semicolon is not followed by the name of a parameter. */
  | 'expected-parameter'
  /** An equals sign is not followed by a token or a quoted string. */
  | 'expected-value'
  /** A quoted string does not end. */
  | 'unterminated-quote'
  /** «The value after quoted-string unescaping MUST conform to the 'token' ABNF.» */
  | 'quoted-value-not-token'
  /** Something else than a comma, or where it may stand a semicolon or an equals sign. */
  | 'expected-separator'
  /** The same subprotocol twice (RFC 6455 section 4.1). */
  | 'duplicate'
  /** More than `listBytesMax`, `listElementsMax`, `emptyElementsMax` or `extensionParametersMax`. */
  | 'too-large';

/** A list that cannot be used. */
export interface MalformedList {
  readonly type: 'malformed';
  readonly reason: ListFault;
  /** Code units before the offending one, in the field lines joined by a comma and a space. */
  readonly offset: number;
}

/** What is wrong with a list, in words, and where. */
export function listFaultDetail({ reason, offset }: MalformedList): string {
  return `${reason.replaceAll('-', ' ')} at ${offset}`;
}

/**
 * Reads a comma-separated list from left to right. After its first fault, which stays, it finds
 * nothing more.
 */
export class ListReader {
  fault: MalformedList | null = null;
  /** The index of the code unit to read next, behind white space. */
  at = 0;
  private readonly text: string;
  private readonly isPresent: boolean;
  private readonly limits: HandshakeLimits;
  private elements = 0;
  private emptyElements = 0;

  constructor(lines: readonly string[], limits: HandshakeLimits) {
    this.text = lines.join(', ');
    this.isPresent = lines.length > 0;
    this.limits = limits;
    if (this.text.length > limits.listBytesMax) this.fail('too-large', limits.listBytesMax);
    this.skipWhitespace();
  }

  /** Goes to the next element that is not empty; false when there is none. */
  nextElement(): boolean {
    for (let comma = this.at; this.take(COMMA); comma = this.at) {
      if (++this.emptyElements > this.limits.emptyElementsMax) this.fail('too-large', comma);
    }
    if (this.next() === -1) {
      // `1#` asks for one element that is not empty.
      if (this.elements === 0 && this.isPresent) this.fail('empty-list', this.at);
      return false;
    }
    if (++this.elements > this.limits.listElementsMax) this.fail('too-large', this.at);
    return this.fault === null;
  }

  /** Reads a token and the white space behind it. */
  token(reason: ListFault): string {
    const start = this.at;
    const end = tokenEnd(this.text, start);
    if (end === start) this.fail(reason, start);
    return this.text.slice(start, this.goTo(end));
  }

  /** Reads the value of a parameter, and the white space behind it. */
  value(): string {
    return this.next() === QUOTE ? this.quotedToken() : this.token('expected-value');
  }

  /** Takes the character, and the white space behind it, if it is the next one. */
  take(code: number): boolean {
    if (this.next() !== code) return false;
    this.goTo(this.at + 1);
    return true;
  }

  /** Behind an element: the list's end, or a comma, which is taken. */
  endElement(): void {
    if (this.next() !== -1 && !this.take(COMMA)) this.fail('expected-separator', this.at);
  }

  /** Keeps the first fault; whatever is read after it is thrown away. */
  fail(reason: ListFault, offset: number): void {
    this.fault ??= { type: 'malformed', reason, offset };
    this.at = this.text.length;
  }

  /** The next code unit, or -1. */
  private next(): number {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  /** Goes on behind the white space at an index, which it returns. */
  private goTo(index: number): number {
    if (this.fault === null) {
      this.at = index;
      this.skipWhitespace();
    }
    return index;
  }

  private skipWhitespace(): void {
    while (this.at < this.text.length && isWhitespace(this.text.charCodeAt(this.at))) this.at++;
  }

  /** `quoted-string` (RFC 9110 section 5.6.4) around what must be a token. */
  private quotedToken(): string {
    const { text, at: start } = this;
    let content = '';
    let at = start + 1;
    while (at < text.length && text.charCodeAt(at) !== QUOTE) {
      if (text.charCodeAt(at) === BACKSLASH) at++;
      content += text.charAt(at);
      at++;
    }
    if (at >= text.length) this.fail('unterminated-quote', start);
    else if (!isToken(content)) this.fail('quoted-value-not-token', start);
    this.goTo(at + 1);
    return content;
  }
}
