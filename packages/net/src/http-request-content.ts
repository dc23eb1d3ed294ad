// The content of a request as something to iterate. One piece at most waits here: while it does, the
// driver is held, the machine fills up, and reading from the socket stops.
import type { Field } from '@holdline/http1';
import { joinedPieces } from './joined-pieces.ts';

/** Codes of {@link RequestContentError}. */
export type RequestContentCode =
  /** More than the handler takes; answered with 413. */
  | 'NET_CONTENT_TOO_LARGE'
  /** The client went away, or what it sent was faulty; nothing can be answered any more. */
  | 'NET_CONTENT_INCOMPLETE'
  /** The response is complete, so what was left of the content has been discarded. */
  | 'NET_CONTENT_DISCARDED';

/** The content cannot be read. Left uncaught by a handler, it becomes the response that it names. */
export class RequestContentError extends Error {
  override readonly name: string = 'RequestContentError';
  /** Why. */
  readonly code: RequestContentCode;
  /** The status to answer with, where that is still possible. */
  readonly status: number;

  constructor(code: RequestContentCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
    this.status = code === 'NET_CONTENT_TOO_LARGE' ? 413 : 400;
  }
}

/** What the content needs of its connection. */
export interface ContentSource {
  /** The handler wants content for the first time: the client may be waiting for 100 (Continue). */
  startContent(): void;
  /** No more content until `releaseContent`. */
  holdContent(): void;
  releaseContent(): void;
}

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: Error) => void;
}

const DONE: IteratorResult<Uint8Array, undefined> = Object.freeze({ done: true, value: undefined });
const NO_TRAILERS: readonly Field[] = Object.freeze([]);

/** An async iterable of the request's content, to be read once, with backpressure down to the socket. */
export class RequestContent implements AsyncIterableIterator<Uint8Array> {
  /** Trailer fields (RFC 9110 section 6.5); empty before the end. */
  trailers: readonly Field[] = NO_TRAILERS;
  /** Bytes of content that have come. */
  bytesReceived = 0;
  readonly #source: ContentSource;
  /** More than one only when the connection ended behind them. */
  #waiting: Uint8Array[] = [];
  #reader: Reader | null = null;
  #started = false;
  #ended = false;
  #error: RequestContentError | null = null;

  constructor(source: ContentSource) {
    this.#source = source;
  }

  /** For `for await`; the same iterator each time, since content comes once. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next piece. Rejects with {@link RequestContentError} when the client has gone or the response
   * is complete; with TypeError while another read is under way.
   */
  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#reader !== null) return Promise.reject(new TypeError('the content is being read'));
    const data = this.#waiting.shift();
    if (data !== undefined) {
      if (this.#waiting.length === 0) this.#source.releaseContent();
      return Promise.resolve({ done: false, value: data });
    }
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      if (this.#started) return;
      this.#started = true;
      this.#source.startContent();
    });
  }

  /** The handler has read enough. What is left is discarded once the response is complete. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#waiting = [];
    this.#finish();
    return Promise.resolve(DONE);
  }

  /** From the connection: a piece has come. */
  push(data: Uint8Array): void {
    this.bytesReceived += data.length;
    const reader = this.#reader;
    if (reader !== null) {
      this.#reader = null;
      reader.resolve({ done: false, value: data });
      return;
    }
    if (!this.#ended) this.#waiting.push(data);
    this.#source.holdContent();
  }

  /** From the connection: that was all. */
  end(trailers: readonly Field[]): void {
    this.trailers = trailers;
    this.#finish();
  }

  /** From the connection: no more will come. */
  fail(code: RequestContentCode, message: string): void {
    if (this.#ended || this.#error !== null) return;
    this.#error = new RequestContentError(code, message);
    this.#reader?.reject(this.#error);
    this.#reader = null;
  }

  #finish(): void {
    this.#ended = true;
    this.#reader?.resolve(DONE);
    this.#reader = null;
  }
}

/** All of the content in one piece. Rejects with 413 as soon as it is known to exceed `bytesMax`. */
export async function readAll(
  content: RequestContent,
  contentLength: number,
  bytesMax: number,
): Promise<Uint8Array> {
  if (contentLength > bytesMax) throw tooLarge(bytesMax);
  const pieces: Uint8Array[] = [];
  let byteCount = 0;
  for await (const piece of content) {
    byteCount += piece.length;
    if (byteCount > bytesMax) throw tooLarge(bytesMax);
    pieces.push(piece);
  }
  return joinedPieces(pieces, byteCount);
}

function tooLarge(bytesMax: number): RequestContentError {
  return new RequestContentError('NET_CONTENT_TOO_LARGE', `the content exceeds ${bytesMax} bytes`);
}
