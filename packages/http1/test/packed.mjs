// The case files and a seeded sample of the properties on any build of this package, on any runtime,
// browsers included, without a test runner: `run({ index, client, server }, { seed, runs, cases })`.
import fc from 'fast-check';
import { runCaseFile } from '../../testkit/dist/transcript/index.js';
import { callProperties } from './properties/call-properties.mjs';
import { exchangeProperties } from './properties/exchange-properties.mjs';
import { streamProperties } from './properties/stream-properties.mjs';
import { http1Subject } from './subject.mjs';

/** All properties. */
export function allProperties(modules) {
  const kinds = [streamProperties, exchangeProperties, callProperties];
  return kinds.flatMap((propertiesOf) => propertiesOf(modules, fc));
}

/** Checks one property; returns null, or what broke it with the seed that shows it again. */
export function checkProperty({ arbitraries, check }, parameters) {
  const property = fc.property(...arbitraries, (...values) => void check(...values));
  const details = fc.check(property, parameters);
  return details.failed ? fc.defaultReportMessage(details) : null;
}

/** The results of every case, file by file; a file is its `name` and its `text`. */
export function runCases(modules, files) {
  const subject = http1Subject(modules);
  return files.map(({ name, text }) => ({ name, results: runCaseFile(subject, name, text) }));
}

/** The contract with the runner of packed tarballs. */
export async function run(modules, { seed, runs, cases }) {
  const counts = { passed: 0, failed: 0, failures: [] };
  const count = (name, failure) => {
    if (failure === null) counts.passed++;
    else {
      counts.failed++;
      counts.failures.push(`${name}: ${failure}`);
    }
  };
  for (const { results } of runCases(modules, cases)) {
    for (const { title, failure } of results) count(title, failure);
  }
  for (const property of allProperties(modules)) {
    count(property.name, checkProperty(property, { seed, numRuns: runs }));
  }
  return counts;
}
