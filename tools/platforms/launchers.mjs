// The runtimes that the published packages promise to run on, as this package installs them.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const { optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** A runtime that is installed as `alias`; its binary may be missing on this kind of machine. */
function launcher(name, alias, file, ...words) {
  const specifier = optionalDependencies[alias];
  const version = specifier.slice(specifier.lastIndexOf('@') + 1);
  return { name, version, words: [join(folder, 'node_modules', alias, file), ...words] };
}

/** By `name` as the tables call them: the exact `version`, and the `words` that start a file. */
export const launchers = [
  launcher('Node 20', 'node-20', 'bin/node'),
  launcher('Node 22', 'node-22', 'bin/node'),
  launcher('Node 24', 'node-24', 'bin/node'),
  launcher('Node 26', 'node-26', 'bin/node'),
  launcher('Bun', 'bun', 'bin/bun'),
  // As with npm: nothing is fetched, and packages are looked up in `node_modules`.
  launcher('Deno', 'deno', 'deno', 'run', '-A', '--no-remote', '--node-modules-dir=manual'),
];
