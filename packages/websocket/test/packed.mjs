// Conversations between the two roles on any build of this package, on any runtime, browsers
// included, without a test runner: `run({ index, server, client, deflate, node }, { seed, runs })`.
import { allProperties, checkProperty } from './properties/conversations.mjs';

/** The contract with the runner of packed tarballs. */
export async function run(modules, { seed, runs }) {
  const counts = { passed: 0, failed: 0, failures: [] };
  for (const property of allProperties(modules)) {
    const failure = checkProperty(property, { seed, numRuns: runs });
    if (failure === null) counts.passed++;
    else {
      counts.failed++;
      counts.failures.push(`${property.name}: ${failure}`);
    }
  }
  return counts;
}
