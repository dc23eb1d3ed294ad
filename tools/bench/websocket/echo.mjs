// CPU of each echo server per message, and messages per second.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../http/server-process.mjs';
import { ECHO_CASES } from './echo-cases.mjs';

const serverFile = fileURLToPath(new URL('./echo-server.mjs', import.meta.url));
const clientsFile = fileURLToPath(new URL('./echo-clients.mjs', import.meta.url));
const CONNECTIONS = 50;
const RUN_MS = 1000;

/** What a subject's server is called that compresses; of the raw one, the same. */
const DEFLATING = { holdline: 'holdlineKept', ws: 'wsDeflate', bun: 'bunDeflate' };

/** A server and its clients, each a process; the clients run on this Node whatever the server runs on. */
export class Pair {
  static async start(kind, command, flags = []) {
    const server = await ServerProcess.start(kind, command, flags, serverFile);
    const { execPath } = process;
    const clients = await ServerProcess.start(String(server.port), execPath, [], clientsFile, kind);
    return new Pair(server, clients);
  }

  constructor(server, clients) {
    this.server = server;
    this.clients = clients;
  }

  /** Lets the clients exchange messages for a while; CPU microseconds of the server per message. */
  async run(key, milliseconds) {
    const before = await this.server.ask('usage');
    const { messages, perSecond } = await this.clients.ask(
      `run ${key} ${milliseconds} ${CONNECTIONS}`,
    );
    const after = await this.server.ask('usage');
    return { cpuMicros: (after.cpuMicros - before.cpuMicros) / messages, perSecond };
  }

  async stop() {
    await this.clients.stop();
    await this.server.stop();
  }
}

/**
 * By case and server the results of each round. Every server has its turn once per round and case, so
 * that what disturbs the machine disturbs them alike.
 */
export async function runEchoes(subjects, rounds) {
  const pairs = new Map();
  const pairOf = async ({ key, command }, { isCompressed }) => {
    const kind = (isCompressed && DEFLATING[key]) || key;
    if (!pairs.has(kind)) pairs.set(kind, await Pair.start(kind, command));
    return pairs.get(kind);
  };
  const results = {};
  try {
    // Round 0 warms up and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [caseKey, echoCase] of Object.entries(ECHO_CASES)) {
        results[caseKey] ??= Object.fromEntries(subjects.map(({ key }) => [key, []]));
        for (const subject of subjects) {
          const pair = await pairOf(subject, echoCase);
          const result = await pair.run(caseKey, RUN_MS);
          if (round > 0) results[caseKey][subject.key].push(result);
        }
      }
    }
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
  return results;
}
