// Adds up what the tests of all workspace packages left in their `test-results` folders and prints
// one line. With `--everything`, the results of the checks, the packed runs and the fuzz smoke too.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** What the steps that are no vitest run left in the root's `test-results`. */
function rootReports() {
  const folder = join(root, 'test-results');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => ({
    name: name.replace(/\.json$/, ''),
    results: readResults(join(folder, name)),
  }));
}

function main() {
  const everything = process.argv.includes('--everything');
  const reports = packageReports('test');
  if (everything) reports.push(...packageReports('interop'), ...rootReports());
  const sum = addUp(reports);
  for (const line of sum.lines) process.stdout.write(`${line}\n`);
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
