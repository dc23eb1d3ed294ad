// Content on its way out, held to what its head declared (RFC 9112 section 6).
import type { OutputQueue } from './bytes/output-queue.ts';
import { isForbiddenTrailer } from './chunked-decoder.ts';
import type { Field, Framing } from './events.ts';
import { LocalProtocolError } from './faults.ts';
import { writeChunk, writeLastChunk } from './head-writer.ts';

/** The content of one message at a time. */
export class ContentEncoder {
  framing: Framing = 'none';
  /** Bytes still to be sent under Content-Length. */
  remainingBytes = 0;

  /** A head went out. */
  begin(framing: Framing, contentLength: number): void {
    this.framing = framing;
    this.remainingBytes = Math.max(0, contentLength);
  }

  /** Queues content; throws LocalProtocolError for more than the head allows. */
  send(queue: OutputQueue, data: Uint8Array): void {
    if (!(data instanceof Uint8Array)) throw new TypeError('content must be a Uint8Array');
    if (data.length === 0) return;
    switch (this.framing) {
      case 'content-length':
        if (data.length > this.remainingBytes) {
          throw lengthMismatch(`${data.length} bytes given, ${this.remainingBytes} left`);
        }
        this.remainingBytes -= data.length;
        queue.append(data);
        break;
      case 'chunked':
        writeChunk(queue, data);
        break;
      case 'close-delimited':
        queue.append(data);
        break;
      default:
        throw new LocalProtocolError('HTTP1_CONTENT_NOT_ALLOWED', 'this message has no content');
    }
  }

  /** Ends the message; throws LocalProtocolError when content is missing or trailers cannot be sent. */
  end(queue: OutputQueue, trailers: readonly Field[]): void {
    if (this.remainingBytes > 0) throw lengthMismatch(`${this.remainingBytes} bytes are missing`);
    if (trailers.length > 0) checkTrailers(trailers, this.framing);
    if (this.framing === 'chunked') writeLastChunk(queue, trailers);
  }
}

function checkTrailers(trailers: readonly Field[], framing: Framing): void {
  if (framing !== 'chunked') throw trailerError('only a chunked message has trailers');
  for (const { name } of trailers) {
    if (isForbiddenTrailer(name.toLowerCase())) {
      throw trailerError(`${name} must not be a trailer field`);
    }
  }
}

function trailerError(detail: string): LocalProtocolError {
  return new LocalProtocolError('HTTP1_TRAILERS_NOT_ALLOWED', detail);
}

function lengthMismatch(detail: string): LocalProtocolError {
  return new LocalProtocolError('HTTP1_CONTENT_LENGTH_MISMATCH', `Content-Length: ${detail}`);
}
