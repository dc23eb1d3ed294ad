// Fuzzes the built packages: `node tools/fuzz/main.mjs [--smoke] [--target NAME] [--seconds N]
// [--seed N]`. The last line says how many executions and findings there were; findings are printed
// as cases, and make the exit status 1, as does a canary that is not found.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printBlock } from '@holdline/testkit/transcript';
import './coverage.mjs';
import { fuzz } from './fuzzer.mjs';
import { instrumentFolder } from './instrument.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const work = join(here, 'node_modules', '.instrumented');

/** About ten seconds for each machine on a small computer; a count, so that every run is the same. */
const SMOKE_EXECUTIONS = 100_000;
const SECONDS = 60;
const CANARY_EXECUTIONS = 5_000_000;
/** Findings of one target after which searching on tells nothing new. */
const FINDINGS_MAX = 5;

function readArguments() {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean', default: false },
      target: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string', default: '20260713' },
    },
  });
  const seconds =
    values.seconds === undefined
      ? values.smoke
        ? Number.POSITIVE_INFINITY
        : SECONDS
      : Number(values.seconds);
  const executionsMax = values.smoke ? SMOKE_EXECUTIONS : Number.POSITIVE_INFINITY;
  const seed = Number(values.seed);
  if (!(seconds > 0) || !Number.isInteger(seed))
    throw new TypeError('--seconds and --seed are numbers');
  return { executionsMax, seconds, seed, findingsMax: FINDINGS_MAX, only: values.target };
}

async function canaryTarget() {
  const folder = instrumentFolder(join(here, 'targets'), join(work, 'targets'));
  const { parse } = await import(join(folder, 'canary.js'));
  const text = (word) => Uint8Array.from(word, (unit) => unit.charCodeAt(0));
  return {
    name: 'canary',
    seeds: [text('a')],
    dictionary: [text('b')],
    prefixBytes: 0,
    run: parse,
  };
}

async function allTargets() {
  const { http1Targets } = await import('./targets/http1.mjs');
  const http1 = join(root, 'packages', 'http1');
  const folder = instrumentFolder(join(http1, 'dist'), join(work, 'http1'));
  return http1Targets(folder, join(http1, 'test', 'cases'));
}

/** A finding as the beginning of a case file. */
function printFinding(target, { data, error }) {
  const prefix = [...data.subarray(0, target.prefixBytes)].join(' ');
  const lines = [
    `## ${target.name}: ${error.message.split('\n')[0]}`,
    '',
    `First bytes: ${prefix || 'none'}.`,
    '',
    '```options',
    `role: ${target.role ?? target.name}`,
    '```',
    '',
    '```input',
    ...printBlock(data.subarray(target.prefixBytes)),
    '```',
    '',
    String(error.stack),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function runTarget(target, limits) {
  const { executions, findings, corpus, edges } = fuzz(target, limits);
  process.stdout.write(
    `${target.name}: ${executions} executions, ${corpus} inputs kept, ${edges} edges, ${findings.length} findings\n`,
  );
  return { executions, findings };
}

async function main() {
  const { only, ...limits } = readArguments();
  const targets = await allTargets();
  const canary = await canaryTarget();
  const chosen = [...targets, canary].filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) throw new TypeError(`no target ${only}`);
  process.stdout.write(`seed ${limits.seed}\n`);
  const results = { passed: 0, failed: 0, failures: [], skipped: [] };
  const total = { executions: 0, findings: 0 };
  for (const target of chosen) {
    const isCanary = target === canary;
    const own = isCanary ? { ...limits, executionsMax: CANARY_EXECUTIONS, findingsMax: 1 } : limits;
    const { executions, findings } = runTarget(target, own);
    total.executions += executions;
    if (!isCanary) for (const finding of findings) printFinding(target, finding);
    if (!isCanary) total.findings += findings.length;
    const isGood = isCanary === findings.length > 0;
    results[isGood ? 'passed' : 'failed']++;
    if (!isGood)
      results.failures.push(
        isCanary ? 'the canary was not found' : `${target.name}: ${findings.length} findings`,
      );
  }
  mkdirSync(join(root, 'test-results'), { recursive: true });
  writeFileSync(join(root, 'test-results', 'fuzz.json'), `${JSON.stringify(results, null, 2)}\n`);
  for (const failure of results.failures) process.stdout.write(`failed: ${failure}\n`);
  process.stdout.write(`fuzz: ${total.executions} executions, ${total.findings} findings\n`);
  process.exitCode = results.failed === 0 ? 0 : 1;
}

await main();
