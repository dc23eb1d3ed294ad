import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileContent } from '../src/file-content.ts';

const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) & 0xff));

const whole = [{ first: 0, last: bytes.length - 1 }];

let folder: string;
let path: string;
let handle: FileHandle;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  path = join(folder, 'file');
  writeFileSync(path, bytes);
  handle = await open(path);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A closed handle has no descriptor any more. */
const isClosed = (): boolean => handle.fd === -1;

test('comes in pieces of 64 KiB, and the file is closed behind them', async () => {
  const pieces: Uint8Array[] = [];
  for await (const piece of new FileContent(handle, whole)) pieces.push(piece);
  expect(pieces.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 3392]);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  // Each has memory of its own: it is sent after the next one was read.
  expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(4);
  expect(isClosed()).toBe(true);
});

test('a file that grows meanwhile is sent as long as it was', async () => {
  appendFileSync(path, 'more');
  const pieces: Uint8Array[] = [];
  for await (const piece of new FileContent(handle, whole)) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
});

test('a file that shrinks meanwhile is an error', async () => {
  const content = new FileContent(handle, whole);
  await content.next();
  truncateSync(path, 70_000);
  expect((await content.next()).value).toHaveLength(70_000 - 65_536);
  await expect(content.next()).rejects.toThrow('shrank to 70000 of 200000 bytes');
  await content.return();
  expect(isClosed()).toBe(true);
});

test('ranges come in their order, with what stands between them', async () => {
  const parts = [
    Buffer.from('<'),
    { first: 100_000, last: 199_999 },
    Buffer.from('|'),
    { first: 7, last: 7 },
    { first: 0, last: 2 },
    Buffer.from('>'),
  ];
  const pieces: Uint8Array[] = [];
  for await (const piece of new FileContent(handle, parts)) pieces.push(piece);
  expect(pieces.map(({ length }) => length)).toEqual([1, 65_536, 34_464, 1, 1, 3, 1]);
  const expected = [
    Buffer.from('<'),
    bytes.subarray(100_000),
    Buffer.from('|'),
    bytes.subarray(7, 8),
    bytes.subarray(0, 3),
    Buffer.from('>'),
  ];
  expect(Buffer.concat(pieces).equals(Buffer.concat(expected))).toBe(true);
  expect(isClosed()).toBe(true);
});

test('a file that shrinks before a range is an error', async () => {
  const content = new FileContent(handle, [{ first: 150_000, last: 150_009 }]);
  truncateSync(path, 150_000);
  await expect(content.next()).rejects.toThrow('shrank to 150000 of 150010 bytes');
  await content.return();
});

test('an empty file ends at once', async () => {
  expect((await new FileContent(handle, []).next()).done).toBe(true);
  expect(isClosed()).toBe(true);
});

test('who wants no more closes the file, more than once if need be', async () => {
  const content = new FileContent(handle, whole);
  await content.next();
  content.destroy();
  await content.return();
  expect(isClosed()).toBe(true);
  expect((await content.next()).done).toBe(true);
});

test('who wants no more gets none of the parts that need no file', async () => {
  const content = new FileContent(handle, [Buffer.from('a'), Buffer.from('b')]);
  expect((await content.next()).value).toEqual(Buffer.from('a'));
  content.destroy();
  expect((await content.next()).done).toBe(true);
});
