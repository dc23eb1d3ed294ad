// What the benchmarks of WebSockets share: medians, tables, and the runtimes that are measured.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The middle of some numbers, of an even count the upper one. */
export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}

/** The median of what each round says: within a round both had the machine in the same state. */
export function medianRatio(values, others) {
  return median(values.map((value, round) => value / others[round]));
}

/** Prints rows of text as columns, the first to the left. */
export function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
    );
    console.log(cells.join('  '));
  }
  console.log('');
}

/** The machine, in words. */
export function machine() {
  return `${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}`;
}

function installed(name) {
  return fileURLToPath(new URL(`../platforms/node_modules/${name}`, import.meta.url));
}

/** The releases of Node that the goals are for; where they are not installed, the one that runs this. */
export function runtimes({ quick }) {
  const own = { name: `Node ${process.versions.node}`, command: process.execPath };
  if (quick) return [own];
  const releases = ['20', '24', '26'].map((release) => ({
    name: `Node ${release}`,
    command: installed(`node-${release}/bin/node`),
  }));
  return releases.every(({ command }) => existsSync(command)) ? releases : [own];
}

/** Bun, that of the platforms or that in the PATH; null where there is none. */
export function findBun() {
  const command = ['bun', installed('bun/bin/bun')].find(
    (each) => spawnSync(each, ['--version']).status === 0,
  );
  if (command === undefined) return null;
  const version = spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout.trim();
  return { command, version };
}
