// What the tools of the house know about the workspace: its packages, their entries and layers.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the whole workspace. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where the tarballs and what is unpacked from them go. */
export const packedFolder = join(root, '.packed');

/** The packages that may talk to the platform and depend on their siblings. */
const platformPackages = ['net', 'cli'];

/** The packages that exist for tests only. */
const testPackages = ['testkit'];

/**
 * The workspace packages below a folder, in alphabetical order.
 *
 * @param {'packages' | 'tools'} parent
 */
export function workspacePackages(parent) {
  const found = [];
  for (const name of readdirSync(join(root, parent)).sort()) {
    const folder = join(root, parent, name);
    const manifestFile = join(folder, 'package.json');
    if (!existsSync(manifestFile)) continue;
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
    const isPublic = manifest.private !== true;
    const isPure = !platformPackages.includes(name) && !testPackages.includes(name);
    found.push({ name: basename(folder), folder, manifest, isPublic, isPure });
  }
  return parent === 'packages' ? found : found.map((tool) => ({ ...tool, isPure: false }));
}

/** The packages that are published. */
export function publicPackages() {
  return workspacePackages('packages').filter((workspacePackage) => workspacePackage.isPublic);
}

/**
 * The code entries of a manifest: what it is imported as, its short name (`index` for `.`), and
 * its source file relative to the package.
 */
export function entriesOf(manifest) {
  const entries = [];
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    const file = typeof target === 'string' ? target : target.default;
    if (!file?.endsWith('.js')) continue;
    const name = subpath === '.' ? 'index' : subpath.slice('./'.length);
    const specifier = manifest.name + subpath.slice(1);
    const source = file.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts');
    entries.push({ name, specifier, source });
  }
  return entries;
}
