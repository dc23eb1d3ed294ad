// What a handler answers with, and the head that this makes on the wire.
import type { Field, ResponseHead } from '@holdline/http1';

/** The content of a response: text is sent as UTF-8, pieces of an iterable as they come. */
export type HttpContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A final response. */
export interface HttpResponse {
  /** 200 to 599 (RFC 9110 section 15). */
  readonly status: number;
  /** Reason phrase; the usual one when absent. */
  readonly reason?: string;
  /**
   * Field lines in order. `date`, and `content-length` where it is known, are added unless they are
   * here. `connection: close` closes the connection behind the response.
   */
  readonly fields?: readonly Field[];
  /** Bytes must not change before they are sent. What HEAD asks for is measured and not sent. */
  readonly content?: HttpContent;
}

const NO_FIELDS: readonly Field[] = Object.freeze([]);
const EMPTY: Uint8Array = new Uint8Array(0);
const ZERO_LENGTH: Field = Object.freeze({ name: 'content-length', value: '0' });

/** Content as bytes where that is what it is, or null for what comes in pieces. */
export function contentBytes(content: HttpContent | undefined): Uint8Array | null {
  if (content === undefined) return EMPTY;
  if (typeof content === 'string') return Buffer.from(content, 'utf8');
  return content instanceof Uint8Array ? content : null;
}

/** Status codes whose responses end behind the head (RFC 9110 sections 8.6, 15.3.5, 15.4.5). */
export function forbidsContent(status: number): boolean {
  return status === 204 || status === 304;
}

/**
 * The head of a response; `contentLength` is -1 when it is unknown. For 204 and 304, and for HEAD
 * without content, no length is stated.
 */
export function responseHead(
  response: HttpResponse,
  contentLength: number,
  date: Field,
): ResponseHead {
  const given = response.fields ?? NO_FIELDS;
  const fields = [...given];
  if (!hasField(given, 'date')) fields.push(date);
  if (contentLength >= 0 && !hasField(given, 'content-length'))
    fields.push(lengthField(contentLength));
  const { status, reason } = response;
  return reason === undefined ? { status, fields } : { status, reason, fields };
}

function lengthField(contentLength: number): Field {
  return contentLength === 0
    ? ZERO_LENGTH
    : { name: 'content-length', value: String(contentLength) };
}

/** Field names are case-insensitive (RFC 9110 section 5.1). */
function hasField(fields: readonly Field[], lowerName: string): boolean {
  for (let index = 0; index < fields.length; index++) {
    const name = fields[index]!.name;
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) return true;
  }
  return false;
}
