// A response's head on its way out (RFC 9112 sections 4 and 6).
import type { OutputQueue } from './bytes/output-queue.ts';
import type { Field, ResponseHead } from './events.ts';
import { consistsOf, FIELD_VALUE } from './grammar.ts';
import { characterError } from './head-writer.ts';
import { framingError, type OutgoingFields, type OutgoingFraming } from './outgoing-fields.ts';
import { writeHead } from './sent-heads.ts';
import { reasonPhrase } from './status.ts';

const NO_CONTENT: OutgoingFraming = { framing: 'none', contentLength: 0 };
const CHUNKED: OutgoingFraming = { framing: 'chunked', contentLength: -1 };
const CLOSE_DELIMITED: OutgoingFraming = { framing: 'close-delimited', contentLength: -1 };
const EMPTY: OutgoingFraming = { framing: 'content-length', contentLength: 0 };

/** How a final response is delimited; throws LocalProtocolError when its fields say what they must not. */
export function responseFraming(
  status: number,
  fields: OutgoingFields,
  method: string,
  minorVersion: number,
): OutgoingFraming {
  const declared = fields.contentLength !== -1 || fields.chunked;
  if (status === 204 && declared) {
    // RFC 9112 section 6.1 and RFC 9110 section 8.6: neither field in 204.
    throw framingError('204 (No Content) has neither Content-Length nor Transfer-Encoding');
  }
  if (method === 'HEAD' || status === 204 || status === 304) return NO_CONTENT;
  if (status === 205) {
    // «a server MUST NOT generate content in a 205 response», RFC 9110 section 15.3.6.
    if (fields.chunked || fields.contentLength > 0)
      throw framingError('205 (Reset Content) has no content');
    return EMPTY;
  }
  if (fields.contentLength !== -1) {
    return { framing: 'content-length', contentLength: fields.contentLength };
  }
  // «A server MUST NOT send a response containing Transfer-Encoding unless the corresponding
  // request indicates HTTP/1.1 (or later minor revisions).» RFC 9112 section 6.1.
  return minorVersion === 0 ? CLOSE_DELIMITED : CHUNKED;
}

/**
 * Queues the head. `machineFields` are those that the machine adds, `before` is a whole
 * response that goes out in front, or nothing of both. Returns the bytes queued.
 */
export function writeResponseHead(
  queue: OutputQueue,
  head: ResponseHead,
  machineFields: readonly Field[],
  before = '',
): number {
  const { status, reason, fields } = head;
  const start = reason === undefined ? usualStartLine(status) : startLine(status, reason);
  return writeHead(queue, before === '' ? start : before + start, fields, machineFields);
}

/** Those with the usual reason phrases, by status code. */
const usualStartLines: string[] = [];

/** The same string each time is compared at once. */
function usualStartLine(status: number): string {
  usualStartLines[status] ??= startLine(status, reasonPhrase(status));
  return usualStartLines[status]!;
}

/** `status-line`, RFC 9112 section 4; throws TypeError when the reason phrase is none. */
function startLine(status: number, reason: string): string {
  if (reason !== '' && !consistsOf(reason, FIELD_VALUE)) throw characterError('a reason phrase');
  return `HTTP/1.1 ${status} ${reason}\r\n`;
}
