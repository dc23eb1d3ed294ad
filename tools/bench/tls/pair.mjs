// A server and its clients, each a process; the clients run on this Node whatever the server runs on.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../http/server-process.mjs';

const serverFile = fileURLToPath(new URL('./server.mjs', import.meta.url));
const clientsFile = fileURLToPath(new URL('./clients.mjs', import.meta.url));

export class Pair {
  static async start({ kind, job = 'echo', command, flags = [] }) {
    const server = await ServerProcess.start(kind, command, flags, serverFile, job);
    const { execPath } = process;
    const clients = await ServerProcess.start(String(server.port), execPath, [], clientsFile, kind);
    return new Pair(server, clients);
  }

  constructor(server, clients) {
    this.server = server;
    this.clients = clients;
  }

  /** What the clients say of a command, and the CPU microseconds that the server took meanwhile. */
  async run(command) {
    const before = await this.server.ask('usage');
    const said = await this.clients.ask(command);
    const after = await this.server.ask('usage');
    return { ...said, cpuMicros: after.cpuMicros - before.cpuMicros };
  }

  async stop() {
    await this.clients.stop();
    await this.server.stop();
  }
}
