// `node main.mjs`: the corpus against holdline. See README.md for the options.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { allCases } from './corpus/all.mjs';
import { PEERS, whyMissing, withPeer } from './peers/peers.mjs';
import {
  comparisonTable,
  deviationLines,
  familyTable,
  isDeviating,
  remarkLines,
  sectionTable,
  transcript,
} from './src/report.mjs';
import { casesFor, runCase, runCorpus } from './src/run.mjs';

/** What holdline is judged by: the command, and the server with a handler that reads content. */
const OURS = ['holdline', 'net'];

const USAGE = `usage: node main.mjs [--peer ${Object.keys(PEERS).join('|')}] [--compare]
       [--case ID] [--filter TEXT] [--list]`;

function print(text) {
  process.stdout.write(`${text}\n`);
}

function fail(message) {
  process.stderr.write(`conformance: ${message}\n${USAGE}\n`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        peer: { type: 'string', multiple: true },
        compare: { type: 'boolean', default: false },
        case: { type: 'string' },
        filter: { type: 'string', default: '' },
        list: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
}

/** The corpus against one server; its results. */
async function runPeer(name, corpus) {
  const peer = PEERS[name];
  const cases = casesFor(corpus, peer);
  const start = performance.now();
  const results = await withPeer(peer, (port) => runCorpus(cases, port, peer));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  print(`== ${peer.label}: ${cases.length} cases in ${seconds} s`);
  return { label: peer.label, results };
}

async function showCase(names, testCase) {
  for (const name of names) {
    const peer = PEERS[name];
    const result = await withPeer(peer, (port) => runCase(testCase, port, peer));
    print(`== ${peer.label}\n${transcript(result, peer.isHouse)}`);
  }
}

async function compare(names, cases) {
  const columns = [];
  for (const name of names) {
    const reason = whyMissing(PEERS[name]);
    if (reason === null) columns.push(await runPeer(name, cases));
    else print(`== ${PEERS[name].label}: left out, ${reason}`);
  }
  print(comparisonTable(columns));
  for (const { label, results } of columns) {
    const lines = remarkLines(results);
    if (lines.length > 0) print(`-- responses of ${label}\n${lines.join('\n')}`);
  }
}

async function report(names, cases) {
  let count = 0;
  let deviations = 0;
  for (const name of names) {
    const reason = whyMissing(PEERS[name]);
    if (reason !== null) fail(reason);
    const { results } = await runPeer(name, cases);
    if (name === names[0]) print(`${sectionTable(results)}\n`);
    print(familyTable(results));
    for (const line of deviationLines(results)) print(line);
    count += results.length;
    deviations += results.filter(isDeviating).length;
  }
  print(`conformance: ${count} cases, ${deviations} deviations`);
  return deviations;
}

const options = readArguments();
const names = options.peer ?? OURS;
const unknown = names.find((name) => !Object.hasOwn(PEERS, name));
if (unknown !== undefined) fail(`no peer '${unknown}'`);
const cases = allCases().filter(({ id, gist }) => `${id} ${gist}`.includes(options.filter));
if (options.list) {
  for (const { id, section, gist } of cases) print(`${id}  ${section}  ${gist}`);
} else if (options.case !== undefined) {
  const testCase = cases.find(({ id }) => id === options.case);
  if (testCase === undefined) fail(`no case '${options.case}'`);
  await showCase(names, testCase);
} else if (options.compare) {
  await compare(options.peer ?? Object.keys(PEERS), cases);
} else if ((await report(names, cases)) > 0) {
  process.exitCode = 1;
}
