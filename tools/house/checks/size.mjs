// Byte budgets: what an entry adds to somebody's bundle, minified and compressed by gzip, built
// from the packed tarball.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import filePlugin from '@size-limit/file';
import { build } from 'esbuild';
import sizeLimit from 'size-limit';
import { packedFolder, root } from '../workspace.mjs';
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
  const outfile = join(packedFolder, 'size', `${specifier.replaceAll('/', '-')}.js`);
  await bundle(specifier, outfile);
  const [{ size }] = await sizeLimit([filePlugin], { checks: [{ files: [outfile], gzip: true }] });
  const sentence = `${size} of ${bytesMax} bytes`;
  if (size > bytesMax) throw new Error(sentence);
  return sentence;
}

/** One check per budget. */
export function sizeChecks() {
  const budgets = JSON.parse(readFileSync(budgetsFile, 'utf8'));
  return budgets.map((budget) => ({
    name: `size ${budget.specifier}`,
    run: () => weigh(budget),
  }));
}
