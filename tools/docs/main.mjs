// Writes the reference pages anew: `node tools/docs/main.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages } from './pages.mjs';
import { root } from './source.mjs';

for (const { file, make } of pages) {
  const target = join(root, file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, make());
  console.log(file);
}
