// Byte budgets: what an entry adds to somebody's bundle, minified and compressed by gzip, built
// from the packed tarball.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packedFolder, root } from '../workspace.mjs';
import { runCommand, toolCommand } from './command.mjs';
import { consumerFolder } from './pack.mjs';

const budgetsFile = join(root, 'tools', 'house', 'size-budgets.json');

/** Bundles everything that an entry exports, as the browser would get it. */
async function bundle(specifier, outfile) {
  await build({
    stdin: { contents: `export * from '${specifier}';`, resolveDir: consumerFolder },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'silent',
  });
}

/** Weighs one entry and resolves to a sentence about it; rejects when it is over its budget. */
async function weigh({ specifier, bytesMax }) {
  const folder = join(packedFolder, 'size', specifier.replaceAll('/', '-'));
  mkdirSync(folder, { recursive: true });
  await bundle(specifier, join(folder, 'bundle.js'));
  const limit = `${bytesMax} B`;
  const config = [{ name: specifier, path: 'bundle.js', limit, gzip: true, brotli: false }];
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(folder, '.size-limit.json'), JSON.stringify(config));
  const command = toolCommand('house', 'size-limit');
  const [result] = JSON.parse(await runCommand(command, ['--json'], { cwd: folder }));
  if (!result.passed) throw new Error(`${specifier}: ${result.size} bytes of ${bytesMax}`);
  return `${result.size} of ${bytesMax} bytes`;
}

/** One check per budget. */
export function sizeChecks() {
  const budgets = JSON.parse(readFileSync(budgetsFile, 'utf8'));
  return budgets.map((budget) => ({
    name: `size ${budget.specifier}`,
    run: () => weigh(budget),
  }));
}
