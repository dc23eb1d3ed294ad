// The HTTP client against undici, node:http's Agent and bare sockets, which are the limit.
// `node tools/bench/client.mjs [--quick]`, after a build. The server is the same for all, in a
// process of its own, as is each client.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const serverFile = fileURLToPath(new URL('./client/server.mjs', import.meta.url));
const subjectFile = fileURLToPath(new URL('./client/subject.mjs', import.meta.url));
const CONNECTIONS = 50;
const IDLE_CONNECTIONS = 2_000;

const SUBJECTS = [
  { key: 'raw', label: 'raw net' },
  { key: 'send', label: 'holdline, callbacks' },
  { key: 'holdline', label: 'holdline' },
  { key: 'undici', label: 'undici' },
  { key: 'node', label: 'node:http' },
  { key: 'agent', label: 'node:http, holdline agent' },
  { key: 'fetch', label: 'fetch, holdline' },
  { key: 'platform-fetch', label: "fetch, the platform's" },
];

/** A child process that answers lines of text with lines of JSON. */
class Child {
  constructor(file, ...args) {
    this.process = spawn(process.execPath, ['--expose-gc', file, ...args.map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async read() {
    const { value } = await this.lines.next();
    if (value === undefined) throw new Error('a process under measurement has ended');
    return JSON.parse(value);
  }

  ask(command) {
    this.process.stdin.write(`${command}\n`);
    return this.read();
  }

  async stop() {
    this.process.kill();
    await once(this.process, 'exit');
  }
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
    );
    console.log(cells.join('  '));
  }
  console.log('');
}

/** Every client once per round, so that what disturbs the machine disturbs them alike. */
async function runLoads(port, { rounds, seconds }) {
  const clients = new Map();
  const results = new Map(SUBJECTS.map(({ key }) => [key, []]));
  for (const { key } of SUBJECTS) clients.set(key, new Child(subjectFile, key, port, CONNECTIONS));
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [key, client] of clients) {
      const result = await client.ask(`run ${seconds}`);
      if (round > 0) results.get(key).push(result);
    }
  }
  for (const client of clients.values()) await client.stop();
  return results;
}

function printLoads(results) {
  const rows = [
    [`GET, c=${CONNECTIONS}`, 'us CPU/request', 'requests/CPU s', 'x undici', 'requests/s'],
  ];
  const medians = {};
  for (const { key } of SUBJECTS) {
    const of = (what) => median(results.get(key).map((each) => each[what]));
    medians[key] = { cpuMicros: of('cpuMicros'), perSecond: of('perSecond') };
  }
  for (const { key, label } of SUBJECTS) {
    const { cpuMicros, perSecond } = medians[key];
    const ratio = medians.undici.cpuMicros / cpuMicros;
    rows.push([
      label,
      cpuMicros.toFixed(2),
      (1e6 / cpuMicros).toFixed(0),
      ratio.toFixed(2),
      perSecond.toFixed(0),
    ]);
  }
  print(rows);
  return medians;
}

/** Bytes that each idle connection adds to the client, after one request each. */
async function runIdle(port, rounds) {
  const rows = [[`${IDLE_CONNECTIONS} idle connections, bytes each`, 'heap + external', 'RSS']];
  const medians = {};
  for (const { key, label } of SUBJECTS) {
    const measured = [];
    for (let round = 0; round < rounds; round += 1) {
      const client = new Child(subjectFile, key, port, 1);
      // Warm: what the first connections bring along is not theirs.
      const before = await client.ask('idle 50');
      const after = await client.ask(`idle ${IDLE_CONNECTIONS}`);
      const count = IDLE_CONNECTIONS - 50;
      measured.push({
        heap: (after.heap - before.heap) / count,
        rss: (after.rss - before.rss) / count,
      });
      await client.stop();
    }
    const of = (what) => median(measured.map((each) => each[what]));
    medians[key] = { heap: of('heap'), rss: of('rss') };
    rows.push([label, medians[key].heap.toFixed(0), medians[key].rss.toFixed(0)]);
  }
  print(rows);
  return medians;
}

/**
 * Measures and prints. Returns the medians by client, for plots. Quick: 3 rounds of 1 s and one of
 * idle connections, instead of 9 rounds of 2 s and three.
 */
export async function run({ quick }) {
  const { rounds, seconds, idleRounds } = quick
    ? { rounds: 3, seconds: 1, idleRounds: 1 }
    : { rounds: 9, seconds: 2, idleRounds: 3 };
  console.log(
    `${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}, node ${process.versions.node}`,
  );
  console.log(
    `${CONNECTIONS} requests at a time over loopback, keep-alive; user and system CPU of the client process ` +
      `per request; medians of ${rounds} interleaved rounds of ${seconds} s\n`,
  );
  const server = new Child(serverFile);
  const { port } = await server.read();
  const loads = printLoads(await runLoads(port, { rounds, seconds }));
  const idle = await runIdle(port, idleRounds);
  await server.stop();
  return { loads, idle };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run({ quick: process.argv.includes('--quick') });
}
