// A server under test in a process of its own: found, started, awaited, always stopped.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** How often a server is asked whether it listens already, in milliseconds. */
const RETRY_MS = 20;
/** For how long, in tries. */
const TRIES_MAX = 500;

/** Where a program is; Debian keeps servers out of users' PATH. Null when it is nowhere. */
export function findProgram(name) {
  const folders = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/usr/local/sbin`;
  for (const folder of folders.split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** A TCP port of 127.0.0.1 that nobody listens at now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs a server until `stop` is called. */
export class ServerProcess {
  #output = '';

  /** Starts it and waits until it accepts connections at `port`. */
  static async start(command, args, port) {
    const server = new ServerProcess(command, args);
    server.port = port;
    await server.#untilItListens();
    return server;
  }

  constructor(command, args) {
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      // Read, so that it never waits for its reader; the beginning is kept to explain a failure.
      stream.setEncoding('utf8').on('data', (text) => {
        if (this.#output.length < 2000) this.#output += text;
      });
    }
    this.exit = once(this.child, 'exit');
    // Nothing may stay behind, whatever ends this process.
    this.kill = () => this.child.kill('SIGKILL');
    process.on('exit', this.kill);
  }

  async #untilItListens() {
    for (let count = 0; count < TRIES_MAX; count++) {
      if (this.child.exitCode !== null) break;
      if (await accepts(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    this.kill();
    throw new Error(`${this.child.spawnfile} does not listen: ${this.#output}`);
  }

  async stop() {
    this.child.kill('SIGTERM');
    const impatience = setTimeout(this.kill, 2000);
    await this.exit;
    clearTimeout(impatience);
    process.off('exit', this.kill);
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
