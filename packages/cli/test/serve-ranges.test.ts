import {
  closeSync,
  ftruncateSync,
  openSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command, endCommands } from './support/command.ts';
import { makeFolder, type TestFolder } from './support/folder.ts';
import { parseMultipart } from './support/multipart.ts';
import { RawClient } from './support/raw-client.ts';
import { settledTag } from './support/settled.ts';

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) & 0xff));
const HUGE_BYTES = 6 * 2 ** 30;

let files: TestFolder;
let command: Command;
let client: RawClient;

beforeAll(async () => {
  files = await makeFolder();
  writeFileSync(join(files.site, 'data.bin'), bytes);
  command = await Command.serve(files.site);
  client = await RawClient.open(command.port);
});

afterAll(async () => {
  client.close();
  await endCommands();
  files.remove();
});

describe('one range', () => {
  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=0-299999', 0, 299_999],
    ['bytes=0-', 0, 299_999],
    ['bytes=65535-131072', 65_535, 131_072],
    ['bytes=299999-', 299_999, 299_999],
    ['bytes=299990-900000', 299_990, 299_999],
    ['bytes=-1', 299_999, 299_999],
    ['bytes=-900000', 0, 299_999],
    // Of several, one is left.
    ['bytes=10-19,15-29', 10, 29],
    ['bytes=900000-,7-7', 7, 7],
  ])('%s', async (range, first, last) => {
    const { status, fields, content } = await client.request('GET /data.bin', { Range: range });
    expect(status).toBe(206);
    expect(fields.get('content-range')).toBe(`bytes ${first}-${last}/300000`);
    expect(fields.get('content-length')).toBe(String(last - first + 1));
    expect(fields.get('content-type')).toBe('application/octet-stream');
    expect(content.equals(bytes.subarray(first, last + 1))).toBe(true);
  });
});

describe('several ranges', () => {
  test.each([
    ['bytes=0-1,100000-250000,-2', ['0-1', '100000-250000', '299998-299999']],
    ['bytes=-2,0-1', ['299998-299999', '0-1']],
    ['bytes=0-9,20-29,5-14,900000-', ['0-14', '20-29']],
  ])('%s', async (range, expected) => {
    const { status, fields, content } = await client.request('GET /data.bin', { Range: range });
    expect(status).toBe(206);
    expect(fields.has('content-range')).toBe(false);
    const parts = parseMultipart(fields.get('content-type') ?? '', content);
    expect(parts.map(({ contentRange }) => contentRange)).toEqual(
      expected.map((positions) => `bytes ${positions}/300000`),
    );
    for (const { contentType, contentRange, content: part } of parts) {
      const [first, last] = contentRange.slice(6).split('/')[0]?.split('-').map(Number) ?? [];
      expect(contentType).toBe('application/octet-stream');
      expect(part.equals(bytes.subarray(first, (last ?? 0) + 1))).toBe(true);
    }
  });

  test('have another boundary each time', async () => {
    const types = new Set<string | undefined>();
    for (let index = 0; index < 3; index++) {
      const { fields } = await client.request('GET /data.bin', { Range: 'bytes=0-0,9-9' });
      types.add(fields.get('content-type'));
    }
    expect(types.size).toBe(3);
  });
});

test.each([
  ['bytes=300000-', '/data.bin', 300_000],
  ['bytes=-0', '/data.bin', 300_000],
  ['bytes=0-', '/empty.css', 0],
  ['bytes=0-0', '/empty.css', 0],
])('%s of %s is not satisfiable', async (range, path, size) => {
  const { status, fields, content } = await client.request(`GET ${path}`, { Range: range });
  expect(status).toBe(416);
  expect(fields.get('content-range')).toBe(`bytes */${size}`);
  expect(fields.has('etag')).toBe(false);
  expect(content.toString()).toContain('Range not satisfiable');
});

test.each([
  ['GET', '/data.bin', { Range: 'bytes=2-1' }],
  ['GET', '/data.bin', { Range: 'lines=0-1' }],
  ['GET', '/data.bin', { Range: 'bytes=0-1', 'If-Range': '"another"' }],
  ['GET', '/empty.css', { Range: 'bytes=-5' }],
  ['HEAD', '/data.bin', { Range: 'bytes=0-1' }],
  ['HEAD', '/data.bin', { Range: 'bytes=300000-' }],
  ['GET', '/docs/', { Range: 'bytes=0-1' }],
] as const)('%s %s is whole with %j', async (method, path, fields) => {
  const plain = await client.request(`${method} ${path}`);
  const ranged = await client.request(`${method} ${path}`, fields);
  expect(ranged.status).toBe(200);
  expect(ranged.content.equals(plain.content)).toBe(true);
  expect([...ranged.fields.keys()]).toEqual([...plain.fields.keys()]);
});

test('whoever could have ranges is told', async () => {
  for (const method of ['GET', 'HEAD']) {
    const { fields } = await client.request(`${method} /data.bin`);
    expect(fields.get('accept-ranges')).toBe('bytes');
  }
});

test('a download goes on where it was, unless the file has changed', async () => {
  const path = join(files.site, 'growing.bin');
  writeFileSync(path, 'first version');
  const etag = await settledTag(client, '/growing.bin');
  const fields = { Range: 'bytes=6-', 'If-Range': etag };
  const same = await client.request('GET /growing.bin', fields);
  expect([same.status, same.content.toString()]).toEqual([206, 'version']);
  expect(same.fields.get('etag')).toBe(etag);
  // The client has these already.
  for (const name of ['content-type', 'last-modified', 'content-encoding']) {
    expect(same.fields.has(name)).toBe(false);
  }
  writeFileSync(path, 'other version');
  const other = await client.request('GET /growing.bin', fields);
  expect([other.status, other.content.toString()]).toEqual([200, 'other version']);
});

test('a range may begin beyond 4 GiB', async () => {
  const path = join(files.site, 'huge.bin');
  const descriptor = openSync(path, 'w');
  ftruncateSync(descriptor, HUGE_BYTES);
  writeSync(descriptor, Buffer.from('far away'), 0, 8, 5 * 2 ** 30);
  closeSync(descriptor);
  const first = 5 * 2 ** 30;
  const range = `bytes=${first}-${first + 7},-3`;
  const { fields, content } = await client.request('GET /huge.bin', { Range: range });
  const parts = parseMultipart(fields.get('content-type') ?? '', content);
  expect(parts.map(({ contentRange }) => contentRange)).toEqual([
    `bytes ${first}-${first + 7}/${HUGE_BYTES}`,
    `bytes ${HUGE_BYTES - 3}-${HUGE_BYTES - 1}/${HUGE_BYTES}`,
  ]);
  expect(parts[0]?.content.toString()).toBe('far away');
  const head = await client.request('HEAD /huge.bin');
  expect(head.fields.get('content-length')).toBe(String(HUGE_BYTES));
});

test('two hundred ranges are the most, and no byte is sent twice', async () => {
  const ranges = (count: number): string =>
    `bytes=${Array.from({ length: count }, (_, index) => `${index * 2}-${index * 2}`).join()}`;
  const most = await client.request('GET /data.bin', { Range: ranges(200) });
  expect(parseMultipart(most.fields.get('content-type') ?? '', most.content)).toHaveLength(200);
  const more = await client.request('GET /data.bin', { Range: ranges(201) });
  expect([more.status, more.content.length]).toEqual([200, 300_000]);
  const again = await client.request('GET /data.bin', { Range: `bytes=${'0-,'.repeat(200)}` });
  expect([again.status, again.content.length]).toEqual([206, 300_000]);
});

test('to HTTP/1.0 a range is a range, too', async () => {
  const old = await RawClient.open(command.port);
  old.send('GET /data.bin HTTP/1.0\r\nRange: bytes=1-2\r\n\r\n');
  const { status, content } = await old.response();
  expect([status, content.equals(bytes.subarray(1, 3))]).toEqual([206, true]);
  await old.over();
  old.close();
});

test('a file that shrinks before its range is sent ends the connection', async () => {
  const path = join(files.site, 'shrinking.bin');
  const size = 32 * 1024 * 1024;
  writeFileSync(path, Buffer.alloc(size));
  const other = await RawClient.open(command.port);
  other.send(`GET /shrinking.bin HTTP/1.1\r\nHost: localhost\r\nRange: bytes=100-\r\n\r\n`);
  expect((await other.head()).fields.get('content-range')).toBe(`bytes 100-${size - 1}/${size}`);
  other.socket.pause();
  truncateSync(path, 1000);
  other.socket.resume();
  expect((await other.over()).length).toBeLessThan(size - 100);
  await command.line(/^holdline: the file shrank to \d+ of 33554432 bytes on #\d+\.1$/);
  other.close();
});
