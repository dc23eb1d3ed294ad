// The timer wheel against the timers that servers use today, and against what it is meant to reach:
// `node tools/bench/wheel.mjs [--quick]`, after a build. Prints a table for each Node release, one of
// wake-ups, and one of goals.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { goalRows } from './wheel/goals.mjs';
import { SUBJECTS, versions } from './wheel/subjects.mjs';
import { wakeUpRows } from './wheel/wake-ups.mjs';

const measure = fileURLToPath(new URL('./wheel/measure.mjs', import.meta.url));

/** The lines of a table: what the child measured, its unit, and how it is shown. */
const ROWS = [
  { name: 'create', label: 'create and schedule, ns', digits: 1, hasRatio: true },
  { name: 'schedule', label: 'schedule, ns', digits: 1, hasRatio: true },
  { name: 'scheduleAlike', label: 'schedule, one duration, ns', digits: 1, hasRatio: true },
  { name: 'again', label: 'schedule again, ns', digits: 1, hasRatio: true },
  { name: 'touchInOrder', label: 'touch, in order, ns', digits: 1, hasRatio: true },
  { name: 'touchShuffled', label: 'touch, shuffled, ns', digits: 1, hasRatio: true },
  { name: 'cancel', label: 'cancel, shuffled, ns', digits: 1, hasRatio: true },
  { name: 'expire', label: 'expire, ns per timer', digits: 1, hasRatio: true },
  { name: 'bytes', label: 'bytes per timer', digits: 1, hasRatio: true },
  { name: 'tickNs', label: 'idle tick, ns', digits: 0, hasRatio: false },
  { name: 'idleNsPerMs', label: 'idle, ns CPU per ms', digits: 1, hasRatio: false },
  { name: 'worstCallMs', label: 'longest single poll, ms', digits: 2, hasRatio: false },
];

/** What is measured of each subject: the lines, and what only the goals are about. */
const SPECIALS = [
  'idleNsPerMs1000',
  'idleNsPerMs10000',
  'idleNsPerMs100000',
  'idleNsPerMs1000000',
  'worstCallSlotMs',
  'worstCallAlikeMs',
  'lost',
  'share',
];
const NAMES = [...ROWS.map(({ name }) => name), ...SPECIALS];

/** The releases of Node that the goals are for; where they are not installed, the one that runs this. */
function runtimes({ quick }) {
  const own = { name: `Node ${process.versions.node}`, file: process.execPath };
  if (quick) return [own];
  const installed = ['20', '26'].map((release) => ({
    name: `Node ${release}`,
    file: fileURLToPath(
      new URL(`../platforms/node_modules/node-${release}/bin/node`, import.meta.url),
    ),
  }));
  return installed.every(({ file }) => existsSync(file)) ? installed : [own];
}

function measureOnce(runtime, subject, count) {
  const args = ['--expose-gc', measure, subject.key, String(count)];
  const child = spawnSync(runtime.file, args, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${subject.label}: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((left, right) => left - right);
  if (sorted.length === 0) return undefined;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The medians by subject and name. Every subject is measured once per round, so that what disturbs the
 * machine disturbs them alike.
 */
function measureAll(runtime, count, rounds) {
  const results = new Map(SUBJECTS.map((subject) => [subject.key, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of SUBJECTS) {
      results.get(subject.key).push(measureOnce(runtime, subject, count));
    }
  }
  const medians = {};
  for (const [key, list] of results) {
    medians[key] = Object.fromEntries(
      NAMES.map((name) => [name, median(list.map((result) => result[name]))]),
    );
  }
  return medians;
}

/** The median, and where that makes sense how many times the wheel's it is. */
function cell(row, medians, key) {
  const value = medians[key][row.name];
  if (value === undefined) return medians[key].lost > 0 && row.name === 'expire' ? 'lost' : '-';
  const text = value.toFixed(row.digits);
  if (!row.hasRatio || key === 'wheel') return text;
  return `${text} (${(value / medians.wheel[row.name]).toFixed(1)}x)`;
}

function subjectRows(title, medians) {
  const rows = [[title, ...SUBJECTS.map((subject) => subject.label)]];
  for (const row of ROWS) {
    rows.push([row.label, ...SUBJECTS.map((subject) => cell(row, medians, subject.key))]);
  }
  return rows;
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  console.log('');
  for (const row of rows) {
    const cells = row.map((text, column) =>
      column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]),
    );
    console.log(cells.join('  '));
  }
}

/**
 * Measures and prints. Returns the medians by runtime, subject and name, for plots. Quick: 10^5 timers
 * in 3 rounds on the Node that runs this, instead of 10^6 in 5 on each release.
 */
export function run({ quick }) {
  const rounds = quick ? 3 : 5;
  const count = quick ? 1e5 : 1e6;
  console.log(`${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}, ${versions()}`);
  console.log(
    `CPU of all threads, medians of ${rounds} interleaved rounds, each in a process of its own; ` +
      "(times the wheel's). Delays spread over 5 to 65 s. The driver reads the clock for each operation.",
  );
  const runs = [];
  for (const runtime of runtimes({ quick })) {
    const medians = measureAll(runtime, count, rounds);
    print(subjectRows(`${count} timers, ${runtime.name}`, medians));
    for (const { key, label } of SUBJECTS) {
      if (medians[key].lost > 0) {
        console.log(`${label}: ${medians[key].lost} of ${count} timers never expired`);
      }
    }
    const share = median(SUBJECTS.map(({ key }) => medians[key].share));
    console.log(
      `CPU per second while it was measured: ${share.toFixed(2)}; what is far below 1 makes memory slow`,
    );
    runs.push({ name: runtime.name, medians });
  }
  print(wakeUpRows(quick ? [1e3, 1e4] : [1e3, 1e4, 1e5]));
  print(goalRows(runs));
  return Object.fromEntries(runs.map(({ name, medians }) => [name, medians]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  run({ quick: process.argv.includes('--quick') });
}
