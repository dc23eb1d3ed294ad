import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { parseSource, type Source } from './source.ts';

/** What is made, fetched or copied, and so is not ours to tidy. */
const foreign = new Set([
  'node_modules',
  'dist',
  'coverage',
  'test-results',
  '.git',
  '.turbo',
  '.packed',
  '.snippets',
]);

/** Every file below a folder that a person wrote, relative to the workspace, in order. */
export function filesBelow(folder: string): string[] {
  const found: string[] = [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      const isInlined = /^packages\/[^/]+\/src\/bytes$/.test(file);
      if (!foreign.has(entry.name) && !isInlined) found.push(...filesBelow(file));
    } else if (entry.isFile()) {
      found.push(file);
    }
  }
  return found;
}

/** The text of a file, by its path relative to the workspace. */
export function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

const parsed = new Map<string, Source>();

/** The parsed file, by its path relative to the workspace. */
export function readSource(file: string): Source {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const source = parseSource(file, readText(file));
  parsed.set(file, source);
  return source;
}
