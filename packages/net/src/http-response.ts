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
   * Field lines in order. Date, and Content-Length where it is known, are added unless they are
   * here. `connection: close` closes the connection behind the response.
   */
  readonly fields?: readonly Field[];
  /** Bytes must not change before they are sent. What HEAD asks for is measured and not sent. */
  readonly content?: HttpContent;
  /**
   * The content lasts as long as the client stays, as a stream of events does: it is complete as soon
   * as the client has ended its direction. By default such a client is taken to go on reading; false.
   */
  readonly untilClientEnd?: boolean;
}

const NO_FIELDS: readonly Field[] = Object.freeze([]);

/** Status codes whose responses end behind the head (RFC 9110 sections 8.6, 15.3.5, 15.4.5). */
export function forbidsContent(status: number): boolean {
  return status === 204 || status === 304;
}

/** What the machine needs to know of a response beside its content. */
export function responseHead(response: HttpResponse): ResponseHead {
  const { status, reason, fields = NO_FIELDS } = response;
  return { status, reason, fields };
}
