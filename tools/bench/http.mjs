// The HTTP server against node:http, Bun and a constant responder on raw sockets, which is the limit,
// and against what it is meant to reach: `node tools/bench/http.mjs [--quick]`, after a build. Needs
// wrk; Bun is measured where `bun` is in the PATH.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { goalRows } from './http/goals.mjs';
import { idleCount, runIdle } from './http/idle.mjs';
import { CONNECTIONS, runLoads, WRK } from './http/loads.mjs';
import { CASES } from './http/requests.mjs';

const SERVERS = [
  { key: 'raw', label: 'raw net, constant' },
  { key: 'holdline', label: 'holdline' },
  { key: 'node', label: 'node:http' },
  { key: 'bun', label: 'Bun.serve', command: 'bun' },
];

/** What a command prints as its version; null when there is no such command. */
function versionOf(command, flag) {
  const result = spawnSync(command, [flag], { encoding: 'utf8' });
  return result.error ? null : `${result.stdout}${result.stderr}`.split(/ \[|\n/)[0].trim();
}

/** The releases of Node that the goals are for; where they are not installed, the one that runs this. */
function runtimes({ quick }) {
  const own = { name: `Node ${process.versions.node}`, command: process.execPath };
  if (quick) return [own];
  const installed = ['20', '24', '26'].map((release) => ({
    name: `Node ${release}`,
    command: fileURLToPath(
      new URL(`../platforms/node_modules/node-${release}/bin/node`, import.meta.url),
    ),
  }));
  return installed.every(({ command }) => existsSync(command)) ? installed : [own];
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the rounds' ratios: within a round both had the machine in the same state. */
function ratio(results, what, key, toKey) {
  return median(results[key].map((each, round) => each[what] / results[toKey][round][what]));
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

function printLoads(name, subjects, results) {
  const medians = {};
  for (const load of CASES) {
    const rows = [
      [`${load.label}, ${name}`, 'us CPU/request', 'x raw', 'x node:http', 'requests/s'],
    ];
    const loads = results[load.key];
    medians[load.key] = {};
    for (const { key, label } of subjects) {
      const of = (what) => median(loads[key].map((each) => each[what]));
      const [cpuMicros, perSecond] = [of('cpuMicros'), of('perSecond')];
      medians[load.key][key] = { cpuMicros, perSecond };
      const ratios = ['raw', 'node'].map((to) => ratio(loads, 'cpuMicros', key, to).toFixed(2));
      rows.push([label, cpuMicros.toFixed(2), ...ratios, perSecond.toFixed(0)]);
    }
    print(rows);
  }
  return medians;
}

function printIdle(name, subjects, results, count) {
  const rows = [
    [
      `${count} idle connections, bytes each, ${name}`,
      'heap + external',
      'RSS, fresh',
      'x raw',
      'RSS, settled',
      'x raw',
    ],
  ];
  const medians = {};
  for (const { key, label } of subjects) {
    const of = (what) => median(results[key].map((each) => each[what]));
    const cells = [of('heap').toFixed(0)];
    medians[key] = { heap: of('heap'), freshRss: of('freshRss'), settledRss: of('settledRss') };
    for (const what of ['freshRss', 'settledRss']) {
      const bytes = medians[key][what];
      const toRaw = bytes / median(results.raw.map((each) => each[what]));
      cells.push(Number.isNaN(bytes) ? '-' : bytes.toFixed(0));
      cells.push(Number.isNaN(bytes) ? '-' : toRaw.toFixed(2));
    }
    rows.push([label, ...cells]);
  }
  print(rows);
  return medians;
}

/** What the goals are about. */
function ratiosOf(loads, idle) {
  const to = (key) =>
    Object.fromEntries(
      CASES.map((load) => [load.key, ratio(loads[load.key], 'cpuMicros', 'holdline', key)]),
    );
  return {
    toRaw: to('raw'),
    toNode: to('node'),
    idle: {
      settled: idle.holdline.settledRss / idle.raw.settledRss,
      fresh: idle.holdline.freshRss / idle.raw.freshRss,
    },
  };
}

/**
 * Measures and prints. Returns the medians by runtime, case and server, for plots. Quick: 3 rounds of
 * 1 s and one of idle connections on the Node that runs this, instead of 9 rounds of 1 s and three on
 * each release.
 */
export async function run({ quick }) {
  const wrkVersion = versionOf(WRK, '--version');
  if (wrkVersion === null) throw new Error('this needs wrk in the PATH');
  const bunVersion = versionOf('bun', '--version');
  const known = SERVERS.filter(({ key }) => key !== 'bun' || bunVersion !== null);
  const { rounds, idleRounds } = quick
    ? { rounds: 3, idleRounds: 1 }
    : { rounds: 9, idleRounds: 3 };
  const count = idleCount();
  const bun = bunVersion === null ? 'no Bun here' : `Bun ${bunVersion}`;
  console.log(
    `${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}, ${bun}, ${wrkVersion}`,
  );
  console.log(
    `wrk -t1 -c${CONNECTIONS} over loopback; user and system CPU of the server process per request it served; ` +
      `medians, and medians of the ratios, of ${rounds} interleaved rounds of 1 s\n`,
  );
  const runs = [];
  for (const { name, command } of runtimes({ quick })) {
    const subjects = known.map((subject) => ({ command, ...subject }));
    const results = await runLoads(subjects, { rounds, seconds: 1 });
    const loads = printLoads(name, subjects, results);
    const idle = printIdle(name, subjects, await runIdle(subjects, idleRounds, count), count);
    runs.push({ name, medians: { loads, idle }, ratios: ratiosOf(results, idle) });
  }
  print(goalRows(runs));
  return Object.fromEntries(runs.map(({ name, medians }) => [name, medians]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run({ quick: process.argv.includes('--quick') });
}
