// Adds up what the tests of all workspace packages left in their `test-results` folders and prints
// one line. With `--everything`, the results of checks, interop and fuzz smoke too, and then the
// names of the steps that failed.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { root, workspacePackages } from './workspace.mjs';

/**
 * The sum of several results. A skipped test without a reason counts as failed: whoever skips has
 * to say why.
 *
 * @param {{ name: string, results: object | null }[]} reports null: nothing was left to count
 */
export function addUp(reports) {
  const sum = { passed: 0, failed: 0, skipped: 0, lines: [] };
  for (const { name, results } of reports) {
    if (results === null) {
      sum.failed += 1;
      sum.lines.push(`failed   ${name}: no results; it did not run to its end`);
      continue;
    }
    if (results.passed + results.failed + results.skipped.length === 0) {
      sum.failed += 1;
      sum.lines.push(`failed   ${name}: ran no test`);
    }
    sum.passed += results.passed;
    sum.failed += results.failed;
    for (const failure of results.failures) sum.lines.push(`failed   ${name}: ${failure}`);
    for (const skipped of results.skipped) {
      if (skipped.reason === '') sum.failed += 1;
      else sum.skipped += 1;
      const reason = skipped.reason === '' ? 'NO REASON GIVEN, counts as failed' : skipped.reason;
      sum.lines.push(`skipped  ${name}: ${skipped.name}: ${reason}`);
    }
  }
  return sum;
}

function readResults(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** The results of every workspace package that has a script of the given name. */
function packageReports(script) {
  return [...workspacePackages('packages'), ...workspacePackages('tools')]
    .filter(({ manifest }) => manifest.scripts?.[script] !== undefined)
    .map(({ folder }) => ({
      name: relative(root, folder),
      results: readResults(join(folder, 'test-results', 'tests.json')),
    }));
}

/** What a step that is no vitest run left in the root's `test-results`. */
function rootReport(name) {
  return { name, results: readResults(join(root, 'test-results', `${name}.json`)) };
}

/** Everything that the continuous integration runs; what is missing counts as failed. */
function allReports() {
  const interop = packageReports('interop');
  if (interop.length === 0) interop.push({ name: 'interop', results: null });
  const others = ['check', 'conformance', 'fuzz'].map(rootReport);
  return [...packageReports('test'), ...interop, ...others];
}

function main() {
  const [flag, ...failedSteps] = process.argv.slice(2);
  const sum = addUp(flag === '--everything' ? allReports() : packageReports('test'));
  // A step can fail without a failed test, by a time limit for example.
  for (const step of failedSteps) sum.lines.push(`failed   ${step}`);
  if (sum.failed === 0) sum.failed = failedSteps.length;
  for (const line of sum.lines) process.stdout.write(`${line}\n`);
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
