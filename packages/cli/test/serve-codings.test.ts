import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command, endCommands } from './support/command.ts';
import { makeFolder, type TestFolder } from './support/folder.ts';
import { parseMultipart } from './support/multipart.ts';
import { RawClient } from './support/raw-client.ts';
import { settledTag } from './support/settled.ts';

const text = 'const answer = 42;\n'.repeat(500);
const gzipped = gzipSync(text);
const BROWSER = 'gzip, deflate, br, zstd';

let files: TestFolder;
let command: Command;
let client: RawClient;

beforeAll(async () => {
  files = await makeFolder();
  const place = (name: string, content: string | Buffer): void => {
    writeFileSync(join(files.site, name), content);
    utimesSync(join(files.site, name), 1_500_000_000, 1_500_000_000);
  };
  mkdirSync(join(files.site, 'built'));
  place('built/app.js', text);
  place('built/app.js.gz', gzipped);
  place('built/app.js.br', brotliCompressSync(text));
  place('built/index.html', '<h1>page');
  place('built/index.html.gz', gzipSync('<h1>page'));
  command = await Command.serve(files.site);
  client = await RawClient.open(command.port);
  await settledTag(client, '/built/app.js');
});

afterAll(async () => {
  client.close();
  await endCommands();
  files.remove();
});

const get = (fields: Record<string, string> = {}, target = '/built/app.js', method = 'GET') =>
  client.request(`${method} ${target}`, fields);

describe('a prebuilt file', () => {
  test('is sent to who takes it', async () => {
    const { status, fields, content } = await get({ 'Accept-Encoding': BROWSER });
    expect(status).toBe(200);
    expect(fields.get('content-encoding')).toBe('br');
    expect(fields.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(fields.get('last-modified')).toBe('Fri, 14 Jul 2017 02:40:00 GMT');
    expect(brotliDecompressSync(content).toString()).toBe(text);
    const other = await get({ 'Accept-Encoding': 'x-gzip, br;q=0.5' });
    expect(other.fields.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(other.content).toString()).toBe(text);
  });

  test('is not sent to who does not ask for it', async () => {
    for (const fields of [{}, { 'Accept-Encoding': '' }, { 'Accept-Encoding': 'deflate, zstd' }]) {
      const { fields: received, content } = await get(fields as Record<string, string>);
      expect(received.has('content-encoding')).toBe(false);
      expect(content.toString()).toBe(text);
    }
  });

  test('has fields for HEAD as for GET', async () => {
    const fields = { 'Accept-Encoding': BROWSER };
    const withoutDate = (head: string): string => head.replace(/^date: .*$/m, '');
    const got = await get(fields);
    expect(withoutDate((await get(fields, '/built/app.js', 'HEAD')).head)).toBe(
      withoutDate(got.head),
    );
  });

  test('has an entity tag of its own', async () => {
    const codings = ['identity', 'gzip', 'br'];
    const tags: string[] = [];
    for (const coding of codings) {
      tags.push((await get({ 'Accept-Encoding': coding })).fields.get('etag') ?? '');
    }
    expect(new Set(tags).size).toBe(3);
    for (const [index, coding] of codings.entries()) {
      const statuses: number[] = [];
      for (const tag of tags) {
        const fields = { 'Accept-Encoding': coding, 'If-None-Match': tag };
        statuses.push((await get(fields)).status);
      }
      expect(statuses).toEqual(tags.map((_, other) => (other === index ? 304 : 200)));
    }
  });

  test('has ranges of the bytes that are sent', async () => {
    const fields = { 'Accept-Encoding': 'gzip' };
    const { fields: first } = await get(fields);
    const range = { ...fields, Range: 'bytes=0-9', 'If-Range': first.get('etag') ?? '' };
    const one = await get(range);
    expect(one.fields.get('content-range')).toBe(`bytes 0-9/${gzipped.length}`);
    expect(one.content.equals(gzipped.subarray(0, 10))).toBe(true);
    const several = await get({ ...fields, Range: 'bytes=0-9,-8' });
    expect(several.fields.get('content-encoding')).toBe('gzip');
    const parts = parseMultipart(several.fields.get('content-type') ?? '', several.content);
    expect(parts[1]?.content.equals(gzipped.subarray(-8))).toBe(true);
    // What the one representation is continued with is not of another.
    expect((await get({ ...range, 'Accept-Encoding': 'identity' })).status).toBe(200);
  });

  test('is a file of its own, too', async () => {
    const { fields, content } = await get({ 'Accept-Encoding': BROWSER }, '/built/app.js.gz');
    expect(fields.get('content-type')).toBe('application/gzip');
    expect(fields.has('content-encoding')).toBe(false);
    expect(content.equals(gzipped)).toBe(true);
  });

  test('stands for the index of a folder', async () => {
    const { fields, content } = await get({ 'Accept-Encoding': BROWSER }, '/built/');
    expect(fields.get('content-encoding')).toBe('gzip');
    expect(fields.get('content-type')).toBe('text/html; charset=utf-8');
    expect(gunzipSync(content).toString()).toBe('<h1>page');
  });
});

test('a listing names prebuilt files as what they are', async () => {
  writeFileSync(join(files.site, 'docs', 'page.html.gz'), gzipSync('<p>page'));
  const { content } = await get({ 'Accept-Encoding': BROWSER }, '/docs/');
  const links = [...content.toString().matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href);
  expect(links).toEqual(['../', 'deep/', 'page.html', 'page.html.gz']);
});

test.each(['identity;q=0', '*;q=0', 'deflate, *;q=0', 'identity;q=0, zstd'])(
  'who takes nothing that there is (%s) is told what there is',
  async (acceptEncoding) => {
    const fields = { 'Accept-Encoding': acceptEncoding, 'If-None-Match': '*' };
    const { status, content } = await get(fields);
    expect(status).toBe(406);
    const links = [...content.toString().matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href);
    expect(links).toEqual(['app.js', 'app.js.br', 'app.js.gz']);
    expect((await get(fields, '/missing')).status).toBe(404);
    // A page is made for the request, in one coding, and sent in that.
    expect((await get({ 'Accept-Encoding': acceptEncoding }, '/docs/')).status).toBe(200);
  },
);

test('every response for a file says that the codings chose it', async () => {
  const statuses: number[] = [];
  for (const fields of [
    {},
    { 'Accept-Encoding': BROWSER },
    { Range: 'bytes=0-0' },
    { 'If-None-Match': '*' },
    { 'Accept-Encoding': 'identity;q=0' },
    { 'If-Match': '"x"' },
    { Range: 'bytes=900000-' },
  ]) {
    for (const target of ['/built/app.js', '/a.txt']) {
      const { status, fields: received } = await get(fields as Record<string, string>, target);
      expect([target, status, received.get('vary')]).toEqual([target, status, 'Accept-Encoding']);
      statuses.push(status);
    }
  }
  expect([...new Set(statuses)].sort()).toEqual([200, 206, 304, 406, 412, 416]);
});
