// One unpacked package on one runtime: what is to be run, and what to make of the results.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { entriesOf, root } from '../workspace.mjs';

const sample = { seed: 20_260_713, runs: 200 };

/** What every runtime has shown, by runtime and package. */
const resultsFile = join(root, 'test-results', 'runtimes.json');

const testsOf = (name) => join(root, 'packages', name, 'test', 'packed.mjs');

/** The package's case files, as text, since not every runtime can read files. */
function casesOf(name) {
  const folder = join(root, 'packages', name, 'test', 'cases');
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith('.md'))
    : [];
  return files.map((file) => ({ name: file, text: readFileSync(join(folder, file), 'utf8') }));
}

/**
 * The task for `sample.mjs`.
 *
 * @param {string[]} launcher the words that start a file on the runtime; none in a browser
 */
export function taskOf({ name, manifest, folder }, launcher) {
  const bins = Object.entries(manifest.bin ?? {});
  const commands = bins.map(([word, file]) => [word, [...launcher, join(folder, file)]]);
  const setting = {
    ...sample,
    cases: casesOf(name),
    /** The package's commands as they are started on this runtime, by name. */
    commands: Object.fromEntries(commands),
    /** The Node of the workspace, for whatever is to be the same on all runtimes. */
    reference: process.execPath,
  };
  return { entries: entriesOf(manifest), tests: pathToFileURL(testsOf(name)).href, setting };
}

/**
 * Holds the features that were seen against what is expected, or known to differ, on that runtime.
 *
 * @param {{ name: string, expected: string, seen: string }[]} features
 * @param {{ feature: string, on: string[], seen: string }[]} differences
 */
export function compareFeatures(runtimeName, features, differences) {
  const failures = [];
  let differing = 0;
  for (const { name, expected, seen } of features) {
    const difference = differences.find(
      ({ feature, on }) => feature === name && on.includes(runtimeName),
    );
    const wanted = difference === undefined ? expected : difference.seen;
    if (seen !== wanted) failures.push(`${name}: expected '${wanted}', seen '${seen}'`);
    else if (difference !== undefined) differing += 1;
  }
  return { passed: features.length - failures.length, differing, failures };
}

/** The counts of a task, its features among them; writes down what was seen. */
export async function judge({ name }, runtimeName, { passed, failed, failures, features }) {
  const { differences = [] } = await import(pathToFileURL(testsOf(name)).href);
  const compared = compareFeatures(runtimeName, features, differences);
  const counts = {
    passed: passed + compared.passed,
    failed: failed + compared.failures.length,
    failures: [...failures, ...compared.failures],
  };
  record(runtimeName, name, { ...counts, features });
  const known =
    compared.differing === 0 ? '' : `, ${compared.differing} differ as they are known to`;
  return { ...counts, detail: `${counts.passed} passed, ${counts.failed} failed${known}` };
}

function record(runtimeName, name, results) {
  const all = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : {};
  all[runtimeName] = { ...all[runtimeName], [name]: results };
  mkdirSync(join(root, 'test-results'), { recursive: true });
  writeFileSync(resultsFile, `${JSON.stringify(all, null, 2)}\n`);
}
