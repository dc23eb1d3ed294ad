import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  chooseContainment,
  containmentByDescriptor,
  containmentByIdentity,
  liesInside,
} from '../src/containment.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdline-')));
  mkdirSync(join(folder, 'site'));
  writeFileSync(join(folder, 'site', 'inside'), '');
  writeFileSync(join(folder, 'outside'), '');
  symlinkSync('../outside', join(folder, 'site', 'link'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ways = {
  byIdentity: containmentByIdentity,
  ...(process.platform === 'linux' && { byDescriptor: containmentByDescriptor }),
};

describe.each(Object.entries(ways))('%s', (name, containment) => {
  test('an open file is where its links lead', async () => {
    const path = join(folder, 'site', 'link');
    const handle = await open(path);
    expect(await containment.truePath(handle, path)).toBe(join(folder, 'outside'));
    await handle.close();
  });

  test('a link that is replaced once it was followed does not pass for what replaced it', async () => {
    const path = join(folder, 'site', 'link');
    const handle = await open(path);
    // Now an honest file lies where the link was.
    renameSync(join(folder, 'site', 'inside'), path);
    const truePath = await containment.truePath(handle, path);
    expect(truePath).toBe(name === 'byIdentity' ? null : join(folder, 'outside'));
    await handle.close();
  });
});

test('on Linux the kernel is asked', async (context) => {
  context.skip(process.platform !== 'linux', 'needs Linux');
  const handle = await open(folder);
  expect(await chooseContainment(handle)).toBe(containmentByDescriptor);
  await handle.close();
});

test.each([
  ['/site', true],
  ['/site/a', true],
  ['/site/a/b.c', true],
  ['/site-secret/a', false],
  ['/sit', false],
  ['/', false],
  ['/other/site/a', false],
  ['/site/.git', false],
  ['/site/a/.b/c', false],
  // What Linux says of a path that cannot be reached from here.
  ['(unreachable)/site/a', false],
])('%s lies inside /site: %s', (path, expected) => {
  expect(liesInside(path, '/site', '/')).toBe(expected);
});

test('the root and hidden folders above can be served', () => {
  expect(liesInside('/a', '/', '/')).toBe(true);
  expect(liesInside('/.git', '/', '/')).toBe(false);
  expect(liesInside('/srv/.site/a', '/srv/.site', '/')).toBe(true);
  expect(liesInside('C:\\site\\a', 'C:\\site', '\\')).toBe(true);
});
