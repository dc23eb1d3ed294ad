// A program that one types at, and that answers.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';

const running: Set<Dialogue> = new Set();

/** A program that runs, with all that it has printed. */
export class Dialogue {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<number | null>;
  readonly #name: string;
  #output = '';
  #isOver = false;
  #notify: () => void = () => {};

  /** Starts it. */
  constructor(file: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.#name = `${file} ${args.join(' ')}`;
    this.#child = spawn(file, args, { stdio: 'pipe', env: { ...process.env, ...environment } });
    // A program that has ended reads no more.
    this.#child.stdin.on('error', () => {});
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (data: Buffer) => {
        this.#output += data.toString('latin1');
        this.#notify();
      });
    }
    running.add(this);
    this.#exit = once(this.#child, 'close').then(([code]) => {
      running.delete(this);
      this.#isOver = true;
      this.#notify();
      return code as number | null;
    });
  }

  /** What it has printed so far on both streams, a character for each byte. */
  get output(): string {
    return this.#output;
  }

  /** Types. */
  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Types nothing more. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /** Its exit code, once it has ended by itself. */
  get exit(): Promise<number | null> {
    return this.#exit;
  }

  /** Waits until it has printed something. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#output)) {
      if (this.#isOver) throw new Error(`${this.#name} ended:\n${this.#output}`);
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  /** Ends all that still run. */
  static async killAll(): Promise<void> {
    await Promise.all([...running].map((dialogue) => dialogue.kill()));
  }
}
