// The HTTP/1.1 grammar and machine in one process, without any I/O: CPU per message, against node's
// own parser and others. `node tools/bench/http1.mjs [--quick]`, after a build.
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FRESH_RESPONSES, REQUESTS, RESPONSE } from './http1/messages.mjs';
import { loadBuild, PARSERS, SERIALISERS } from './http1/subjects.mjs';

const require = createRequire(import.meta.url);
const BATCH_MS = 12;
/** The compilers work beside the code for a while: their time is not the code's. */
const WARM_UP_MS = 200;
/** What a batch may leave behind for later, such as callbacks of node's, is counted with it. */
const PASSES_BEFORE_REST = 1000;

/** CPU nanoseconds, of all threads, so that garbage collection counts. */
function cpuNanoseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** CPU nanoseconds per pass. */
async function measure(work, passes) {
  const before = cpuNanoseconds();
  for (let pass = 1; pass <= passes; pass += 1) {
    work();
    if (pass % PASSES_BEFORE_REST === 0) await setImmediate();
  }
  await setImmediate();
  return (cpuNanoseconds() - before) / passes;
}

/** Lets all that is hot be compiled, and finds how many passes make a batch of the wanted time. */
async function warmUp(work) {
  let passes = 64;
  for (;;) {
    const milliseconds = ((await measure(work, passes)) * passes) / 1e6;
    if (milliseconds > WARM_UP_MS) return Math.ceil((passes * BATCH_MS) / milliseconds);
    passes *= 2;
  }
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}

/**
 * Every subject once per round, so that what disturbs the machine disturbs them alike. Resolves to
 * what each took per pass in each round, by key.
 */
export async function interleave(subjects, rounds) {
  const passes = new Map();
  const results = new Map(subjects.map(({ key }) => [key, []]));
  for (const { key, work } of subjects) passes.set(key, await warmUp(work));
  for (let round = 0; round < rounds; round += 1) {
    for (const { key, work } of subjects) {
      results.get(key).push(await measure(work, passes.get(key)));
    }
  }
  return results;
}

/** How many times our figure another one is: the median of what each round says. */
function ratio(results, other, ours) {
  const own = results.get(ours);
  return median(results.get(other).map((value, round) => value / own[round]));
}

function checkSeen(request, key, { seen, work }) {
  work();
  for (const what of ['messages', 'fields', 'contentBytes']) {
    if (seen[what] !== request[what]) {
      throw new Error(`${key} saw ${seen[what]} ${what} of ${request.label}, not ${request[what]}`);
    }
  }
}

async function measureRequests(build, rounds) {
  const keys = Object.keys(PARSERS);
  const rows = [
    [
      'parse, ns per message',
      ...keys.map((key) => PARSERS[key].label),
      'llhttp / parsing',
      'http-parser-js / parsing',
    ],
  ];
  const medians = {};
  for (const request of REQUESTS) {
    const subjects = keys.map((key) => {
      const subject = PARSERS[key].make(request, build);
      checkSeen(request, key, subject);
      return { key, work: subject.work };
    });
    const results = await interleave(subjects, rounds);
    const figures = keys.map((key) => median(results.get(key)) / request.messages);
    medians[request.key] = Object.fromEntries(keys.map((key, index) => [key, figures[index]]));
    const ratios = ['llhttp', 'httpParserJs'].map((key) => ratio(results, key, 'parsing'));
    rows.push([
      request.label,
      ...figures.map((figure) => figure.toFixed(0)),
      ...ratios.map((value) => `${value.toFixed(2)}x`),
    ]);
    Object.assign(medians[request.key], {
      llhttpRatio: ratios[0],
      httpParserJsRatio: ratios[1],
    });
  }
  print(rows);
  return medians;
}

const RESPONSES = [
  { key: 'same', label: 'the same', heads: [RESPONSE] },
  { key: 'fresh', label: 'three values new', heads: FRESH_RESPONSES },
];

async function measureResponses(build, rounds) {
  const keys = Object.keys(SERIALISERS);
  const medians = {};
  const rows = [['serialise, ns per head', ...keys.map((key) => SERIALISERS[key].label), 'ratio']];
  for (const { key: which, label, heads } of RESPONSES) {
    const made = keys.map((key) => ({ key, ...SERIALISERS[key].make(heads, build) }));
    const results = await interleave(made, rounds);
    const figures = keys.map((key) => median(results.get(key)));
    const times = ratio(results, 'serverResponse', 'response');
    const sizes = made.map(({ seen }) => seen.bytes).join(' and ');
    rows.push([
      `${RESPONSE.fields.length} fields, ${label} (${sizes} bytes)`,
      ...figures.map((figure) => figure.toFixed(0)),
      `${times.toFixed(2)}x`,
    ]);
    medians[which] = Object.fromEntries([
      ...keys.map((key, index) => [key, figures[index]]),
      ['ratio', times],
    ]);
  }
  print(rows);
  return medians;
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

/**
 * Measures and prints. Returns the medians by case and subject, for plots. Quick: 15 rounds instead
 * of 61.
 */
export async function run({ quick }) {
  const rounds = quick ? 15 : 61;
  const build = await loadBuild(import.meta.resolve('@holdline/http1/server'));
  const { version } = require('http-parser-js/package.json');
  const { node, llhttp, v8 } = process.versions;
  console.log(
    `${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}, node ${node} (V8 ${v8}), ` +
      `llhttp ${llhttp}, http-parser-js ${version}`,
  );
  console.log(
    `CPU of all threads, medians of ${rounds} interleaved rounds of ${BATCH_MS} ms in one process; ` +
      'ratios are medians of those of the rounds.\n',
  );
  const requests = await measureRequests(build, rounds);
  const responses = await measureResponses(build, rounds);
  return { requests, responses };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run({ quick: process.argv.includes('--quick') });
}
