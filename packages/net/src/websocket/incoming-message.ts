// A message that is read as it comes, so that its size needs no memory. Little of it waits here; behind
// that, reading from the transport stops.
import type { MessageEvent, MessageKind } from '@holdline/websocket';
import { joinedPieces } from '../joined-pieces.ts';
import { WebSocketMessageError } from './websocket-errors.ts';

/** Unread bytes from which on the peer has to wait. */
const UNREAD_BYTES_MAX = 65_536;
const MESSAGE_BYTES_MAX: number = 2 ** 28;

const DONE: IteratorResult<Uint8Array, undefined> = Object.freeze({ done: true, value: undefined });

/** How much to read. */
export interface ReadMessageOptions {
  /** Reject above so many bytes; 2^28 by default. */
  readonly bytesMax?: number;
}

/** A message whose content may still be coming; to be read once. */
export interface IncomingMessage extends AsyncIterable<Uint8Array> {
  readonly kind: MessageKind;
  /** The peer has compressed it; what is read is not. */
  readonly isCompressed: boolean;
  /** Bytes of content; -1 when unknown until its end. */
  readonly byteCount: number;
  /**
   * All of it. Rejects with WebSocketMessageError when it is too large, was discarded, or the connection
   * has ended within it.
   */
  bytes(options?: ReadMessageOptions): Promise<Uint8Array>;
  /** The same as text, a byte order mark included. Rejects with TypeError for a binary message that is not UTF-8. */
  text(options?: ReadMessageOptions): Promise<string>;
  /** Nobody wants the rest, which is thrown away as it comes. */
  discard(): void;
}

/** What the content needs of its connection. */
export interface MessageSource {
  /** No more content until `releaseContent`. */
  holdContent(): void;
  releaseContent(): void;
  /** Somebody was given a piece, or told of the end: he has this turn of the event loop to answer. */
  given(): void;
  /** He has: he asks for more, or wants no more. */
  asked(): void;
}

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/** The only implementation of {@link IncomingMessage}. */
export class MessageContent implements IncomingMessage, AsyncIterator<Uint8Array, undefined> {
  readonly kind: MessageKind;
  readonly isCompressed: boolean;
  readonly byteCount: number;
  /** Somebody has begun to read it. */
  wasTouched = false;
  readonly #source: MessageSource;
  #pieces: Uint8Array[] = [];
  #unreadBytes = 0;
  #reader: Reader | null = null;
  #isHeld = false;
  #spills = false;
  #isDiscarded = false;
  #isEnded = false;
  #error: WebSocketMessageError | null = null;

  constructor(source: MessageSource, { kind, isCompressed, byteCount }: MessageEvent) {
    this.#source = source;
    this.kind = kind;
    this.isCompressed = isCompressed;
    this.byteCount = byteCount;
  }

  /** {@link IncomingMessage} */
  [Symbol.asyncIterator](): this {
    this.wasTouched = true;
    return this;
  }

  /** The next piece, never empty; of a text it may be cut within a character. */
  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.wasTouched = true;
    if (this.#reader !== null) return Promise.reject(new TypeError('the message is being read'));
    if (this.#isDiscarded) return Promise.reject(discarded());
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#unreadBytes -= piece.length;
      if (this.#pieces.length === 0) this.#release();
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#isEnded) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#release();
      this.#source.asked();
    });
  }

  /** Whoever iterates has seen enough. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.discard();
    return Promise.resolve(DONE);
  }

  /** {@link IncomingMessage} */
  async bytes({ bytesMax = MESSAGE_BYTES_MAX }: ReadMessageOptions = {}): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let byteCount = 0;
    if (this.byteCount > bytesMax) {
      this.discard();
      throw tooLarge(bytesMax);
    }
    for await (const piece of this) {
      byteCount += piece.length;
      if (byteCount > bytesMax) throw tooLarge(bytesMax);
      pieces.push(piece);
    }
    return joinedPieces(pieces, byteCount);
  }

  /** {@link IncomingMessage} */
  async text(options?: ReadMessageOptions): Promise<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(await this.bytes(options));
  }

  /** {@link IncomingMessage} */
  discard(): void {
    this.wasTouched = true;
    if (this.#isEnded && this.#pieces.length === 0) return;
    this.#isDiscarded = true;
    this.#drop();
    this.#reader?.reject(discarded());
    this.#reader = null;
    this.#release();
    this.#source.asked();
  }

  /** From the connection: a piece has come. */
  push(data: Uint8Array): void {
    const reader = this.#reader;
    if (reader !== null) {
      this.#reader = null;
      reader.resolve({ done: false, value: data });
      this.#source.given();
      return;
    }
    if (this.#isDiscarded || this.#error !== null) return;
    this.#pieces.push(data);
    this.#unreadBytes += data.length;
    if (this.#isHeld || this.#unreadBytes < UNREAD_BYTES_MAX) return;
    if (this.#spills) {
      this.fail(new WebSocketMessageError('WEBSOCKET_ENDED', 'the connection is closing'));
      return;
    }
    this.#isHeld = true;
    this.#source.holdContent();
  }

  /** From the connection, which is closing: nothing waits for the reader any more. */
  spill(): void {
    this.#spills = true;
    this.#release();
  }

  /** From the connection: that was all. */
  end(): void {
    this.#isEnded = true;
    if (this.#reader === null) return;
    this.#reader.resolve(DONE);
    this.#reader = null;
    this.#source.given();
  }

  /** From the connection: no more will come. */
  fail(error: WebSocketMessageError): void {
    if (this.#isEnded) return;
    this.#error ??= error;
    this.#drop();
    this.#reader?.reject(error);
    this.#reader = null;
  }

  #drop(): void {
    this.#pieces = [];
    this.#unreadBytes = 0;
  }

  #release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#source.releaseContent();
  }
}

function tooLarge(bytesMax: number): WebSocketMessageError {
  const message = `the message exceeds ${bytesMax} bytes`;
  return new WebSocketMessageError('WEBSOCKET_MESSAGE_TOO_LARGE', message);
}

function discarded(): WebSocketMessageError {
  const message = 'the rest of the message was discarded';
  return new WebSocketMessageError('WEBSOCKET_MESSAGE_DISCARDED', message);
}
