// Builds the package in the current folder: inlines the parts of `bytes` that it imports, compiles
// with tsc, its pages for browsers too, and makes the emitted declarations importable without
// `allowImportingTsExtensions`.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bytesSource = join(root, 'packages', 'bytes', 'src');
const packageFolder = process.cwd();
const target = join(packageFolder, 'src', 'bytes');

/** The names of the `bytes` files that a source file imports, by relative path. */
function importedBytes(file) {
  const text = readFileSync(file, 'utf8');
  const inOwnFolder = dirname(file) === target || dirname(file) === bytesSource;
  const pattern = inOwnFolder
    ? /from '\.\/([a-z0-9-]+\.ts)'/g
    : /from '(?:\.{1,2}\/)+bytes\/([a-z0-9-]+\.ts)'/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function inlineBytes() {
  const own = globSync('src/**/*.ts', { cwd: packageFolder })
    .map((name) => join(packageFolder, name))
    .filter((file) => dirname(file) !== target);
  const wanted = new Set();
  const queue = own.flatMap(importedBytes);
  while (queue.length > 0) {
    const name = queue.pop();
    if (wanted.has(name)) continue;
    const source = join(bytesSource, name);
    if (!existsSync(source))
      throw new Error(`${basename(packageFolder)} imports bytes/${name}, which does not exist`);
    wanted.add(name);
    queue.push(...importedBytes(source));
  }
  rmSync(target, { recursive: true, force: true });
  if (wanted.size === 0) return;
  mkdirSync(target, { recursive: true });
  for (const name of wanted) copyFileSync(join(bytesSource, name), join(target, name));
}

function compile(project) {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const result = spawnSync(tsc, ['-p', project], { cwd: packageFolder, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** A folder with a `tsconfig.json` of its own is a page for browsers: its other files go with it. */
function buildPages() {
  for (const project of globSync('src/**/tsconfig.json', { cwd: packageFolder })) {
    compile(project);
    for (const name of globSync('*.{html,css}', { cwd: join(packageFolder, dirname(project)) })) {
      const file = join(dirname(project), name);
      copyFileSync(join(packageFolder, file), join(packageFolder, file.replace(/^src/, 'dist')));
    }
  }
}

/** `from './x.ts'` in a declaration would ask every consumer for `allowImportingTsExtensions`. */
function rewriteDeclarations() {
  for (const name of globSync('dist/**/*.d.ts', { cwd: packageFolder })) {
    const file = join(packageFolder, name);
    const text = readFileSync(file, 'utf8');
    const rewritten = text.replace(
      /((?:from|import\()\s*['"]\.{1,2}\/[^'"]+)\.ts(['"])/g,
      '$1.js$2',
    );
    if (rewritten !== text) writeFileSync(file, rewritten);
  }
}

inlineBytes();
rmSync(join(packageFolder, 'dist'), { recursive: true, force: true });
compile('tsconfig.json');
buildPages();
rewriteDeclarations();
