import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileContent } from '../src/file-content.ts';

const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) & 0xff));

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
  for await (const piece of new FileContent(handle, bytes.length)) pieces.push(piece);
  expect(pieces.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 3392]);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  // Each has memory of its own: it is sent after the next one was read.
  expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(4);
  expect(isClosed()).toBe(true);
});

test('a file that grows meanwhile is sent as long as it was', async () => {
  appendFileSync(path, 'more');
  const pieces: Uint8Array[] = [];
  for await (const piece of new FileContent(handle, bytes.length)) pieces.push(piece);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
});

test('a file that shrinks meanwhile is an error', async () => {
  const content = new FileContent(handle, bytes.length);
  await content.next();
  truncateSync(path, 70_000);
  expect((await content.next()).value).toHaveLength(70_000 - 65_536);
  await expect(content.next()).rejects.toThrow('shrank to 70000 of 200000 bytes');
  await content.return();
  expect(isClosed()).toBe(true);
});

test('an empty file ends at once', async () => {
  expect((await new FileContent(handle, 0).next()).done).toBe(true);
  expect(isClosed()).toBe(true);
});

test('who wants no more closes the file, more than once if need be', async () => {
  const content = new FileContent(handle, bytes.length);
  await content.next();
  content.destroy();
  await content.return();
  expect(isClosed()).toBe(true);
  expect((await content.next()).done).toBe(true);
});
