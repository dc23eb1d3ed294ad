// The command as its users run it: a process of its own, and what it prints.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What `holdline` is, for Node. */
export const mainFile: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The Node release under trial: that of the tests, unless the environment names another. */
export const nodeFile: string = process.env['HOLDLINE_NODE'] ?? process.execPath;

/** How it ended. */
export interface CommandEnd {
  /** As a shell would report it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where commands keep what they keep. */
export const settings: string = mkdtempSync(join(tmpdir(), 'holdline-settings-'));
process.once('exit', () => rmSync(settings, { recursive: true, force: true }));

const running: Set<Command> = new Set();

/** A running `holdline`. */
export class Command {
  stdout = '';
  stderr = '';
  readonly end: Promise<CommandEnd>;
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  #watchers: (() => void)[] = [];
  #ended = false;

  /** `input` is all of its stdin; null for one that the test writes to. */
  constructor(args: readonly string[], cwd?: string, input: string | Uint8Array | null = '') {
    this.child = spawn(nodeFile, [mainFile, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Nothing of the user's is touched.
      env: { ...process.env, XDG_CONFIG_HOME: settings },
      ...(cwd !== undefined && { cwd }),
    });
    running.add(this);
    // It may end before it has read everything.
    this.child.stdin.on('error', () => {});
    if (input !== null) this.child.stdin.end(input);
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#tell();
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#tell();
    });
    this.end = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        this.#ended = true;
        running.delete(this);
        this.#tell();
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Starts `holdline serve` at a free port, unless `args` say another, and waits until it serves. */
  static async serve(...args: string[]): Promise<Command> {
    const command = new Command([
      'serve',
      ...(args.includes('--port') ? [] : ['--port', '0']),
      ...args,
    ]);
    await command.line(/^holdline serving /);
    return command;
  }

  /** Starts `holdline connect` and hands it its stdin, all of it unless that is null. */
  static connect(input: string | Uint8Array | null, ...args: string[]): Command {
    return new Command(['connect', ...args], undefined, input);
  }

  /** Where it serves, by its first line. */
  get port(): number {
    return Number(/^holdline serving .* at https?:\/\/.*:(\d+)\/\n/.exec(this.stdout)?.[1]);
  }

  /** Waits for a line on stdout or stderr, and returns it. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = `${this.stdout}${this.stderr}`.split('\n').find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.#ended) throw new Error(`no ${pattern} in ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  /** Sends a signal to this process alone. */
  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  #tell(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

/** Ends what a test has left running. */
export async function endCommands(): Promise<void> {
  for (const command of [...running]) {
    command.child.kill('SIGKILL');
    await command.end;
  }
}
