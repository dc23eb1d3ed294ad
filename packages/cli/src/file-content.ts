// The content of a file as pieces to be sent. What was promised in Content-Length is what is sent:
// never more, when the file grows meanwhile, and an error, which cuts the connection, when less.
import type { FileHandle } from 'node:fs/promises';

const PIECE_BYTES = 65_536;

const DONE: IteratorResult<Uint8Array, undefined> = Object.freeze({ done: true, value: undefined });

/** Reads an opened file once, from its start, and closes it behind the last piece. */
export class FileContent implements AsyncIterableIterator<Uint8Array> {
  readonly #handle: FileHandle;
  readonly #sizeBytes: number;
  #position = 0;
  #closing: Promise<void> | null = null;

  /** Takes the handle over; `sizeBytes` is what the handle itself said. */
  constructor(handle: FileHandle, sizeBytes: number) {
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
  }

  /** For `for await`; the same iterator each time. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next piece, in memory of its own. Rejects when the file has become too short. */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const remainingBytes = this.#sizeBytes - this.#position;
    if (remainingBytes === 0 || this.#closing !== null) return this.return();
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, remainingBytes));
    const { bytesRead } = await this.#handle.read(piece, 0, piece.length, this.#position);
    if (bytesRead === 0) {
      throw new Error(`the file shrank to ${this.#position} of ${this.#sizeBytes} bytes`);
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
