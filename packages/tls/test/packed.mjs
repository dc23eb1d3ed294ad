// The case files and a seeded sample of the properties on any build of this package, on any runtime,
// without a test runner: `run({ index, client, server, record, node }, { seed, runs, cases, load })`. In a
// browser, which has no node:crypto, over the provider that test/browser.ts brings.
import fc from 'fast-check';
import { runCaseFile } from '../../testkit/dist/transcript/index.js';
import { connectionProperties } from './properties/connection-properties.mjs';
import { nobleCredential, nodeCredential } from './properties/credential.mjs';
import { recordProperties } from './properties/record-properties.mjs';
import { tlsSubject } from './subject.mjs';

/** Handshakes take milliseconds, in JavaScript many: of a sample, so many runs. */
const RUNS = { node: 60, noble: 4 };

/** A build with cryptography for each side, and a credential of theirs. */
export function subjectOf(modules, crypto, credential) {
  return { ...modules, crypto, credential };
}

/** All properties. */
export function allProperties(subject) {
  const kinds = [connectionProperties, recordProperties];
  return kinds.flatMap((propertiesOf) => propertiesOf(subject, fc));
}

/** Checks one property; returns null, or what broke it with the seed that shows it again. */
export function checkProperty({ arbitraries, check }, parameters) {
  const property = fc.property(...arbitraries, (...values) => void check(...values));
  const details = fc.check(property, parameters);
  if (!details.failed) return null;
  return `${fc.defaultReportMessage(details)}\n${details.errorInstance}`;
}

/** The provider of the platform, or that of noble's libraries. */
async function platformSubject(modules, load) {
  const { node } = modules;
  if (node !== undefined) {
    const crypto = { client: node.nodeCrypto, server: node.nodeCrypto };
    return { subject: subjectOf(modules, crypto, nodeCredential(node)), numRuns: RUNS.node };
  }
  const { noble } = await load('browser-support/tls');
  const crypto = { client: noble.crypto, server: noble.crypto };
  return { subject: subjectOf(modules, crypto, nobleCredential(noble)), numRuns: RUNS.noble };
}

/** The contract with the runner of packed tarballs. */
export async function run(modules, { seed, runs, cases, load }) {
  const counts = { passed: 0, failed: 0, failures: [] };
  const { subject, numRuns } = await platformSubject(modules, load);
  const count = (name, failure) => {
    if (failure === null) counts.passed++;
    else {
      counts.failed++;
      counts.failures.push(`${name}: ${failure}`);
    }
  };
  for (const { name, text } of cases) {
    const results = runCaseFile(tlsSubject(subject), name, text);
    for (const { title, failure } of results) count(title, failure);
  }
  for (const property of allProperties(subject)) {
    const parameters = { seed, numRuns: Math.min(runs, numRuns) };
    count(property.name, checkProperty(property, parameters));
  }
  return counts;
}
