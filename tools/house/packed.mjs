// Runs on the Node release under trial: imports every entry of one unpacked package, starts its
// commands with --help, and hands the modules to the package's own `test/packed.mjs`. Prints its
// counts as one line of JSON. Plain JavaScript for the oldest release that is supported.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [consumerFolder = '', taskText = ''] = process.argv.slice(2);
const task = JSON.parse(taskText);
const counts = { passed: 0, failed: 0, failures: [] };

/** As the consumer would resolve it: by the packed manifest's `exports`. */
const consumer = createRequire(pathToFileURL(join(consumerFolder, 'index.js')));

async function attempt(what, action) {
  try {
    const result = await action();
    counts.passed += 1;
    return result;
  } catch (error) {
    counts.failed += 1;
    counts.failures.push(`${what}: ${error.stack}`);
    return null;
  }
}

const modules = {};
for (const { name, specifier } of task.entries) {
  modules[name] = await attempt(`import ${specifier}`, async () => {
    const module = await import(pathToFileURL(consumer.resolve(specifier)).href);
    if (Object.keys(module).length === 0) throw new Error('exports nothing');
    return module;
  });
}
for (const file of task.commands) {
  await attempt(`${file} --help`, () => execFileSync(process.execPath, [file, '--help']));
}
if (task.tests !== null && counts.failed === 0) {
  const { run } = await import(pathToFileURL(task.tests).href);
  const { seed, runs, casesFolder } = task;
  const own = await run(modules, { seed, runs, casesFolder });
  counts.passed += own.passed;
  counts.failed += own.failed;
  counts.failures.push(...own.failures);
  if (own.passed === 0) {
    counts.failed += 1;
    counts.failures.push(`${task.tests} ran nothing`);
  }
}
process.stdout.write(`\n${JSON.stringify(counts)}\n`);
