import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileFaults, manifestFaults } from '../checks/tarball.mjs';

const goodManifest = {
  name: '@holdline/sample',
  type: 'module',
  sideEffects: false,
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
};

const goodFiles: Readonly<Record<string, string>> = {
  'package.json': '{}',
  'README.md': '# sample',
  LICENSE: 'MIT',
  'src/index.ts': "export { a } from './a.ts';",
  'dist/index.js': "export { a } from './a.js';",
  'dist/index.d.ts': "export { a } from './a.js';",
  'dist/index.js.map': '{ "sources": ["../src/index.ts"] }',
};

describe('an unpacked tarball', () => {
  let folder = '';
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  };
  const packed = (manifest: object) => ({ name: 'sample', manifest, folder, isPure: true });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdline-tarball-'));
    write(goodFiles);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is accepted when it is complete', () => {
    expect(manifestFaults(packed(goodManifest))).toEqual([]);
    expect(fileFaults(packed(goodManifest))).toEqual([]);
  });

  test.each([
    [{ scripts: {} }, 'the manifest has scripts'],
    [{ dependencies: {} }, 'the manifest has dependencies'],
    [{ devDependencies: { a: 'workspace:*' } }, 'the manifest says workspace:'],
    [{ type: 'commonjs' }, 'type is not module'],
    [{ sideEffects: true }, 'sideEffects is not false'],
    [{ exports: { './*': './dist/index.js' } }, 'the export ./* is not explicit'],
    [{ exports: { './a': './dist/a.js' } }, 'the export ./a lacks ./dist/a.js'],
    [{ bin: { sample: './dist/index.js' } }, 'does not start with #!/usr/bin/env node'],
  ])('with %j in its manifest is refused', (change, fault) => {
    const faults = manifestFaults(packed({ ...goodManifest, ...change }));
    expect(faults.join('\n')).toContain(fault);
  });

  test.each([
    ['dist/.tsbuildinfo', '{}', 'does not belong here'],
    ['test/a.test.ts', '', 'does not belong here'],
    ['src/a.ts', "import '@holdline/bytes';", 'says @holdline/bytes'],
    ['dist/a.d.ts', "export { a } from './b.ts';", 'imports a .ts file'],
    ['dist/a.js.map', '{ "sources": ["../src/gone.ts"] }', 'maps to no ../src/gone.ts'],
  ])('with %s is refused', (file, text, fault) => {
    write({ [file]: text });
    expect(fileFaults(packed(goodManifest))).toEqual([expect.stringContaining(fault)]);
  });

  test.each(['LICENSE', 'README.md', 'src/index.ts', 'dist/index.d.ts'])(
    'without %s is refused',
    (file) => {
      rmSync(join(folder, file));
      expect(fileFaults(packed(goodManifest))).toContain(`${file} is missing`);
    },
  );
});
