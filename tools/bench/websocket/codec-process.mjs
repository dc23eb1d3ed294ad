// Measures reading and writing in one process, without any I/O, and prints CPU nanoseconds per
// message, of each round, as one line of JSON. Arguments: mode, rounds.
import { createRequire } from 'node:module';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { PARSE_CASES, PARSERS } from './parsers.mjs';
import { SERIALISERS } from './serialisers.mjs';

const [mode = 'plain', roundsText = '15'] = process.argv.slice(2);
const rounds = Number(roundsText);
const BATCH_MS = 12;
/** The compilers work beside the code for a while: their time is not the code's. */
const WARM_UP_MS = 200;

/** CPU nanoseconds, of all threads, so that garbage collection counts. */
function cpuNanoseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** CPU nanoseconds per pass. */
async function measure(work, passes) {
  const before = cpuNanoseconds();
  for (let pass = 0; pass < passes; pass += 1) work();
  // What was left for later is counted with it.
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

/** Every subject once per round, so that what disturbs the machine disturbs them alike. */
async function measureCase(subjects, messagesPerPass) {
  const passes = new Map();
  const results = Object.fromEntries([...subjects.keys()].map((key) => [key, []]));
  for (const [key, work] of subjects) passes.set(key, await warmUp(work));
  for (let round = 0; round < rounds; round += 1) {
    for (const [key, work] of subjects) {
      results[key].push((await measure(work, passes.get(key))) / messagesPerPass);
    }
  }
  return results;
}

/** Throws unless one pass of everybody comes to the same. */
function makeSubjects(makers, testCase, expected) {
  const subjects = new Map();
  for (const [key, make] of Object.entries(makers)) {
    const seen = { messages: 0, bytes: 0 };
    const work = make(testCase, seen);
    work();
    for (const [what, count] of Object.entries(expected)) {
      if (seen[what] !== count) {
        throw new Error(`${key}: ${seen[what]} ${what} of ${testCase.label}, not ${count}`);
      }
    }
    subjects.set(key, work);
  }
  return subjects;
}

const results = {};
if (mode in SERIALISERS) {
  const { makers, cases } = SERIALISERS[mode];
  for (const testCase of cases) {
    const { key, isMasked, together } = testCase;
    const expected = { bytes: together * ((isMasked ? 6 : 2) + 64) };
    const subjects = makeSubjects(makers, testCase, expected);
    results[key] = await measureCase(subjects, together);
  }
} else {
  for (const testCase of PARSE_CASES) {
    const { key, size, count } = testCase;
    const expected = { messages: count, bytes: count * size };
    results[key] = await measureCase(makeSubjects(PARSERS[mode], testCase, expected), count);
  }
}
const require = createRequire(import.meta.url);
const versions = Object.fromEntries(
  ['ws', 'bufferutil', 'websocket-driver'].map((name) => [
    name,
    require(`${name}/package.json`).version,
  ]),
);
process.stdout.write(`${JSON.stringify({ results, versions })}\n`);
