// Compression of WebSocket messages, in one process without any I/O: CPU per message against node:zlib in
// one shot, zlib's streams as ws uses them, and pako. `node tools/bench/websocket-deflate.mjs [--quick]`,
// after a build. Prints a table for each Node release.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { MESSAGES } from './websocket/deflate-messages.mjs';
import { CODECS } from './websocket/deflate-subjects.mjs';

const BATCH_MS = 15;
const WARM_UP_MS = 250;

/** CPU nanoseconds of all threads: garbage collection and zlib's threads count. */
function cpuNanoseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** CPU nanoseconds per pass; streams are waited for. */
async function measure(work, passes) {
  const before = cpuNanoseconds();
  for (let pass = 0; pass < passes; pass += 1) {
    const pending = work();
    if (pending !== undefined) await pending;
  }
  return (cpuNanoseconds() - before) / passes;
}

async function passesPerBatch(work) {
  let passes = 16;
  for (;;) {
    const milliseconds = ((await measure(work, passes)) * passes) / 1e6;
    if (milliseconds > WARM_UP_MS) return Math.ceil((passes * BATCH_MS) / milliseconds);
    passes *= 2;
  }
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}

/** Every codec once per round, so that what disturbs the machine disturbs them alike. */
async function interleave(works, rounds) {
  const passes = [];
  for (const work of works) passes.push(await passesPerBatch(work));
  const results = works.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      results[index].push(await measure(work, passes[index]));
    }
  }
  return results;
}

/** What each codec takes for the messages of a row. */
async function measureRow(direction, takeover, messages, rounds) {
  const made = [];
  for (const { label, make } of CODECS) {
    const codec = await make(direction, takeover, messages);
    made.push({ label, ...codec });
  }
  const results = await interleave(
    made.map(({ work }) => work),
    rounds,
  );
  const [own] = results;
  return made.map(({ label, bytes }, index) => ({
    label,
    bytes,
    microseconds: median(results[index]) / 1000,
    ratio: median(results[index].map((value, round) => value / own[round])),
  }));
}

/** What a child measures: rows of cells. */
async function measureAll(quick) {
  const rounds = quick ? 5 : 15;
  const rows = [];
  for (const direction of ['deflate', 'inflate']) {
    for (const takeover of [false, true]) {
      for (const { label, messages } of MESSAGES) {
        const cells = await measureRow(direction, takeover, messages, rounds);
        rows.push({ direction, takeover, label, cells });
      }
    }
  }
  return rows;
}

function cellText({ microseconds, ratio, bytes }, column) {
  const size = bytes === undefined ? '' : ` ${Math.round(bytes)} B`;
  const times = column === 0 ? '' : ` (${ratio.toFixed(2)}x)`;
  return `${microseconds.toFixed(microseconds < 100 ? 1 : 0)}${times}${size}`;
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(
      row
        .map((text, column) => text.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** The releases of Node; where they are not installed, or there is no time, the one that runs this. */
function runtimes(quick) {
  const own = { name: `Node ${process.versions.node}`, file: process.execPath };
  const installed = ['20', '24', '26'].map((release) => ({
    name: `Node ${release}`,
    file: fileURLToPath(
      new URL(`../platforms/node_modules/node-${release}/bin/node`, import.meta.url),
    ),
  }));
  return !quick && installed.every(({ file }) => existsSync(file)) ? installed : [own];
}

/** Measures in a process for each release, and prints. */
export function run({ quick }) {
  console.log(`${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}`);
  console.log(
    'CPU microseconds of all threads per message, medians of interleaved rounds; (times the node ' +
      "provider's); compressed bytes per message. A message is another one each time.",
  );
  for (const { name, file } of runtimes(quick)) {
    const args = [fileURLToPath(import.meta.url), '--measure', ...(quick ? ['--quick'] : [])];
    const child = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 24 });
    if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`);
    const rows = JSON.parse(child.stdout);
    console.log('');
    print([
      [name, ...rows[0].cells.map(({ label }) => label)],
      ...rows.map(({ direction, takeover, label, cells }) => [
        `${direction}, ${takeover ? 'takeover' : 'no takeover'}, ${label}`,
        ...cells.map(cellText),
      ]),
    ]);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const quick = process.argv.includes('--quick');
  if (process.argv.includes('--measure')) {
    process.stdout.write(JSON.stringify(await measureAll(quick)));
    process.exit();
  }
  run({ quick });
}
