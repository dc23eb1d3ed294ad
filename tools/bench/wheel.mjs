// The timer wheel against the timers that servers use today. Prints two tables:
// `node tools/bench/wheel.mjs [--quick]`, after a build.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { SUBJECTS, versions } from './wheel/subjects.mjs';

const measure = fileURLToPath(new URL('./wheel/measure.mjs', import.meta.url));

/** The lines of a table: what the child measured, its unit, and how it is shown. */
const ROWS = [
  { name: 'create', label: 'create and schedule, ns', digits: 1, hasRatio: true },
  { name: 'schedule', label: 'schedule, ns', digits: 1, hasRatio: true },
  { name: 'again', label: 'schedule again, ns', digits: 1, hasRatio: true },
  { name: 'touchInOrder', label: 'touch, in order, ns', digits: 1, hasRatio: true },
  { name: 'touchShuffled', label: 'touch, shuffled, ns', digits: 1, hasRatio: true },
  { name: 'cancel', label: 'cancel, shuffled, ns', digits: 1, hasRatio: true },
  { name: 'expire', label: 'expire, ns per timer', digits: 1, hasRatio: true },
  { name: 'bytes', label: 'bytes per timer', digits: 1, hasRatio: true },
  { name: 'tickNs', label: 'idle tick, ns', digits: 0, hasRatio: false },
  { name: 'idleMicrosPerSecond', label: 'idle, us CPU per s', digits: 1, hasRatio: false },
  { name: 'worstPollMs', label: 'worst single poll, ms', digits: 2, hasRatio: false },
];

function measureOnce(subject, count) {
  const args = ['--expose-gc', measure, subject.key, String(count)];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${subject.label}: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((left, right) => left - right);
  if (sorted.length === 0) return undefined;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Every subject once per round, so that what disturbs the machine disturbs them alike. */
function measureAll(count, rounds) {
  const results = new Map(SUBJECTS.map((subject) => [subject.key, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of SUBJECTS) results.get(subject.key).push(measureOnce(subject, count));
  }
  return results;
}

/** The median, and where that makes sense how many times the wheel's it is. */
function cell(row, results, key) {
  const value = median(results.get(key).map((result) => result[row.name]));
  if (value === undefined)
    return results.get(key)[0].lost > 0 && row.name === 'expire' ? 'lost' : '-';
  const text = value.toFixed(row.digits);
  if (!row.hasRatio || key === 'wheel') return text;
  const ratio = value / median(results.get('wheel').map((result) => result[row.name]));
  return `${text} (${ratio.toFixed(1)}x)`;
}

function table(count, results) {
  const lines = [[`${count} timers`, ...SUBJECTS.map((subject) => subject.label)]];
  for (const row of ROWS) {
    lines.push([row.label, ...SUBJECTS.map((subject) => cell(row, results, subject.key))]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]),
      )
      .join('  '),
  );
}

/**
 * Measures and prints. Returns the medians by number of timers, subject and row, for plots.
 * Quick: 10^5 timers in 3 rounds, instead of 10^5 and 10^6 in 5.
 */
export function run({ quick }) {
  const rounds = quick ? 3 : 5;
  const medians = {};
  console.log(`${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}, ${versions()}`);
  console.log(
    `CPU of all threads, medians of ${rounds} interleaved rounds, each in a process of its own; ` +
      "(times the wheel's). Delays spread over 5 to 65 s. The driver reads the clock for each operation.",
  );
  for (const count of quick ? [1e5] : [1e5, 1e6]) {
    const results = measureAll(count, rounds);
    console.log(`\n${table(count, results).join('\n')}`);
    for (const subject of SUBJECTS) {
      const lost = median(results.get(subject.key).map((result) => result.lost));
      if (lost > 0) console.log(`${subject.label}: ${lost} of ${count} timers never expired`);
    }
    medians[count] = Object.fromEntries(
      SUBJECTS.map(({ key }) => [
        key,
        Object.fromEntries(
          ROWS.map(({ name }) => [name, median(results.get(key).map((result) => result[name]))]),
        ),
      ]),
    );
  }
  return medians;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  run({ quick: process.argv.includes('--quick') });
}
