import { expect, test } from 'vitest';
import { listing } from '../src/listing.ts';
import type { FolderEntry } from '../src/served-folder.ts';

const file = (name: string, sizeBytes = 0, modifiedMs = 0): FolderEntry => ({
  name,
  isFolder: false,
  sizeBytes,
  modifiedMs,
});

const htmlOf = (names: string[], entries: FolderEntry[], isCut = false): string =>
  String(listing(names, { entries, isCut }).content);

test('folders come first, numbers in names count', () => {
  const folder = { ...file('z'), isFolder: true };
  const html = htmlOf([], [file('10.txt'), file('b'), file('9.txt'), folder, file('A')]);
  const links = [...html.matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href);
  expect(links).toEqual(['z/', '9.txt', '10.txt', 'A', 'b']);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [150_000, '146 KiB'],
  [1024 ** 2, '1.0 MiB'],
  [3 * 1024 ** 4, '3.0 TiB'],
  [5000 * 1024 ** 4, '5000 TiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(htmlOf([], [file('a', bytes)])).toContain(`<td>${text}</td>`);
});

test('times are in UTC, where there is one', () => {
  const modifiedMs = Date.UTC(2026, 10, 23, 13, 20, 59);
  expect(htmlOf([], [file('a', 0, modifiedMs)])).toContain('<td>2026-11-23 13:20</td>');
  expect(htmlOf([], [file('a', 0, Number.NaN)])).toContain('<td>0 B</td><td></td>');
});

test('names are links that mean these names and no more', () => {
  const html = htmlOf(
    ['a&b', '<i>'],
    [file('javascript:alert(1)'), file(`"'<>&?#%2f`), file('\u202egnp.exe')],
  );
  expect(html).toContain('<h1>/a&amp;b/&lt;i&gt;/</h1>');
  expect(html).toContain('<a href="javascript%3Aalert(1)">javascript:alert(1)</a>');
  expect(html).toContain(
    '<a href="%22&#39;%3C%3E%26%3F%23%252f">&quot;&#39;&lt;&gt;&amp;?#%2f</a>',
  );
  expect(html).toContain('>\\u{202e}gnp.exe</a>');
});

test('there is a way up, but not out', () => {
  expect(htmlOf(['a'], [])).toContain('href="../"');
  expect(htmlOf([], [])).not.toContain('../');
});

test('says how many there are', () => {
  expect(htmlOf([], [])).toContain('0 entries');
  expect(htmlOf([], [file('a')])).toContain('1 entry');
  expect(htmlOf([], [file('a'), file('b')], true)).toContain('The first 2 entries');
});
