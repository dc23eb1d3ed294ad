// The programs that are talked to: found, run and always stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import type { TestContext } from 'vitest';

/** Where a program is; Debian keeps servers out of users' PATH. */
function find(program: string): string | null {
  const folders = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/usr/local/sbin`;
  for (const folder of folders.split(delimiter)) {
    const file = join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** The program's file; skips the test, and says why, where there is none. */
export function need(context: TestContext, program: string): string {
  return find(program) ?? context.skip(`needs ${program}, which is not in the PATH`);
}

/** What a program left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  file: string,
  args: readonly string[],
  input: Uint8Array | string = '',
): Promise<Outcome> {
  const child = spawn(file, args, { stdio: 'pipe' });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => stdout.push(data));
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    stderr += data;
  });
  // A program that has seen enough may end before it has read its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: Buffer.concat(stdout), stderr };
}

/** A server program, which runs until it is stopped. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #port: number;
  #log = '';

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (data: string) => {
        this.#log += data;
      });
    }
  }

  /** Starts a program and waits until it accepts connections. */
  static async start(file: string, args: readonly string[], port: number): Promise<Daemon> {
    const daemon = new Daemon(spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] }), port);
    while (!(await accepts(port))) {
      if (daemon.#child.exitCode !== null) throw new Error(`${file} ended: ${daemon.#log}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return daemon;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it and its children without a word, and returns when nobody listens any more. */
  async kill(): Promise<void> {
    const { pid, exitCode } = this.#child;
    if (pid === undefined || exitCode !== null) return;
    const children = childrenOf(pid);
    await this.stop();
    for (const child of children) {
      try {
        process.kill(child, 'SIGKILL');
      } catch {
        // It has ended with its parent.
      }
    }
    while (await accepts(this.#port)) await new Promise((resolve) => setImmediate(resolve));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

/** The process ids of a program's children, as Linux tells them. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
