// Where a conversation is shown. On a terminal, what comes in goes above the line that is being
// typed; elsewhere, messages go to stdout as fast as it takes them.
import {
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  moveCursor,
} from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** The ends of a process. */
export interface Streams {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly errors: Writable;
}

/** What somebody at the keyboard does. */
export interface Typist {
  /** A line was completed; without its end. */
  typed(line: string): void;
  /** Ctrl-D. */
  finished(): void;
  /** Ctrl-C, which a terminal that is read key by key does not make a signal. */
  interrupted(): void;
}

/** What is shown, and the line that is being typed. */
export class Screen {
  readonly #streams: Streams;
  #keyboard: Interface | null = null;
  #isBroken = false;

  constructor(streams: Streams) {
    this.#streams = streams;
    // Nothing to die of; whoever asks sees it.
    streams.errors.on('error', () => {});
    streams.output.on('error', () => {
      this.#isBroken = true;
    });
  }

  /** Somebody types here: lines come from a terminal. */
  get isTyped(): boolean {
    return this.#streams.input.isTTY === true;
  }

  /** Nobody reads what is shown any more. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Calls `back` when what is shown finds no reader any more. */
  onBroken(back: () => void): void {
    this.#streams.output.on('error', back);
  }

  /** Shows what has come, as it is; false when the reader should be given time, until `onRoom`. */
  show(content: string | Uint8Array): boolean {
    if (this.#isBroken) return true;
    return this.#above(() => this.#streams.output.write(content));
  }

  /** Calls `back` once, when there is room again. */
  onRoom(back: () => void): void {
    this.#streams.output.once('drain', back);
  }

  /** Says something about the connection, in one line. */
  tell(line: string): void {
    this.#above(() => this.#streams.errors.write(`${line}\n`));
  }

  /** From now on lines can be typed, with a prompt where it can be seen. */
  prompt(typist: Typist): void {
    const { input, output } = this.#streams;
    const isSeen = output.isTTY === true;
    const keyboard = createInterface(isSeen ? { input, output, prompt: '> ' } : { input });
    this.#keyboard = isSeen ? keyboard : null;
    keyboard.on('line', (line) => {
      typist.typed(line);
      if (this.#keyboard !== null) keyboard.prompt();
    });
    keyboard.on('close', () => {
      // Whatever is still to be said begins a line of its own.
      if (this.#keyboard !== null) eraseLine(keyboard, output);
      this.#keyboard = null;
      typist.finished();
    });
    keyboard.on('SIGINT', () => typist.interrupted());
    if (isSeen) keyboard.prompt();
  }

  /** No more lines. */
  endPrompt(): void {
    const keyboard = this.#keyboard;
    if (keyboard === null) return;
    this.#keyboard = null;
    eraseLine(keyboard, this.#streams.output);
    keyboard.close();
  }

  /** Resolves when everything has been handed to the system, or cannot be. */
  async flush(): Promise<void> {
    const { output, errors } = this.#streams;
    await Promise.all([output, errors].map((stream) => written(stream)));
  }

  /** Writes above the line that is being typed, if any. */
  #above(write: () => boolean): boolean {
    const keyboard = this.#keyboard;
    if (keyboard === null) return write();
    const { output } = this.#streams;
    const rows = eraseLine(keyboard, output);
    const hasRoom = write();
    // To draw itself anew, the line goes up as many rows as it had above the cursor.
    if (rows > 0) output.write('\n'.repeat(rows));
    keyboard.prompt(true);
    return hasRoom;
  }
}

/** Takes the line that is being typed off the screen; returns the rows that it had above the cursor. */
function eraseLine(keyboard: Interface, output: Writable): number {
  const { rows } = keyboard.getCursorPos();
  moveCursor(output, 0, -rows);
  cursorTo(output, 0);
  clearScreenDown(output);
  return rows;
}

function written(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.errored !== null) resolve();
    else stream.write('', () => resolve());
  });
}
