import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ServedFolder } from '../src/served-folder.ts';
import { makeFolder, type TestFolder } from './support/folder.ts';

/** Of a client that stays. */
const unheard = new AbortController().signal;

let files: TestFolder;
let folder: ServedFolder;

beforeAll(async () => {
  files = await makeFolder();
  folder = await ServedFolder.at(files.site);
});

afterAll(() => files.remove());

async function read(...names: string[]): Promise<string | null> {
  const entry = await folder.open(names);
  if (entry === null) return null;
  try {
    return entry.isFolder ? 'a folder' : await entry.handle.readFile('utf8');
  } finally {
    await entry.handle.close();
  }
}

describe('what is opened', () => {
  test.each([
    [[], 'a folder'],
    [['docs'], 'a folder'],
    [['a.txt'], 'first\n'],
    [['docs', 'deep', 'data.json'], '{}'],
    [['stays.html'], '<p>page'],
    [['stays', 'page.html'], '<p>page'],
  ])('%j', async (names, content) => {
    expect(await read(...names)).toBe(content);
  });
});

describe('what is not', () => {
  test.each([
    [['missing']],
    [['a.txt', 'below-a-file']],
    [['leaves.txt']],
    [['leaves-absolute.txt']],
    [['leaves-folder']],
    [['leaves-folder', 'secret.txt']],
    [['to-hidden']],
    [['dangling']],
    [['loop']],
    [['fifo']],
    [['socket']],
    [['n'.repeat(300)]],
    [Array.from({ length: 3000 }, () => 'n')],
    // Names that the parser of paths refuses: this does not depend on it.
    [['..', 'secret.txt']],
    [['docs', '..', '..', 'secret.txt']],
    [['.env']],
    [['.git', 'config']],
    [['nul\0byte']],
  ])('%j', async (names) => {
    expect(await read(...names)).toBe(null);
  });

  test('a device', async (context) => {
    context.skip(process.platform === 'win32', 'needs /dev');
    const devices = await ServedFolder.at('/dev');
    expect(await devices.open(['null'])).toBe(null);
    expect(await devices.open(['zero'])).toBe(null);
  });
});

test('a link that keeps changing never leads outside', async () => {
  const path = join(files.site, 'flips.txt');
  const other = `${path}.new`;
  let flips = 0;
  let isOver = false;
  const flipping = (async () => {
    while (!isOver) {
      symlinkSync(flips % 2 === 0 ? '../secret.txt' : 'a.txt', other);
      renameSync(other, path);
      flips += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const answers = new Set<string | null>();
  // Until enough was tried, and both kinds of link were met.
  while (flips < 1000 || answers.size < 2) answers.add(await read('flips.txt'));
  isOver = true;
  await flipping;
  expect(answers).toEqual(new Set([null, 'first\n']));
});

test('the folder given may itself be a link', async () => {
  const link = join(files.outside, 'link-to-site');
  symlinkSync('site', link);
  const linked = await ServedFolder.at(link);
  const entry = await linked.open(['a.txt']);
  expect(await entry?.handle.readFile('utf8')).toBe('first\n');
  await entry?.handle.close();
});

test.each([
  ['missing', 'ENOENT'],
  ['secret.txt', 'ENOTDIR'],
])('%s cannot be served: %s', async (name, code) => {
  await expect(ServedFolder.at(join(files.outside, name))).rejects.toMatchObject({ code });
});

test('a listing has what would be served, and nothing else', async () => {
  const entry = await folder.open([]);
  if (entry === null) throw new Error('the folder is not there');
  const { entries, isCut } = await folder.list(entry, unheard);
  await entry.handle.close();
  expect(isCut).toBe(false);
  expect(
    entries
      .filter(({ isFolder }) => isFolder)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['docs', 'empty', 'stays', 'with-index']);
  const names = entries.filter(({ isFolder }) => !isFolder).map(({ name }) => name);
  expect(names.filter((name) => !name.startsWith('flips')).sort()).toEqual(
    ['a.txt', 'empty.css', 'grüße.txt', 'sp ace & "quo\'te" <b>.txt', 'stays.html'].sort(),
  );
  expect(entries.find(({ name }) => name === 'a.txt')?.sizeBytes).toBe(6);
});

test('a listing ends somewhere', async () => {
  mkdirSync(join(files.site, 'empty', 'many'));
  for (let index = 0; index < 5001; index++) {
    writeFileSync(join(files.site, 'empty', 'many', `${index}`), '');
  }
  const entry = await folder.open(['empty', 'many']);
  if (entry === null) throw new Error('the folder is not there');
  const { entries, isCut } = await folder.list(entry, unheard);
  await entry.handle.close();
  expect(entries).toHaveLength(5000);
  expect(isCut).toBe(true);
});

test('a listing that nobody waits for any more is cut', async () => {
  const entry = await folder.open([]);
  if (entry === null) throw new Error('the folder is not there');
  let asked = 0;
  const signal = {
    get aborted() {
      asked += 1;
      return asked > 3;
    },
  } as AbortSignal;
  const { entries, isCut } = await folder.list(entry, signal);
  await entry.handle.close();
  // Of those looked at, some may be nothing that is listed.
  expect([asked, entries.length <= 3, isCut]).toEqual([4, true, true]);
});

test('an opened file says what it is', async () => {
  const path = join(files.site, 'dated.txt');
  writeFileSync(path, 'four');
  utimesSync(path, 0, 1_000_000_000.5);
  const entry = await folder.open(['dated.txt']);
  if (entry === null) throw new Error('the file is not there');
  const stats = await entry.handle.stat({ bigint: true });
  await entry.handle.close();
  expect(entry).toMatchObject({
    isFolder: false,
    sizeBytes: 4,
    modifiedNs: 1_000_000_000_500_000_000n,
    changedNs: stats.ctimeNs,
    inode: stats.ino,
  });
});
