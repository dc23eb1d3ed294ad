// Content out of message bodies delimited by a length or by the end of the connection
// (RFC 9112 sections 6.2 and 6.3). The chunked one has a file of its own.
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import type { EndEvent, Field } from './events.ts';
import type { Http1FaultCode } from './faults.ts';

/** A piece of content; or that more bytes are needed, that the message is complete, or a fault. */
export type DecodeResult = Uint8Array | 'need-data' | 'complete' | Http1FaultCode;

/** Takes body bytes from the buffer and gives content, one piece at a call. */
export interface ContentDecoder {
  next(buffer: ReceiveBuffer): DecodeResult;
  /** Trailer fields; meaningful once complete. */
  readonly trailers: readonly Field[];
  /** Body bytes still to come as far as is known; Infinity when unknown. */
  readonly remainingBytes: number;
}

/** No fields. */
export const NO_FIELDS: readonly Field[] = /* @__PURE__ */ Object.freeze([]);

/** The usual end of a message. */
export const END_WITHOUT_TRAILERS: EndEvent = /* @__PURE__ */ Object.freeze({
  type: 'end',
  trailers: NO_FIELDS,
});

/** Exactly as many bytes as Content-Length says. */
export class LengthDecoder implements ContentDecoder {
  readonly trailers: readonly Field[] = NO_FIELDS;
  remainingBytes: number;

  constructor(contentLength: number) {
    this.remainingBytes = contentLength;
  }

  next(buffer: ReceiveBuffer): DecodeResult {
    if (this.remainingBytes === 0) return 'complete';
    const byteCount = Math.min(this.remainingBytes, buffer.length);
    if (byteCount === 0) return 'need-data';
    this.remainingBytes -= byteCount;
    return buffer.take(byteCount);
  }
}

/** Everything until the connection ends; the caller knows about the end. */
export class CloseDecoder implements ContentDecoder {
  readonly trailers: readonly Field[] = NO_FIELDS;
  readonly remainingBytes: number = Number.POSITIVE_INFINITY;
  private byteCount = 0;
  private readonly contentBytesMax: number;

  constructor(contentBytesMax: number) {
    this.contentBytesMax = contentBytesMax;
  }

  next(buffer: ReceiveBuffer): DecodeResult {
    if (buffer.length === 0) return 'need-data';
    // What is allowed is delivered first, however the input is split.
    const byteCount = Math.min(buffer.length, this.contentBytesMax - this.byteCount);
    if (byteCount === 0) return 'HTTP1_CONTENT_TOO_LARGE';
    this.byteCount += byteCount;
    return buffer.take(byteCount);
  }
}
