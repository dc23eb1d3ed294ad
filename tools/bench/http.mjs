// The HTTP server against node:http, Bun and a constant responder on raw sockets, which is the
// limit. `node tools/bench/http.mjs [--quick]`, after a build. Needs wrk; Bun is measured where
// `bun` is in the PATH.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CASES, plainRequest, wrkScript } from './http/requests.mjs';

const serverFile = fileURLToPath(new URL('./http/server.mjs', import.meta.url));
const clientsFile = fileURLToPath(new URL('./http/idle-clients.mjs', import.meta.url));
/** The load generator, a program of the system. */
const WRK = 'wrk';
const CONNECTIONS = 50;
const IDLE_CONNECTIONS = 10_000;
/** File descriptors that a process needs beside its connections. */
const SPARE_FILES = 100;

const SERVERS = [
  { key: 'raw', label: 'raw net, constant', command: process.execPath },
  { key: 'holdline', label: 'holdline', command: process.execPath },
  { key: 'node', label: 'node:http', command: process.execPath },
  { key: 'bun', label: 'Bun.serve', command: 'bun' },
];

/** What a command prints as its version; null when there is no such command. */
function versionOf(command, flag) {
  const result = spawnSync(command, [flag], { encoding: 'utf8' });
  return result.error ? null : `${result.stdout}${result.stderr}`.split(/ \[|\n/)[0].trim();
}

/** A server in a child process that tells what it has used. */
class ServerProcess {
  static async start({ key, command }) {
    const flags = key === 'bun' ? [] : ['--expose-gc'];
    const child = spawn(command, [...flags, serverFile, key], {
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

  async ask(command) {
    this.child.stdin.write(`${command}\n`);
    return JSON.parse((await this.lines.next()).value);
  }

  async stop() {
    this.child.kill();
    await once(this.child, 'exit');
  }
}

async function wrk(port, script, seconds) {
  const url = `http://127.0.0.1:${port}/`;
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, url];
  const child = spawn(WRK, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (data) => {
    text += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || /Non-2xx|Socket errors/.test(text)) throw new Error(`wrk: ${text}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]);
}

/** CPU of the server per request, and requests per second. */
async function measureLoad(server, { request, repeat }, folder, seconds) {
  const bytes = request(server.port);
  const script = join(folder, 'request.lua');
  writeFileSync(script, wrkScript(bytes, repeat));
  const before = await server.ask(`request-bytes ${bytes.length}`);
  const perSecond = await wrk(server.port, script, seconds);
  const after = await server.ask('usage');
  const cpuMicros = (after.cpuMicros - before.cpuMicros) / (after.served - before.served);
  return { cpuMicros, perSecond };
}

/** How many connections the system lets one process have. */
function idleConnections() {
  const limit = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
  const files = limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
  return Math.min(IDLE_CONNECTIONS, files - SPARE_FILES);
}

/** Bytes that each idle connection adds, after one request each. */
async function measureIdle(subject, count) {
  const server = await ServerProcess.start(subject);
  const request = plainRequest(server.port);
  await server.ask(`request-bytes ${request.length}`);
  // Warm: what the first connections bring along is not theirs.
  await openIdle(server, request, 200);
  const before = await server.ask('memory');
  const clients = await openIdle(server, request, count, true);
  const after = await server.ask('memory');
  clients.kill();
  await server.stop();
  return { rss: (after.rss - before.rss) / count, heap: (after.heap - before.heap) / count };
}

async function openIdle(server, request, count, stay = false) {
  const args = [clientsFile, String(server.port), String(count), JSON.stringify(request)];
  const clients = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await Promise.race([once(clients.stdout, 'data'), once(clients, 'exit')]);
  if (!String(line).startsWith('idle')) throw new Error('the clients could not connect');
  if (!stay) {
    clients.kill();
    await once(clients, 'exit');
  }
  return clients;
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

/** Every server once per round and case, so that what disturbs the machine disturbs them alike. */
async function runLoads(subjects, { rounds, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-bench-'));
  const servers = new Map();
  const results = new Map();
  try {
    for (const subject of subjects) servers.set(subject.key, await ServerProcess.start(subject));
    // Round 0 warms up and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const load of CASES) {
        for (const { key } of subjects) {
          const result = await measureLoad(servers.get(key), load, folder, seconds);
          const name = `${load.key} ${key}`;
          if (round > 0) results.set(name, [...(results.get(name) ?? []), result]);
        }
      }
    }
  } finally {
    for (const server of servers.values()) await server.stop();
    rmSync(folder, { recursive: true });
  }
  return results;
}

function printLoads(subjects, results) {
  const medians = {};
  for (const load of CASES) {
    const rows = [[load.label, 'us CPU/request', 'x raw', 'x node:http', 'requests/s']];
    const cpu = (key) => median(results.get(`${load.key} ${key}`).map((each) => each.cpuMicros));
    medians[load.key] = {};
    for (const { key, label } of subjects) {
      const perSecond = median(results.get(`${load.key} ${key}`).map((each) => each.perSecond));
      const micros = cpu(key);
      medians[load.key][key] = { cpuMicros: micros, perSecond };
      const ratios = [micros / cpu('raw'), micros / cpu('node')].map((ratio) => ratio.toFixed(2));
      rows.push([label, micros.toFixed(2), ...ratios, perSecond.toFixed(0)]);
    }
    print(rows);
  }
  return medians;
}

async function runIdle(subjects, rounds) {
  const count = idleConnections();
  if (count < IDLE_CONNECTIONS) console.log(`ulimit -Hn allows ${count} connections only`);
  const results = new Map(subjects.map(({ key }) => [key, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) {
      results.get(subject.key).push(await measureIdle(subject, count));
    }
  }
  const rows = [
    [`${count} idle connections, bytes each`, 'heap + external', 'x raw', 'RSS', 'x raw'],
  ];
  const of = (key, what) => median(results.get(key).map((each) => each[what]));
  const medians = {};
  for (const { key, label } of subjects) {
    const [heap, rss] = [of(key, 'heap'), of(key, 'rss')];
    medians[key] = { heap, rss };
    const heapRatio = (heap / of('raw', 'heap')).toFixed(2);
    rows.push([
      label,
      heap.toFixed(0),
      heapRatio,
      rss.toFixed(0),
      (rss / of('raw', 'rss')).toFixed(2),
    ]);
  }
  print(rows);
  return medians;
}

/**
 * Measures and prints. Returns the medians by case and server, for plots. Quick: 3 rounds of 1 s
 * and one of idle connections, instead of 7 rounds of 2 s and three.
 */
export async function run({ quick }) {
  const wrkVersion = versionOf(WRK, '--version');
  if (wrkVersion === null) throw new Error('this needs wrk in the PATH');
  const bunVersion = versionOf('bun', '--version');
  const subjects = SERVERS.filter(({ key }) => key !== 'bun' || bunVersion !== null);
  const { rounds, seconds, idleRounds } = quick
    ? { rounds: 3, seconds: 1, idleRounds: 1 }
    : { rounds: 7, seconds: 2, idleRounds: 3 };
  const bun = bunVersion === null ? 'no Bun here' : `Bun ${bunVersion}`;
  console.log(
    `${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}, node ${process.versions.node}, ${bun}, ${wrkVersion}`,
  );
  console.log(
    `wrk -t1 -c${CONNECTIONS} over loopback; user and system CPU of the server process per request it served; ` +
      `medians of ${rounds} interleaved rounds of ${seconds} s\n`,
  );
  const loads = printLoads(subjects, await runLoads(subjects, { rounds, seconds }));
  const idle = await runIdle(subjects, idleRounds);
  return { loads, idle };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run({ quick: process.argv.includes('--quick') });
}
