// `npm run check`: everything about the workspace that is no test. Names on the command line choose
// among the checks (`npm run check -- publint size`); without, all of them run.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { consumerChecks } from './checks/consumer.mjs';
import { packAll } from './checks/pack.mjs';
import { runtimeChecks } from './checks/runtimes.mjs';
import { sizeChecks } from './checks/size.mjs';
import { tarballChecks } from './checks/tarball.mjs';
import { workspaceChecks } from './checks/workspace.mjs';
import { root } from './workspace.mjs';

const print = (line) => process.stdout.write(`${line}\n`);
const indented = (text) => text.replace(/^/gm, '    ');

/**
 * Runs a check and adds it to the results. A check resolves to a detail to print, to its own
 * counts, or to the reason why it was skipped; it rejects with what is wrong.
 */
async function runCheck({ name, run }, results) {
  const start = performance.now();
  try {
    const outcome = (await run()) ?? '';
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (outcome.skipped !== undefined) {
      results.skipped.push({ name, reason: outcome.skipped });
      print(`skip  ${name}: ${outcome.skipped}`);
      return;
    }
    const { passed = 1, failed = 0, failures = [], detail = outcome } = outcome;
    results.passed += passed;
    results.failed += failed;
    results.failures.push(...failures.map((failure) => `${name}: ${failure}`));
    const isShort = typeof detail === 'string' && detail !== '' && !detail.includes('\n');
    print(
      `${failed === 0 ? 'ok  ' : 'FAIL'}  ${name}${isShort ? `: ${detail}` : ''} (${seconds} s)`,
    );
    for (const failure of failures) print(indented(failure));
  } catch (error) {
    results.failed += 1;
    results.failures.push(name);
    print(`FAIL  ${name}`);
    print(indented(error.message));
  }
}

/** Runs checks in order; those that may run side by side come last, two at a time. */
async function runChecks(checks, results) {
  for (const check of checks.filter(({ sideBySide }) => !sideBySide))
    await runCheck(check, results);
  const queue = checks.filter(({ sideBySide }) => sideBySide);
  const lane = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      await runCheck(check, results);
    }
  };
  await Promise.all([lane(), lane()]);
}

async function main() {
  const wanted = process.argv.slice(2);
  const isWanted = ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word));
  const results = { passed: 0, failed: 0, failures: [], skipped: [] };
  const folder = join(root, 'test-results');
  rmSync(join(folder, 'check.json'), { force: true });
  await runChecks(workspaceChecks().filter(isWanted), results);

  let packed = [];
  const pack = async () => {
    packed = await packAll();
    return packed.map(({ manifest }) => manifest.name).join(', ');
  };
  await runCheck({ name: 'pack', run: pack }, results);
  const packedChecks = [
    ...packed.flatMap(tarballChecks),
    ...sizeChecks(),
    ...consumerChecks(packed),
    ...runtimeChecks(packed),
  ];
  await runChecks(packedChecks.filter(isWanted), results);

  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'check.json'), `${JSON.stringify(results, null, 2)}\n`);
  print(`${results.passed} passed, ${results.failed} failed, ${results.skipped.length} skipped`);
  process.exitCode = results.failed === 0 ? 0 : 1;
}

await main();
