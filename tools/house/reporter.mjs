// A vitest reporter that leaves `test-results/tests.json` in the package's folder: what the tally
// adds up. Vitest's own JSON says which tests were skipped, but not why.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export default class ResultsReporter {
  #folder = '';

  onInit(vitest) {
    this.#folder = vitest.config.root;
  }

  onTestRunEnd(modules, unhandledErrors) {
    const results = { passed: 0, failed: unhandledErrors.length, failures: [], skipped: [] };
    for (const error of unhandledErrors) results.failures.push(String(error.message));
    for (const module of modules) this.#addModule(results, module);
    const folder = join(this.#folder, 'test-results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'tests.json'), `${JSON.stringify(results, null, 2)}\n`);
  }

  #addModule(results, module) {
    // A file that cannot be loaded has no tests that could fail.
    for (const error of module.errors()) {
      results.failed += 1;
      results.failures.push(`${module.relativeModuleId}: ${error.message}`);
    }
    for (const test of module.children.allTests()) {
      const result = test.result();
      const name = `${module.relativeModuleId}: ${test.fullName}`;
      if (result.state === 'passed') {
        results.passed += 1;
      } else if (result.state === 'skipped') {
        results.skipped.push({ name, reason: result.note ?? '' });
      } else {
        results.failed += 1;
        results.failures.push(name);
      }
    }
  }
}
