import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { undocumentedExportFindings } from '../tidy/exports.ts';
import {
  codesIn,
  faultTable,
  uncitedFaultFindings,
  unlistedFaultFindings,
} from '../tidy/faults.ts';
import { importDirectionFindings, importsOf, resolveImport } from '../tidy/imports.ts';
import {
  fileLinesMax,
  fileSizeFindings,
  functionSizeFindings,
  sourceLinesMax,
} from '../tidy/sizes.ts';
import type { Finding, Source } from '../tidy/source.ts';
import { textFindings } from '../tidy/texts.ts';
import { forbiddenWordFindings, textDecoderFindings } from '../tidy/words.ts';
import { filesBelow, readSource, readText } from '../tidy/workspace-files.ts';
import { entriesOf, root, workspacePackages } from '../workspace.mjs';

/** Entries named after a platform, which may look at it; they still depend on nothing. */
const platformFiles = new Set(['packages/timer-wheel/src/driver.ts']);
/** The same, where an entry has a folder and imports what the platform has. */
const platformFolder = /^packages\/(tls|websocket)\/src\/node\//;

const packages = workspacePackages('packages');
const allFiles = filesBelow('');
const codeFiles = allFiles.filter((file) => /\.(ts|mjs|js)$/.test(file));
const sourcesOf = (name: string): Source[] =>
  codeFiles.filter((file) => file.startsWith(`packages/${name}/src/`)).map(readSource);

/** So that a failing test prints one line per place, which an editor can follow. */
const listed = (findings: readonly Finding[]): string[] =>
  findings.map(({ file, line, message }) => `${file}:${line}: ${message}`);

/** Inlined copies are read where they come from. */
function findSource(file: string): Source | null {
  const original = file.replace(/^packages\/[^/]+\/src\/bytes\//, 'packages/bytes/src/');
  return existsSync(join(root, original)) ? readSource(original) : null;
}

/** The files that an entry pulls in, itself included. */
function closureOf(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = findSource(file);
  if (source === null) return seen;
  for (const { specifier } of importsOf(source)) {
    if (specifier.startsWith('.')) closureOf(resolveImport(file, specifier), seen);
  }
  return seen;
}

describe.each(packages)('packages/$name', ({ name, manifest, isPure, isPublic }) => {
  const sources = sourcesOf(name);

  test('has sources', () => {
    expect(sources).not.toEqual([]);
  });

  if (isPure) {
    test('is pure: no clock, promise, timer, platform', () => {
      const pure = sources.filter(
        ({ file }) => !platformFiles.has(file) && !platformFolder.test(file),
      );
      expect(listed(pure.flatMap(forbiddenWordFindings))).toEqual([]);
    });
  }

  test('decodes text as UTF-8 only', () => {
    expect(listed(sources.flatMap(textDecoderFindings))).toEqual([]);
  });

  test('imports downwards only', () => {
    const allowed = Object.keys(manifest.dependencies ?? {});
    const findings = sources.flatMap((source) =>
      importDirectionFindings(source, {
        isPure: isPure && !platformFolder.test(source.file),
        allowed,
      }),
    );
    expect(listed(findings)).toEqual([]);
  });

  test('keeps a file to one noun', () => {
    const findings = sources.flatMap((source) => fileSizeFindings(source, sourceLinesMax));
    expect(listed(findings)).toEqual([]);
  });

  test('keeps a function to one screen', () => {
    expect(listed(sources.flatMap(functionSizeFindings))).toEqual([]);
  });

  if (isPublic) {
    test('documents every export', () => {
      const findings = entriesOf(manifest).flatMap((entry) => {
        const source = findSource(`packages/${name}/${entry.source}`);
        if (source === null) throw new Error(`${entry.specifier} has no source ${entry.source}`);
        return undocumentedExportFindings(source, findSource);
      });
      expect([...new Set(listed(findings))]).toEqual([]);
    });
  }

  const entrySources = entriesOf(manifest).map((entry) => `packages/${name}/${entry.source}`);
  const client = entrySources.find((file) => file.endsWith('/client.ts'));
  const server = entrySources.find((file) => file.endsWith('/server.ts'));
  if (client !== undefined && server !== undefined) {
    test('keeps the roles apart', () => {
      expect([...closureOf(client)]).not.toContain(server);
      expect([...closureOf(server)]).not.toContain(client);
    });
  }

  const tables = sources.filter(({ file }) => /\/src\/(?:[a-z0-9-]+-)?faults\.ts$/.test(file));
  if (isPublic && tables.length > 0) {
    test('cites the RFC for every fault', async () => {
      const listedCodes = new Set<string>();
      for (const source of tables) {
        const table = faultTable(await import(join(root, source.file)));
        expect(table.size).toBeGreaterThan(0);
        expect(listed(uncitedFaultFindings(source.file, table))).toEqual([]);
        for (const code of [...table.keys(), ...codesIn(source)]) listedCodes.add(code);
      }
      // What callers do wrong has a list of its own, and the names of cipher suites only look like codes.
      const others = sources.filter(({ file }) => /\/(?:local-error|cipher-suite)\.ts$/.test(file));
      for (const code of others.flatMap(codesIn)) listedCodes.add(code);
      expect(
        listed(sources.flatMap((source) => unlistedFaultFindings(source, listedCodes))),
      ).toEqual([]);
    });
  }

  if (isPublic) {
    test('has the manifest of a published package', () => {
      expect(manifest).toMatchObject({
        license: 'MIT',
        type: 'module',
        engines: { node: '>=20.19' },
        description: expect.stringMatching(/^.{20,140}$/),
        exports: expect.objectContaining({ './package.json': './package.json' }),
      });
      if (name !== 'cli') expect(manifest.sideEffects).toBe(false);
      if (isPure) expect(manifest.dependencies).toBeUndefined();
      expect(existsSync(join(root, 'packages', name, 'README.md'))).toBe(true);
    });
  }
});

describe('the workspace', () => {
  test('keeps its tests and tools short too', () => {
    const others = codeFiles.filter((file) => !/^packages\/[^/]+\/src\//.test(file));
    const findings = others.flatMap((file) => fileSizeFindings(readSource(file), fileLinesMax));
    expect(listed(findings)).toEqual([]);
  });

  test('keeps the functions of its tools to one screen', () => {
    const tools = codeFiles.filter((file) => /^tools\//.test(file) && !/\.test\.ts$/.test(file));
    expect(listed(tools.map(readSource).flatMap(functionSizeFindings))).toEqual([]);
  });

  test('names no machine and leaves nothing unfinished', () => {
    const texts = allFiles.filter((file) =>
      /\.(md|ts|mjs|js|json|ya?ml|html|css|sh)$|\.ci\//.test(file),
    );
    const ours = texts.filter((file) => file !== 'pnpm-lock.yaml');
    expect(listed(ours.flatMap((file) => textFindings(file, readText(file))))).toEqual([]);
  });

  test('offers every package to the examples', () => {
    const house = workspacePackages('tools').find(({ name }) => name === 'house');
    const offered = Object.keys(house?.manifest.devDependencies ?? {});
    const wanted = packages.filter(({ isPublic }) => isPublic).map(({ manifest }) => manifest.name);
    expect(offered).toEqual(expect.arrayContaining(wanted));
  });
});
