// The packed tarballs on every runtime: `packages/NAME/test/packed.mjs` runs the case files, a seeded
// sample of the properties and the features of the platform, without any test framework.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { launchers } from '../../platforms/launchers.mjs';
import { packedFolder, root } from '../workspace.mjs';
import { chromiumChecks } from './chromium.mjs';
import { runCommand } from './command.mjs';
import { consumerFolder } from './pack.mjs';
import { judge, taskOf } from './packed-task.mjs';

const runner = join(root, 'tools', 'house', 'packed.mjs');

/**
 * Runs one package on one runtime and resolves to its counts. Modules are tried by a process of the
 * runtime; what is but a command is started there and looked at from outside, by this Node.
 */
async function runPacked(launcher, one) {
  const task = taskOf(one, launcher.words);
  const taskFile = join(packedFolder, `${one.name} on ${launcher.name}.json`);
  writeFileSync(taskFile, JSON.stringify(task));
  const [command, ...words] = task.entries.length > 0 ? launcher.words : [process.execPath];
  const args = [...words, runner, consumerFolder, taskFile];
  const stdout = await runCommand(command, args, { cwd: consumerFolder, timeoutMs: 240_000 });
  return judge(one, launcher.name, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

/** One check per runtime and package. */
export function runtimeChecks(packed) {
  const checks = launchers.flatMap((launcher) => {
    const isThere = existsSync(launcher.words[0]);
    const skipped = `${launcher.name} is not there (${process.platform} ${process.arch})`;
    return packed.map((one) => ({
      name: `packed ${one.name} on ${launcher.name}`,
      sideBySide: true,
      run: async () => (isThere ? runPacked(launcher, one) : { skipped }),
    }));
  });
  return [...checks, ...chromiumChecks(packed.filter(({ isPure }) => isPure))];
}
