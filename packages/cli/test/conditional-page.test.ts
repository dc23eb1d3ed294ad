import { expect, test } from 'vitest';
import { conditionalPage } from '../src/conditional-page.ts';
import { pageResponse } from '../src/page.ts';

const page = pageResponse(200, { title: 'a', body: 'b' });

const answer = (method: string, name: string, value: string) =>
  conditionalPage({ method, fields: [{ name, value }] }, page);

test('a page without validators has conditions all the same', () => {
  expect(answer('GET', 'if-none-match', '"a"')).toBe(page);
  expect(answer('GET', 'if-match', '*')).toBe(page);
  expect(answer('GET', 'if-modified-since', 'Sun, 06 Nov 1994 08:49:37 GMT')).toBe(page);
  expect(answer('GET', 'if-unmodified-since', 'Sun, 06 Nov 1994 08:49:37 GMT')).toBe(page);
  expect(answer('GET', 'if-match', '"a"').status).toBe(412);
});

test('not modified says what of a 200 it has to, and has no content', () => {
  expect(answer('HEAD', 'if-none-match', '*')).toEqual({
    status: 304,
    fields: [{ name: 'cache-control', value: 'no-store' }],
  });
});
