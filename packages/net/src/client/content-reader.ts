// The content of a response on its way to whoever reads it. Little of it waits here, so that a small
// response costs its caller nothing and its connection no time; behind that, reading from the socket
// stops.
import type { Field, ResponseEvent } from '@holdline/http1/client';
import { joinedPieces } from '../joined-pieces.ts';
import { HttpClientError } from './client-errors.ts';
import type { ReadOptions, ResponseContent } from './response-content.ts';
import type { ClientExchange } from './response-sink.ts';

/** Unread bytes from which on the server has to wait. */
const UNREAD_BYTES_MAX = 65_536;
const CONTENT_BYTES_MAX: number = 2 ** 28;

const DONE: IteratorResult<Uint8Array, undefined> = Object.freeze({ done: true, value: undefined });
const NO_BYTES: Uint8Array = new Uint8Array(0);
const NO_FIELDS: readonly Field[] = Object.freeze([]);
const decoder = new TextDecoder();

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: Error) => void;
}

interface Collector {
  readonly bytesMax: number;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** The only implementation of {@link ResponseContent}. */
export class ContentReader implements ResponseContent {
  /** {@link ResponseContent} */
  trailers: readonly Field[] = NO_FIELDS;
  readonly #exchange: ClientExchange;
  /** As the head states it; -1 when it does not. */
  readonly #contentLength: number;
  /** Bytes given to whoever reads. */
  #readBytes = 0;
  #pieces: Uint8Array[] = [];
  #unreadBytes = 0;
  #reader: Reader | null = null;
  #collector: Collector | null = null;
  #isHeld = false;
  #isEnded = false;
  #isDiscarded = false;
  #error: Error | null = null;

  constructor(exchange: ClientExchange, { contentLength }: ResponseEvent) {
    this.#exchange = exchange;
    this.#contentLength = contentLength;
  }

  /** {@link ResponseContent} */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** {@link ResponseContent} */
  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const busy = this.#busy();
    if (busy !== null) return Promise.reject(busy);
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#unreadBytes -= piece.length;
      this.#readBytes += piece.length;
      if (this.#pieces.length === 0) this.#release();
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#isEnded) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#release();
    });
  }

  /** {@link ResponseContent} */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.discard();
    return Promise.resolve(DONE);
  }

  /** {@link ResponseContent} */
  bytes(options: ReadOptions = {}): Promise<Uint8Array> {
    const { bytesMax = CONTENT_BYTES_MAX } = options;
    const busy = this.#busy();
    if (busy !== null) return Promise.reject(busy);
    if (this.#isEnded && this.#unreadBytes <= bytesMax) return Promise.resolve(this.#takeAll());
    if (this.#error !== null) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      this.#collector = { bytesMax, resolve, reject };
      const leastBytes = Math.max(this.#unreadBytes, this.#contentLength - this.#readBytes);
      if (leastBytes > bytesMax) this.#refuse(this.#collector);
      else this.#release();
    });
  }

  /** {@link ResponseContent} */
  text(options?: ReadOptions): Promise<string> {
    return this.bytes(options).then(decodeText);
  }

  /** {@link ResponseContent} */
  json(options?: ReadOptions): Promise<unknown> {
    return this.text(options).then(parseJson);
  }

  /** {@link ResponseContent} */
  discard(): void {
    if (this.#isDiscarded) return;
    this.#letGo();
    this.#exchange.discard();
  }

  /** {@link ResponseContent} */
  abort(): void {
    this.#letGo();
    if (!this.#isEnded && this.#error === null) this.#exchange.abort();
  }

  /** From the exchange: a piece has come. */
  push(data: Uint8Array): void {
    const reader = this.#reader;
    if (reader !== null) {
      this.#reader = null;
      this.#readBytes += data.length;
      reader.resolve({ done: false, value: data });
      return;
    }
    this.#unreadBytes += data.length;
    this.#pieces.push(data);
    const collector = this.#collector;
    if (collector === null) {
      if (this.#unreadBytes >= UNREAD_BYTES_MAX) this.#hold();
    } else if (this.#unreadBytes > collector.bytesMax) this.#refuse(collector);
  }

  /** From the exchange: that was all. */
  end(trailers: readonly Field[]): void {
    this.trailers = trailers;
    this.#isEnded = true;
    this.#reader?.resolve(DONE);
    this.#reader = null;
    const collector = this.#collector;
    this.#collector = null;
    collector?.resolve(this.#takeAll());
  }

  /** From the exchange: no more will come. */
  fail(error: Error): void {
    // What was too large is aborted, which is no news.
    this.#error ??= error;
    this.#reader?.reject(error);
    this.#reader = null;
    this.#collector?.reject(error);
    this.#collector = null;
  }

  /** What has come is thrown away, and who waits for more is told. */
  #letGo(): void {
    this.#isDiscarded = true;
    this.#pieces = [];
    this.#unreadBytes = 0;
    this.#reader?.resolve(DONE);
    this.#reader = null;
    this.#collector?.reject(discarded());
    this.#collector = null;
    this.#isHeld = false;
  }

  #busy(): Error | null {
    if (this.#isDiscarded) return discarded();
    const isBeingRead = this.#reader !== null || this.#collector !== null;
    return isBeingRead ? new TypeError('the content is being read') : null;
  }

  #refuse(collector: Collector): void {
    const message = `the content exceeds ${collector.bytesMax} bytes`;
    const error = new HttpClientError('HTTP_CLIENT_CONTENT_TOO_LARGE', message);
    this.#pieces = [];
    this.fail(error);
    this.#exchange.abort(error);
  }

  #takeAll(): Uint8Array {
    const pieces = this.#pieces;
    const byteCount = this.#unreadBytes;
    this.#pieces = [];
    this.#unreadBytes = 0;
    return pieces.length === 0 ? NO_BYTES : joinedPieces(pieces, byteCount);
  }

  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#exchange.hold();
  }

  #release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#exchange.resume();
  }
}

function discarded(): HttpClientError {
  return new HttpClientError('HTTP_CLIENT_CONTENT_DISCARDED', 'the content was discarded');
}

function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}
