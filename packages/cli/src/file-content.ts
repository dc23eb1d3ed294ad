// The content of a file as pieces to be sent: the whole, a range, or several with something between.
// What was promised in Content-Length is what is sent: never more, when the file grows meanwhile, and
// an error, which cuts the connection, when less.
import type { FileHandle } from 'node:fs/promises';
import type { ContentPart } from './semantics/multipart-byteranges.ts';

const PIECE_BYTES = 65_536;

const DONE: IteratorResult<Uint8Array, undefined> = Object.freeze({ done: true, value: undefined });

/** Reads an opened file once, and closes it behind the last piece. */
export class FileContent implements AsyncIterableIterator<Uint8Array> {
  readonly #handle: FileHandle;
  readonly #parts: readonly ContentPart[];
  #nextPart = 0;
  /** Of the range being read: where, and how far. */
  #position = 0;
  #end = 0;
  #closing: Promise<void> | null = null;

  /** Takes the handle over; ranges have to lie within what the handle itself said of its size. */
  constructor(handle: FileHandle, parts: readonly ContentPart[]) {
    this.#handle = handle;
    this.#parts = parts;
  }

  /** For `for await`; the same iterator each time. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next piece, in memory of its own. Rejects when the file has become too short. */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#closing !== null) return this.return();
    if (this.#position === this.#end) {
      const part = this.#parts[this.#nextPart];
      if (part === undefined) return this.return();
      this.#nextPart += 1;
      if (part instanceof Uint8Array) return { done: false, value: part };
      this.#position = part.first;
      this.#end = part.last + 1;
    }
    return this.#read();
  }

  async #read(): Promise<IteratorResult<Uint8Array, undefined>> {
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, this.#end - this.#position));
    const { bytesRead } = await this.#handle.read(piece, 0, piece.length, this.#position);
    if (bytesRead === 0) {
      throw new Error(`the file shrank to ${this.#position} of ${this.#end} bytes`);
    }
    this.#position += bytesRead;
    return { done: false, value: piece.subarray(0, bytesRead) };
  }

  /** Nobody wants the rest. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#closing ??= this.#handle.close();
    await this.#closing;
    return DONE;
  }

  /** Nobody will read: for HEAD, and for clients that have gone before the response. */
  destroy(): void {
    // A file that was only read loses nothing when closing it fails.
    this.return().catch(() => {});
  }
}
