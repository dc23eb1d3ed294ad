import { expect, test } from 'vitest';
import { fileValidators } from '../src/file-validators.ts';
import type { EntryState } from '../src/served-folder.ts';

const NOW = Date.UTC(2026, 10, 23, 13, 20, 11, 123);
const YEAR_MS = 365 * 86_400_000;

const nanoseconds = (unixMs: number): bigint => BigInt(unixMs) * 1_000_000n;

const file: EntryState = {
  isFolder: false,
  sizeBytes: 1234,
  modifiedNs: nanoseconds(NOW - YEAR_MS),
  changedNs: nanoseconds(NOW - YEAR_MS) + 5n,
  inode: 42n,
};

const tagOf = (changes: Partial<EntryState> = {}, coding = 'identity', nowMs = NOW) =>
  fileValidators({ ...file, ...changes }, coding, nowMs).entityTag;

test('the entity tag is a strong one, and opaque', () => {
  expect(tagOf()).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
  // Neither the time of the response nor anything else of this process is in it.
  expect(tagOf({}, 'identity', NOW + YEAR_MS)).toBe(tagOf());
});

test('whatever changes, the entity tag is another one', () => {
  const tags = [
    tagOf(),
    tagOf({ sizeBytes: 1235 }),
    tagOf({ modifiedNs: file.modifiedNs + 1n }),
    tagOf({ changedNs: file.changedNs + 1n }),
    tagOf({ inode: 43n }),
    tagOf({}, 'gzip'),
    tagOf({}, 'br'),
    // Digits that move from one number to the next.
    tagOf({ inode: 421n, sizeBytes: 234 }),
  ];
  expect(new Set(tags).size).toBe(tags.length);
});

const SECOND = 1_000_000_000n;

test.each([
  // Changed so many milliseconds ago, modified so many, with a clock of whole seconds or not.
  ['long ago', YEAR_MS, YEAR_MS, false, false],
  ['a moment ago', 49, YEAR_MS, false, true],
  ['a little longer ago', 50, YEAR_MS, false, false],
  ['in the future, by a file server’s clock', -5000, YEAR_MS, false, true],
  ['long ago, as far as the system says', YEAR_MS, 0, false, true],
  ['long ago, and set to a time to come', YEAR_MS, -YEAR_MS, false, false],
  ['two seconds ago, on FAT', 2000, 2000, true, true],
  ['three seconds ago, on FAT', 3000, 3000, true, false],
])('a file changed %s', (_name, changedMs, modifiedMs, isCoarse, isWeak) => {
  const now = isCoarse ? NOW - 123 : NOW;
  const tag = tagOf(
    { changedNs: nanoseconds(now - changedMs), modifiedNs: nanoseconds(now - modifiedMs) },
    'identity',
    now,
  );
  if (isCoarse) expect(nanoseconds(now - changedMs) % SECOND).toBe(0n);
  expect(tag?.startsWith('W/')).toBe(isWeak);
});

test('a weak entity tag matches the strong one that follows', () => {
  const changed = { changedNs: nanoseconds(NOW) };
  expect(tagOf(changed)).toBe(`W/${tagOf(changed, 'identity', NOW + 5000)}`);
});

test.each([
  ['whole seconds', NOW - 60_000, NOW - 60_123],
  ['the present second', NOW, NOW - 123],
  ['not the future', NOW + YEAR_MS, NOW - 123],
  ['the time before 1970', -1, -1000],
])('Last-Modified is %s', (_name, modifiedMs, expected) => {
  const modifiedNs = nanoseconds(modifiedMs);
  expect(fileValidators({ ...file, modifiedNs }, 'identity', NOW).lastModifiedMs).toBe(expected);
});

test('a second is not over before its last nanosecond', () => {
  const modifiedNs = nanoseconds(NOW - 123 - 1000) + SECOND - 1n;
  const { lastModifiedMs } = fileValidators({ ...file, modifiedNs }, 'identity', NOW);
  expect(lastModifiedMs).toBe(NOW - 123 - 1000);
});

test('there is no Last-Modified for a time that HTTP cannot say', () => {
  const modifiedNs = nanoseconds(Date.UTC(-1, 0));
  expect(fileValidators({ ...file, modifiedNs }, 'identity', NOW).lastModifiedMs).toBe(null);
});
