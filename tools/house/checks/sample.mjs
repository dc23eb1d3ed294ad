// What is run on a package on every platform, the browser included: nothing in here is Node's.

/**
 * Imports every entry of an unpacked package and hands the modules to the package's own
 * `test/packed.mjs`. Resolves to its counts, and to what its features looked like.
 *
 * @param {{ entries: { name: string, specifier: string }[], tests: string, setting: object }} task
 *   `tests` is the URL of the package's `test/packed.mjs`
 * @param {(specifier: string) => Promise<object>} load imports as the package's consumer does
 */
export async function runSample({ entries, tests, setting }, load) {
  const counts = { passed: 0, failed: 0, failures: [], features: [] };
  const modules = {};
  for (const { name, specifier } of entries) {
    try {
      modules[name] = await load(specifier);
      if (Object.keys(modules[name]).length === 0) throw new Error('exports nothing');
      counts.passed += 1;
    } catch (error) {
      addFailure(counts, `import ${specifier}: ${error.stack}`);
    }
  }
  if (counts.failed === 0)
    await runOwnTests(await import(tests), modules, { ...setting, load }, counts);
  return counts;
}

async function runOwnTests({ run, observe }, modules, setting, counts) {
  if (run !== undefined) {
    const own = await run(modules, setting);
    counts.passed += own.passed;
    counts.failed += own.failed;
    counts.failures.push(...own.failures);
    if (own.passed === 0) addFailure(counts, 'its test/packed.mjs ran nothing');
  }
  if (observe !== undefined) counts.features = await observe(modules, setting);
  if (run === undefined && counts.features.length === 0) addFailure(counts, 'nothing to run');
}

function addFailure(counts, failure) {
  counts.failed += 1;
  counts.failures.push(failure);
}
