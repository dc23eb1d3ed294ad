// A response's head on its way out (RFC 9112 sections 4 and 6).
import type { OutputQueue } from './bytes/output-queue.ts';
import type { Field, ResponseHead } from './events.ts';
import { FIELD_VALUE } from './grammar.ts';
import { fieldsBytesMax, HeadWriter } from './head-writer.ts';
import {
  framingError,
  type OutgoingFields,
  type OutgoingFraming,
  writeFields,
} from './outgoing-fields.ts';
import { reasonPhrase } from './status.ts';

const NO_CONTENT: OutgoingFraming = /* @__PURE__ */ Object.freeze({
  framing: 'none',
  contentLength: 0,
});
const CHUNKED: OutgoingFraming = /* @__PURE__ */ Object.freeze({
  framing: 'chunked',
  contentLength: -1,
});
const CLOSE_DELIMITED: OutgoingFraming = /* @__PURE__ */ Object.freeze({
  framing: 'close-delimited',
  contentLength: -1,
});
const EMPTY: OutgoingFraming = /* @__PURE__ */ Object.freeze({
  framing: 'content-length',
  contentLength: 0,
});

const START_LINE_BYTES = 20;

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
  const reason = head.reason ?? reasonPhrase(head.status);
  const byteCount =
    before.length +
    START_LINE_BYTES +
    reason.length +
    fieldsBytesMax(head.fields) +
    fieldsBytesMax(machineFields);
  const writer = new HeadWriter(queue, byteCount);
  const start = queue.end;
  writer.constant(before);
  writer.constant('HTTP/1.1 ');
  writer.constant(String(head.status));
  writer.constant(' ');
  writer.checked(reason, FIELD_VALUE, 'a reason phrase');
  writer.lineEnd();
  writeFields(writer, head.fields, machineFields);
  writer.end();
  return queue.end - start;
}
