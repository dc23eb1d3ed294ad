// Fuzzes the built packages:
//
//   node tools/fuzz/main.mjs [--smoke] [--target NAME] [--seconds N] [--executions N] [--seed N] [--corpus FOLDER]
//   node tools/fuzz/main.mjs --minimise [--target NAME] [--corpus FOLDER]
//   node tools/fuzz/main.mjs --target NAME --input HEX
//
// The last line says how many executions and findings there were. Findings make the exit status 1,
// and so does a canary that was not found; arguments that make no sense make it 2.
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArguments } from './arguments.mjs';
import { instrumentFolder } from './instrument.mjs';
import { TargetRun } from './target-run.mjs';
import { Watchdog } from './watchdog.mjs';

const here = import.meta.dirname;
const results = join(here, '..', '..', 'test-results');
const SILENCE_MS = 60_000;
const RSS_BYTES_MAX = 1.5 * 2 ** 30;

async function loadTargets() {
  const files = readdirSync(join(here, 'targets')).filter((name) => name.endsWith('.mjs'));
  const modules = files.sort().map((name) => import(pathToFileURL(join(here, 'targets', name))));
  return (await Promise.all(modules)).map((module) => module.default);
}

/** Instrumented copies in a temporary folder; what they import from elsewhere resolves as here. */
function instrumenter(work) {
  const copies = new Map();
  symlinkSync(join(here, 'node_modules'), join(work, 'node_modules'));
  return async (folder) => {
    const copy = copies.get(folder) ?? instrumentFolder(folder, join(work, String(copies.size)));
    copies.set(folder, copy);
    return copy;
  };
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

/** Fuzzes one target and says what came of it. */
function fuzz(run, { isCanary = false }, total) {
  print(run.fuzz());
  total.executions += run.executions;
  if (isCanary) total.isCanaryMissing = run.findings.length === 0;
  else {
    total.findings += run.findings.length;
    for (const text of run.report(results)) print(`\n${text}`);
  }
}

async function runAll(targets, options) {
  const work = mkdtempSync(join(tmpdir(), 'holdline-fuzz-'));
  const file = join(results, 'fuzz-watchdog.md');
  const watchdog = await Watchdog.start({
    file,
    silenceMs: SILENCE_MS,
    rssBytesMax: RSS_BYTES_MAX,
  });
  const total = { executions: 0, findings: 0, isCanaryMissing: false };
  try {
    const instrument = instrumenter(work);
    for (const target of targets) {
      // The canary is found from nothing, or not at all.
      if (options.isMinimising && target.isCanary) continue;
      const run = new TargetRun(target, await target.load(instrument), { options, watchdog });
      if (options.input !== null) print(run.show(options.input));
      else if (options.isMinimising) print(run.minimise());
      else fuzz(run, target, total);
    }
  } finally {
    await watchdog.stop();
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
  const { executions, findings, isCanaryMissing } = await runAll(chosen, options);
  if (options.input !== null || options.isMinimising) return 0;
  if (isCanaryMissing) print('fuzz: the canary was not found, so nothing else would be');
  print(`fuzz: ${executions} executions, ${findings} findings`);
  return findings > 0 || isCanaryMissing ? 1 : 0;
}

process.exitCode = await main();
