// What an idle connection adds to its server's memory, after one request. It is measured in two ways:
//
// - fresh: a process that has just started opens all of them. This counts what compiling takes, and
//   that the young generation of the heap grows with what survives in it, as if it were theirs.
// - settled: what each further connection adds to a process that has compiled under load, whose young
//   generation has its full size, and which holds many connections already.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { wrk } from './loads.mjs';
import { plainRequest } from './requests.mjs';
import { ServerProcess } from './server-process.mjs';

const clientsFile = fileURLToPath(new URL('./idle-clients.mjs', import.meta.url));
const COUNT = 10_000;
/** Connections that a settled process holds, as a part of those that are then counted. */
const HELD = 0.8;
const WARM_COUNT = 200;
/** File descriptors that a process needs beside its connections. */
const SPARE_FILES = 100;
const FULL_YOUNG_GENERATION = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

/** How many connections are counted: fewer where the system lets one process have fewer files. */
export function idleCount() {
  const limit = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
  const files = limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
  return Math.min(COUNT, Math.floor((files - SPARE_FILES) / (1 + HELD)));
}

async function open(server, count) {
  const args = [clientsFile, String(server.port), String(count)];
  const clients = spawn(process.execPath, [...args, JSON.stringify(plainRequest(server.port))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([once(clients.stdout, 'data'), once(clients, 'exit')]);
  if (!String(line).startsWith('idle')) throw new Error('the clients could not connect');
  return clients;
}

async function close(clients) {
  clients.kill();
  await once(clients, 'exit');
}

/** Bytes that each of `count` connections adds to what there is. */
async function measureGrowth(server, count) {
  const before = await server.ask('memory');
  const clients = await open(server, count);
  const after = await server.ask('memory');
  const of = (what) => (after[what] - before[what]) / count;
  return { clients, growth: { rss: of('rss'), heap: of('heap') } };
}

async function measureFresh({ key, command }, flags, count) {
  const server = await ServerProcess.start(key, command, flags);
  await server.ask(`request-bytes ${plainRequest(server.port).length}`);
  await close(await open(server, WARM_COUNT));
  const { clients, growth } = await measureGrowth(server, count);
  await close(clients);
  await server.stop();
  return growth;
}

async function measureSettled({ key, command }, flags, count) {
  const server = await ServerProcess.start(key, command, [...flags, ...FULL_YOUNG_GENERATION]);
  await server.ask(`request-bytes ${plainRequest(server.port).length}`);
  await wrk(server.port, null, 1);
  const held = await open(server, Math.floor(count * HELD));
  const { clients, growth } = await measureGrowth(server, count);
  await close(clients);
  await close(held);
  await server.stop();
  return growth;
}

/** By server the bytes of each round, fresh and settled. The latter is known of V8 only. */
export async function runIdle(subjects, rounds, count) {
  const results = Object.fromEntries(subjects.map(({ key }) => [key, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) {
      const flags = subject.key === 'bun' ? [] : ['--expose-gc'];
      const fresh = await measureFresh(subject, flags, count);
      const settled = subject.key === 'bun' ? null : await measureSettled(subject, flags, count);
      results[subject.key].push({
        heap: fresh.heap,
        freshRss: fresh.rss,
        settledRss: settled?.rss ?? Number.NaN,
      });
    }
  }
  return results;
}
