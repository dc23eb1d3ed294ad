// A server under measurement in a process of its own, which tells what it has used.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const serverFile = fileURLToPath(new URL('./server.mjs', import.meta.url));

export class ServerProcess {
  /**
   * Starts the server `key` with a runtime's executable; `flags` are for the runtime, `file` has the
   * servers, and `args` are its further arguments.
   */
  static async start(key, command, flags, file = serverFile, ...args) {
    const child = spawn(command, [...flags, file, key, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`${key} did not start`);
    return new ServerProcess(child, lines, JSON.parse(value).port);
  }

  constructor(child, lines, port) {
    this.child = child;
    this.lines = lines;
    this.port = port;
  }

  /** Sends a line, and resolves with what comes back. */
  async ask(command) {
    this.child.stdin.write(`${command}\n`);
    return JSON.parse((await this.lines.next()).value);
  }

  async stop() {
    this.child.kill();
    await once(this.child, 'exit');
  }
}
