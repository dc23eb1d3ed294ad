import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PrebuiltFiles } from '../src/prebuilt-files.ts';
import { type OpenedEntry, ServedFolder } from '../src/served-folder.ts';

let outside: string;
let folder: ServedFolder;
let original: OpenedEntry;
let faults: unknown[];

const place = (name: string, modified = 1_000_000_000): void => {
  const path = join(outside, 'site', name);
  writeFileSync(path, name);
  utimesSync(path, modified, modified);
};

beforeEach(async () => {
  outside = mkdtempSync(join(tmpdir(), 'holdline-'));
  mkdirSync(join(outside, 'site'));
  place('app.js');
  folder = await ServedFolder.at(join(outside, 'site'));
  faults = [];
});

afterEach(() => rmSync(outside, { recursive: true, force: true }));

async function select(acceptEncoding: string | null): Promise<string | null> {
  original = (await folder.open(['app.js'])) as OpenedEntry;
  const prebuilt = new PrebuiltFiles(folder, ['app.js'], original, (error) => faults.push(error));
  const chosen = await prebuilt.select(acceptEncoding);
  const content = (await chosen?.file.handle.readFile('utf8')) ?? null;
  await chosen?.file.handle.close();
  if (chosen?.file !== original) await original.handle.close();
  return chosen === null ? null : `${chosen.coding}: ${content}`;
}

const ALL = 'gzip, deflate, br, zstd';

test('the original where there is nothing else', async () => {
  expect(await select(ALL)).toBe('identity: app.js');
  expect(await select('gzip, identity;q=0')).toBe(null);
});

test('what the client prefers of those that there are', async () => {
  for (const name of ['app.js.br', 'app.js.zst', 'app.js.gz']) place(name);
  expect(await select(ALL)).toBe('br: app.js.br');
  expect(await select('br;q=0.1, zstd;q=0.9, gzip')).toBe('gzip: app.js.gz');
  expect(await select('zstd')).toBe('zstd: app.js.zst');
  expect(await select('x-gzip')).toBe('gzip: app.js.gz');
  expect(await select('deflate')).toBe('identity: app.js');
  expect(await select(null)).toBe('identity: app.js');
  rmSync(join(outside, 'site', 'app.js.br'));
  expect(await select(ALL)).toBe('zstd: app.js.zst');
});

test('not one that is older than the original, by whole seconds', async () => {
  place('app.js', 1_000_000_000.9);
  place('app.js.gz', 1_000_000_000);
  expect(await select('gzip')).toBe('gzip: app.js.gz');
  place('app.js.gz', 999_999_999.9);
  expect(await select('gzip')).toBe('identity: app.js');
  place('app.js.gz', 2_000_000_000);
  expect(await select('gzip')).toBe('gzip: app.js.gz');
});

test('not one without an original', async () => {
  place('other.js.gz');
  expect(await folder.open(['other.js'])).toBe(null);
});

test('nothing that would not be served itself', async () => {
  writeFileSync(join(outside, 'secret.gz'), 'secret');
  symlinkSync('../secret.gz', join(outside, 'site', 'app.js.gz'));
  symlinkSync('nowhere', join(outside, 'site', 'app.js.zst'));
  mkdirSync(join(outside, 'site', 'app.js.br'));
  expect(await select(ALL)).toBe('identity: app.js');
  expect(faults).toEqual([]);
});

test('one that cannot be opened is reported and done without', async () => {
  const failing = {
    open: (names: readonly string[]) => Promise.reject(new Error(names.join('/'))),
  } as unknown as ServedFolder;
  original = (await folder.open(['app.js'])) as OpenedEntry;
  const names = ['sub', 'app.js'];
  const prebuilt = new PrebuiltFiles(failing, names, original, (error) => faults.push(error));
  expect(await prebuilt.select('gzip')).toEqual({ file: original, coding: 'identity' });
  await original.handle.close();
  expect(faults).toEqual([new Error('sub/app.js.gz')]);
});

test('their names, for a client that takes none of them', async () => {
  place('app.js.gz');
  place('app.js.br');
  place('app.js.zst', 1);
  original = (await folder.open(['app.js'])) as OpenedEntry;
  const prebuilt = new PrebuiltFiles(folder, ['app.js'], original, (error) => faults.push(error));
  expect(await prebuilt.fileNames()).toEqual(['app.js.br', 'app.js.gz']);
  await original.handle.close();
});
