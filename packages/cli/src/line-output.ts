// Lines for a terminal, a file or a pipe. Many requests may end within one turn of the event loop,
// so lines are gathered and written together behind it.
import type { Writable } from 'node:stream';

/** Bytes waiting in a pipe that nobody reads, above which lines are dropped instead of kept. */
const WAITING_BYTES_MAX = 1_048_576;

/** Writes lines to a stream, whose end (a closed pipe, a full disk) is nothing to die of. */
export class LineOutput {
  readonly #stream: Writable;
  #lines = '';
  #scheduled = false;
  #broken = false;

  /** The stream is shared: it is never ended. */
  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', () => {
      this.#broken = true;
    });
  }

  /** Adds a line, which must have no line break. */
  line(text: string): void {
    if (this.#broken || this.#stream.writableLength > WAITING_BYTES_MAX) return;
    this.#lines += `${text}\n`;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#write(() => {}));
  }

  /** Resolves when everything has been handed to the system, or cannot be. */
  flush(): Promise<void> {
    return new Promise((resolve) => this.#write(resolve));
  }

  #write(done: () => void): void {
    const lines = this.#lines;
    this.#scheduled = false;
    this.#lines = '';
    if (this.#broken) done();
    else this.#stream.write(lines, () => done());
  }
}
