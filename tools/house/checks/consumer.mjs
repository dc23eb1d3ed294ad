// The strict consumer: a project without any platform types and without `skipLibCheck`, which
// imports every entry of the pure packages from the unpacked tarballs, compiled by TypeScript old
// and new. It fails when a declaration leans on a global that the consumer may not have.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { entriesOf, root } from '../workspace.mjs';
import { runCommand } from './command.mjs';
import { consumerFolder } from './pack.mjs';

const compilers = [
  join(root, 'tools', 'platforms', 'node_modules', 'typescript-5.4'),
  join(root, 'tools', 'platforms', 'node_modules', 'typescript-5.9'),
  join(root, 'node_modules', 'typescript'),
];

function writeProject(packed) {
  const specifiers = packed
    .filter(({ isPure }) => isPure)
    .flatMap(({ manifest }) => entriesOf(manifest))
    .map(({ specifier }) => specifier);
  const lines = specifiers.map(
    (specifier, index) => `import * as entry${index} from '${specifier}';\nvoid entry${index};\n`,
  );
  writeFileSync(join(consumerFolder, 'index.ts'), lines.join(''));
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['es2022'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const tsconfig = { compilerOptions, files: ['index.ts'] };
  writeFileSync(join(consumerFolder, 'tsconfig.json'), JSON.stringify(tsconfig));
  return specifiers.length;
}

/** One check per compiler. */
export function consumerChecks(packed) {
  return compilers.map((compiler) => {
    const { version } = JSON.parse(readFileSync(join(compiler, 'package.json'), 'utf8'));
    return {
      name: `strict consumer, TypeScript ${version}`,
      run: async () => {
        const count = writeProject(packed);
        const args = [join(compiler, 'bin', 'tsc'), '-p', consumerFolder];
        await runCommand(process.execPath, args, { cwd: consumerFolder });
        return `${count} entries`;
      },
    };
  });
}
