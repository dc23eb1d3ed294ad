// What the arguments of the constructor and of `close` have to be (WebSockets Standard section 3.1).
import { REASON_BYTES_MAX } from '@holdline/websocket/client';

const encoder = new TextEncoder();
const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z|~]+$/;
const NORMAL = 1000;

/** Throws a `SyntaxError` DOMException for subprotocols that are no tokens, or not unique. */
export function checkProtocols(protocols: readonly string[]): void {
  const lower = protocols.map((protocol) => protocol.toLowerCase());
  if (new Set(lower).size < lower.length || !protocols.every((protocol) => TOKEN.test(protocol))) {
    throw syntaxError('subprotocols are tokens, each of them once');
  }
}

/** «[Clamp] unsigned short», as ConvertToInt of Web IDL has it. */
export function clampedCode(code: unknown): number {
  const number = Math.min(Math.max(Number(code), 0), 65_535);
  if (Number.isNaN(number)) return 0;
  const rounded = Math.round(number);
  // Halfway between two numbers, the even one.
  return Math.abs(number % 1) === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/** Throws an `InvalidAccessError` or a `SyntaxError` DOMException for what a page may not say. */
export function checkClose(code: number | null, reason: string): void {
  if (code !== null && code !== NORMAL && (code < 3000 || code > 4999)) {
    throw new DOMException('a close code is 1000 or from 3000 to 4999', 'InvalidAccessError');
  }
  if (encoder.encode(reason).length > REASON_BYTES_MAX) {
    throw syntaxError(`a close reason has at most ${REASON_BYTES_MAX} bytes`);
  }
}

/** What the standard throws for what cannot be parsed. */
export function syntaxError(message: string): DOMException {
  return new DOMException(message, 'SyntaxError');
}
