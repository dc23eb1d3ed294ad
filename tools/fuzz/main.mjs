// Fuzzes the built packages:
//
//   node tools/fuzz/main.mjs [--smoke] [--target NAME] [--seconds N] [--executions N] [--seed N] [--corpus FOLDER]
//
// The last line says how many executions and findings there were. Findings make the exit status 1,
// and so does a canary that was not found; arguments that make no sense make it 2.
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArguments } from './arguments.mjs';
import { loadInputs, storeInputs } from './corpus.mjs';
import { printFinding, writeFinding } from './findings.mjs';
import { Fuzzer } from './fuzzer.mjs';
import { instrumentFolder } from './instrument.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const results = join(here, '..', '..', 'test-results');
/** Findings of one target after which searching on tells nothing new. */
const FINDINGS_MAX = 10;

async function loadTargets() {
  const files = readdirSync(join(here, 'targets')).filter((name) => name.endsWith('.mjs'));
  const modules = files.sort().map((name) => import(pathToFileURL(join(here, 'targets', name))));
  return (await Promise.all(modules)).map((module) => module.default);
}

/** Instrumented copies in a temporary folder; what they import from elsewhere resolves as here. */
function instrumenter(work) {
  let count = 0;
  symlinkSync(join(here, 'node_modules'), join(work, 'node_modules'));
  return async (folder) => instrumentFolder(folder, join(work, String(count++)));
}

async function runTarget(target, instrument, options) {
  const { seed, isSmoke, seconds, corpus } = options;
  const loaded = await target.load(instrument);
  const stored = corpus === null ? [] : loadInputs(join(corpus, target.name));
  const { headerBytes, isCanary = false } = target;
  const seeds = [...loaded.seeds, ...stored.filter((input) => input.length >= headerBytes)];
  const fuzzer = new Fuzzer({ ...loaded, headerBytes, seeds }, seed);
  const executionsMax = isSmoke ? target.smokeExecutions : options.executionsMax;
  const start = performance.now();
  fuzzer.run({ executionsMax, seconds, findingsMax: isCanary ? 1 : FINDINGS_MAX });
  const rate = Math.round((fuzzer.executions * 1000) / (performance.now() - start));
  if (corpus !== null) storeInputs(join(corpus, target.name), fuzzer.corpus.inputs);
  process.stdout.write(
    `${target.name}: ${fuzzer.executions} executions, ${rate}/s, ${fuzzer.corpus.size} inputs, ` +
      `${fuzzer.corpus.edges} edges, ${fuzzer.corpus.ways} ways, ${fuzzer.findings.length} ` +
      `${isCanary ? 'canaries' : 'findings'}\n`,
  );
  if (!isCanary) report(target.name, loaded.describe, fuzzer.findings, seed);
  return fuzzer;
}

function report(name, describe, findings, seed) {
  for (const [index, finding] of findings.entries()) {
    const text = printFinding(name, describe, finding, seed);
    const file = writeFinding(results, name, index + 1, text);
    process.stdout.write(`\n${text}\nwritten to ${file}\n\n`);
  }
}

async function fuzzAll(targets, options) {
  const work = mkdtempSync(join(tmpdir(), 'holdline-fuzz-'));
  const total = { executions: 0, findings: 0, isCanaryMissing: false };
  try {
    const instrument = instrumenter(work);
    for (const target of targets) {
      const { executions, findings } = await runTarget(target, instrument, options);
      total.executions += executions;
      if (!target.isCanary) total.findings += findings.length;
      else if (findings.length === 0) total.isCanaryMissing = true;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return total;
}

async function main() {
  const targets = await loadTargets();
  let options;
  try {
    const names = targets.map(({ name }) => name);
    options = parseArguments(process.argv.slice(2), names);
  } catch (error) {
    process.stderr.write(`fuzz: ${error.message.split('\n')[0]}\n`);
    return 2;
  }
  const chosen = targets.filter(({ name }) => options.names.includes(name));
  const { executions, findings, isCanaryMissing } = await fuzzAll(chosen, options);
  if (isCanaryMissing) {
    process.stdout.write('fuzz: the canary was not found, so nothing else would be\n');
  }
  process.stdout.write(`fuzz: ${executions} executions, ${findings} findings\n`);
  return findings > 0 || isCanaryMissing ? 1 : 0;
}

process.exitCode = await main();
