// What a published tarball has to be: complete, explicit, self-contained.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { entriesOf } from '../workspace.mjs';
import { runCommand, workspaceCommand } from './command.mjs';

/** Every file below a folder, relative to it, with forward slashes. */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}

/** What is wrong with the manifest of an unpacked package. */
export function manifestFaults({ name, manifest, folder, isPure }) {
  const faults = [];
  const unwanted = ['scripts', 'devDependencies', 'packageManager'];
  if (isPure) unwanted.push('dependencies', 'peerDependencies', 'optionalDependencies');
  for (const key of unwanted) {
    if (manifest[key] !== undefined) faults.push(`the manifest has ${key}`);
  }
  if (JSON.stringify(manifest).includes('workspace:')) faults.push('the manifest says workspace:');
  if (manifest.type !== 'module') faults.push('type is not module');
  if (name !== 'cli' && manifest.sideEffects !== false) faults.push('sideEffects is not false');
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    if (subpath.includes('*')) faults.push(`the export ${subpath} is not explicit`);
    for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
      if (!existsSync(join(folder, file))) faults.push(`the export ${subpath} lacks ${file}`);
    }
  }
  for (const file of Object.values(manifest.bin ?? {})) {
    const path = join(folder, file);
    if (!existsSync(path)) faults.push(`the command ${file} is missing`);
    else if (!readFileSync(path, 'utf8').startsWith('#!/usr/bin/env node\n')) {
      faults.push(`the command ${file} does not start with #!/usr/bin/env node`);
    }
  }
  return faults;
}

/** What is wrong with the files of an unpacked package. */
export function fileFaults({ manifest, folder }) {
  const files = filesIn(folder);
  const faults = [];
  const wanted = ['package.json', 'README.md', 'LICENSE'];
  for (const { source } of entriesOf(manifest)) {
    const built = source.replace(/^src\//, 'dist/').replace(/\.ts$/, '');
    wanted.push(source, `${built}.js`, `${built}.d.ts`);
  }
  for (const file of wanted) {
    if (!files.includes(file)) faults.push(`${file} is missing`);
  }
  for (const file of files) {
    if (/\.tsbuildinfo$|\.test\.|^test\//.test(file)) faults.push(`${file} does not belong here`);
    faults.push(...textFaults(folder, file).map((fault) => `${file} ${fault}`));
  }
  return faults;
}

function textFaults(folder, file) {
  const text = readFileSync(join(folder, file), 'utf8');
  const faults = [];
  if (text.includes('@holdline/bytes')) faults.push('says @holdline/bytes, which is inlined');
  if (/\.(js|d\.ts)$/.test(file) && /(from|import\()\s*['"]\.[^'"]*\.ts['"]/.test(text)) {
    faults.push('imports a .ts file');
  }
  if (file.endsWith('.map')) {
    for (const source of JSON.parse(text).sources) {
      if (!existsSync(join(folder, dirname(file), source))) faults.push(`maps to no ${source}`);
    }
  }
  return faults;
}

/** The checks of one unpacked tarball. */
export function tarballChecks(packed) {
  const { name, tarball } = packed;
  const demandNothing = (faults) => {
    if (faults.length > 0) throw new Error(faults.join('\n'));
  };
  return [
    { name: `manifest ${name}`, run: async () => demandNothing(manifestFaults(packed)) },
    { name: `files ${name}`, run: async () => demandNothing(fileFaults(packed)) },
    {
      name: `publint ${name}`,
      run: () => runCommand(workspaceCommand('publint'), ['run', tarball, '--strict']),
    },
    ...(entriesOf(packed.manifest).length === 0
      ? []
      : [
          {
            name: `arethetypeswrong ${name}`,
            run: () => {
              const args = [tarball, '--profile', 'esm-only', '--no-emoji'];
              return runCommand(workspaceCommand('attw'), args);
            },
          },
        ]),
  ];
}
