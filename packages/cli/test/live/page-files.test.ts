import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PageFiles } from '../../src/live/page-files.ts';
import { PAGE_STYLE } from '../../src/page.ts';
import type { ConditionalRequest } from '../../src/semantics/preconditions.ts';

let folder: string;
let files: PageFiles;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  writeFileSync(join(folder, 'index.html'), '<h1>page');
  writeFileSync(join(folder, 'live.css'), '.own {}');
  writeFileSync(join(folder, 'main.js'), 'run();');
  writeFileSync(join(folder, 'main.ts'), 'run() as void;');
  files = new PageFiles(pathToFileURL(`${folder}/`));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const request = (ifNoneMatch?: string): ConditionalRequest => ({
  method: 'GET',
  fields: ifNoneMatch === undefined ? [] : [{ name: 'if-none-match', value: ifNoneMatch }],
});

const text = (content: unknown): string => Buffer.from(content as Uint8Array).toString();

test('the page is for whom adds its policy', () => {
  expect(text(files.index)).toBe('<h1>page');
  expect(files.response('index.html', request())).toBeNull();
});

test.each(['main.ts', 'absent.js', '../page.ts', '', 'constructor'])('no %j', (name) => {
  expect(files.response(name, request())).toBeNull();
});

test('the style sheet begins with the look of all pages', () => {
  const response = files.response('live.css', request());
  expect(text(response?.content)).toBe(`${PAGE_STYLE}.own {}`);
  expect(response?.fields).toContainEqual({
    name: 'content-type',
    value: 'text/css; charset=utf-8',
  });
});

test('what is known is not sent again', () => {
  const response = files.response('main.js', request());
  expect(response).toMatchObject({ status: 200 });
  expect(text(response?.content)).toBe('run();');
  const tag = response?.fields?.find(({ name }) => name === 'etag')?.value ?? '';
  expect(tag).toMatch(/^"[\w-]{22}"$/);
  expect(files.response('main.js', request(`"other", ${tag}`))).toEqual({
    status: 304,
    fields: response?.fields?.filter(({ name }) => name !== 'content-type'),
  });
  expect(files.response('main.js', request('"other"'))).toMatchObject({ status: 200 });
});
