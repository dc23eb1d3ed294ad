import { renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command, endCommands } from './support/command.ts';
import { makeFolder, type TestFolder } from './support/folder.ts';
import { RawClient, type RawResponse } from './support/raw-client.ts';
import { settledTag } from './support/settled.ts';

const MODIFIED = 'Sun, 02 Feb 2020 03:04:05 GMT';

let files: TestFolder;
let command: Command;
let client: RawClient;

beforeAll(async () => {
  files = await makeFolder();
  const path = join(files.site, 'dated.txt');
  writeFileSync(path, 'content');
  utimesSync(path, 0, Date.parse(MODIFIED) / 1000 + 0.75);
  command = await Command.serve(files.site);
  client = await RawClient.open(command.port);
  await settledTag(client, '/dated.txt');
});

afterAll(async () => {
  client.close();
  await endCommands();
  files.remove();
});

async function tagOf(target: string): Promise<string> {
  return (await client.request(`HEAD ${target}`)).fields.get('etag') ?? '';
}

const ask = (fields: Record<string, string>, method = 'GET'): Promise<RawResponse> =>
  client.request(`${method} /dated.txt`, fields);

test('a response says what tells this state of the file from others', async () => {
  const { fields } = await client.request('GET /dated.txt');
  expect(fields.get('etag')).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
  expect(fields.get('last-modified')).toBe(MODIFIED);
});

describe.each(['GET', 'HEAD'])('%s', (method) => {
  test('is not answered with what the client has', async () => {
    const etag = await tagOf('/dated.txt');
    for (const fields of [
      { 'If-None-Match': etag },
      { 'If-None-Match': `"other", W/${etag}` },
      { 'If-None-Match': '*' },
      { 'If-Modified-Since': MODIFIED },
      { 'If-Modified-Since': 'Sunday, 02-Feb-20 03:04:05 GMT' },
      { 'If-Modified-Since': 'Sun Feb  2 03:04:05 2020' },
      { 'If-Modified-Since': 'Tue, 04 Feb 2020 00:00:00 GMT' },
      { 'If-None-Match': etag, 'If-Modified-Since': 'Sat, 01 Feb 2020 00:00:00 GMT' },
      { 'If-None-Match': etag, Range: 'bytes=0-1', 'If-Range': etag },
    ]) {
      const { status, fields: received, content } = await ask(fields, method);
      expect([fields, status]).toEqual([fields, 304]);
      expect(content.length).toBe(0);
      const names = [...received.keys()].filter((name) => !/connection|keep-alive/.test(name));
      expect(names.sort()).toEqual(['cache-control', 'date', 'etag', 'vary']);
      expect(received.get('etag')).toBe(etag);
    }
  });

  test('is performed where a condition holds, or is none', async () => {
    const etag = await tagOf('/dated.txt');
    for (const fields of [
      { 'If-None-Match': '"other"' },
      { 'If-None-Match': '"other"', 'If-Modified-Since': MODIFIED },
      { 'If-Modified-Since': 'Sun, 02 Feb 2020 03:04:04 GMT' },
      { 'If-Modified-Since': 'Sun, 02 Feb 2020 03:04:05 UTC' },
      { 'If-Modified-Since': `${MODIFIED}, ${MODIFIED}` },
      { 'If-Match': `"other", ${etag}` },
      { 'If-Match': '*' },
      { 'If-Match': etag, 'If-Unmodified-Since': 'Sat, 01 Feb 2020 00:00:00 GMT' },
      { 'If-Unmodified-Since': MODIFIED },
      { 'If-Unmodified-Since': 'yesterday' },
      { 'If-Range': '"other"' },
    ]) {
      const { status, fields: received } = await ask(fields, method);
      expect([fields, status]).toEqual([fields, 200]);
      expect(received.get('content-length')).toBe('7');
    }
  });

  test('is refused where a condition fails', async () => {
    const etag = await tagOf('/dated.txt');
    for (const fields of [
      { 'If-Match': '"other"' },
      { 'If-Match': `W/${etag}` },
      { 'If-Match': '"other"', 'If-None-Match': etag },
      { 'If-Unmodified-Since': 'Sun, 02 Feb 2020 03:04:04 GMT' },
    ]) {
      const { status, fields: received } = await ask(fields, method);
      expect([fields, status]).toEqual([fields, 412]);
      expect(received.get('vary')).toBe('Accept-Encoding');
    }
  });
});

test.each([
  ['/missing', 404],
  ['/docs', 301],
  ['/..', 400],
])('what %s is answered without conditions, it is with them', async (target, status) => {
  for (const fields of [{ 'If-None-Match': '*' }, { 'If-Match': '"x"' }]) {
    expect((await client.request(`GET ${target}`, fields)).status).toBe(status);
  }
});

test('methods that are not performed have no conditions', async () => {
  for (const [method, status] of [
    ['PUT', 405],
    ['OPTIONS', 204],
  ] as const) {
    const fields = { 'If-Match': '"x"', 'If-None-Match': '*' };
    expect((await client.request(`${method} /dated.txt`, fields)).status).toBe(status);
  }
});

test('a listing and the built-in page have conditions, though nothing to compare with', async () => {
  const { port } = await Command.serve();
  const page = await RawClient.open(port);
  for (const [asked, target] of [
    [client, '/docs/'],
    [page, '/'],
  ] as const) {
    const statusOf = async (fields: Record<string, string>): Promise<number> =>
      (await asked.request(`GET ${target}`, fields)).status;
    expect(await statusOf({ 'If-None-Match': '"a"', 'If-Modified-Since': MODIFIED })).toBe(200);
    expect(await statusOf({ 'If-None-Match': '*' })).toBe(304);
    expect(await statusOf({ 'If-Match': '"a"' })).toBe(412);
  }
  page.close();
});

test('each state of a file has an entity tag of its own, though times and sizes be set back', async () => {
  const path = join(files.site, 'states.txt');
  const past = Date.parse(MODIFIED) / 1000;
  const tags: string[] = [];
  const see = async (): Promise<void> => {
    tags.push((await tagOf('/states.txt')).replace(/^W\//, ''));
  };
  const place = (name: string, text: string): void => {
    writeFileSync(join(files.site, name), text);
    utimesSync(join(files.site, name), past, past);
  };
  place('states.txt', 'one');
  await see();
  place('states.txt', 'two');
  await see();
  place('states.new', 'six');
  renameSync(join(files.site, 'states.new'), path);
  await see();
  place('target.txt', 'ten');
  rmSync(path);
  symlinkSync('target.txt', path);
  await see();
  expect(new Set(tags).size).toBe(4);
});

test('the entity tag of a file that has just been written is a weak one', async () => {
  const path = join(files.site, 'fresh.txt');
  // Until a response is quick enough, whatever else this machine does.
  await expect
    .poll(
      async () => {
        writeFileSync(path, 'fresh');
        return tagOf('/fresh.txt');
      },
      { interval: 1, timeout: 30_000 },
    )
    .toMatch(/^W\/"/);
});

test('the file of a folder has conditions, too', async () => {
  const etag = await tagOf('/with-index/');
  expect(etag).toBe(await tagOf('/with-index/index.html'));
  const { status } = await client.request('GET /with-index/', { 'If-None-Match': etag });
  expect(status).toBe(304);
});
