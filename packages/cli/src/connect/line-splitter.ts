// Lines of a pipe or a file, as bytes: what somebody sends need not be text, nor have an end.

/** A line that is longer than what most servers take is none. */
export const LINE_BYTES_MAX = 16_777_216;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line has more than {@link LINE_BYTES_MAX} bytes. */
export class LineTooLongError extends Error {
  override readonly name: string = 'LineTooLongError';

  constructor(lineNumber: number) {
    super(`line ${lineNumber} has more than ${LINE_BYTES_MAX} bytes`);
  }
}

/** Cuts chunks into lines. */
export class LineSplitter {
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  #count = 0;

  /** Lines that were begun. */
  get lineNumber(): number {
    return this.#count;
  }

  /** The lines that a chunk completes, without their ends. Throws {@link LineTooLongError}. */
  *push(chunk: Uint8Array): Generator<Uint8Array, undefined> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      this.#keep(chunk.subarray(start, end === -1 ? chunk.length : end));
      if (end === -1) return;
      yield this.#take();
      start = end + 1;
    }
  }

  /** What stands behind the last line feed; null when nothing does. */
  end(): Uint8Array | null {
    return this.#pieceBytes === 0 ? null : this.#take();
  }

  #keep(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
    if (this.#pieceBytes > LINE_BYTES_MAX) throw new LineTooLongError(this.#count + 1);
  }

  #take(): Uint8Array {
    const line = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pieceBytes = 0;
    this.#count += 1;
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }
}
