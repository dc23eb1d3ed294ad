// A response's content that comes in pieces: pulled from its iterable no faster than the client
// reads. Synchronous pieces leave together; nothing is pulled while the machine still has enough.
import type { HttpContent } from './http-response.ts';

/** What the stream needs of its exchange. */
export interface ResponseOutlet {
  /** Whether more output is wanted now. */
  readonly wantsMore: boolean;
  /** Sends a piece of content. */
  sendPiece(piece: Uint8Array): void;
  /** Calls `resume` when more is wanted. */
  wantMore(): void;
  /** All pieces have been sent. */
  endPieces(): void;
  /** The iterable threw, or gave something that is not bytes. */
  failPieces(error: unknown): void;
}

type Piece = IteratorResult<Uint8Array>;
/** Content that comes in pieces. */
export type Pieces = Exclude<HttpContent, string | Uint8Array>;

/** Pulls an iterable's pieces into an outlet. */
export class ResponseStream {
  readonly #iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array>;
  readonly #isAsync: boolean;
  readonly #outlet: ResponseOutlet;
  #over = false;
  #pulling = false;

  /** Throws TypeError when the content is neither bytes nor iterable. */
  constructor(content: Pieces, outlet: ResponseOutlet) {
    const source = content as Partial<AsyncIterable<Uint8Array> & Iterable<Uint8Array>>;
    this.#isAsync = source[Symbol.asyncIterator] !== undefined;
    const iterator = source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]?.();
    if (iterator === undefined) {
      throw new TypeError('content must be a string, a Uint8Array or an iterable of Uint8Array');
    }
    this.#iterator = iterator;
    this.#outlet = outlet;
  }

  /** Pulls until enough is on its way. Never throws. */
  resume(): void {
    try {
      while (!this.#over && !this.#pulling) {
        if (!this.#outlet.wantsMore) {
          this.#outlet.wantMore();
          return;
        }
        const result = this.#iterator.next();
        if (this.#isAsync) this.#await(result as Promise<Piece>);
        else this.#take(result as Piece);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Nobody wants the rest: lets the iterable release what it holds. */
  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    try {
      const result = this.#iterator.return?.();
      // How the release ends is of no consequence to the response, which is over.
      if (this.#isAsync) Promise.resolve(result).catch(ignore);
    } catch {
      // Likewise.
    }
  }

  #await(result: Promise<Piece>): void {
    this.#pulling = true;
    result.then(
      (settled) => {
        this.#pulling = false;
        if (this.#over) return;
        try {
          this.#take(settled);
        } catch (error) {
          this.#fail(error);
          return;
        }
        this.resume();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #take(result: Piece): void {
    if (result.done === true) {
      this.#over = true;
      this.#end();
      return;
    }
    if (!(result.value instanceof Uint8Array)) {
      throw new TypeError('an iterable content must consist of Uint8Array');
    }
    if (result.value.length > 0) this.#outlet.sendPiece(result.value);
  }

  /** There may be less content than was announced. */
  #end(): void {
    try {
      this.#outlet.endPieces();
    } catch (error) {
      this.#outlet.failPieces(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.cancel();
    this.#outlet.failPieces(error);
  }
}

function ignore(): void {}

/** Releases what an iterable holds that nobody will iterate, such as the file of a stream. */
export function discardContent(content: unknown): void {
  const source = content as { readonly destroy?: unknown } | null | undefined;
  if (typeof source !== 'object' || typeof source?.destroy !== 'function') return;
  source.destroy();
}
