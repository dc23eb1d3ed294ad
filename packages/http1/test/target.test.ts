import { expect, test } from 'vitest';
import { TARGET, URL_TARGET } from '../src/grammar.ts';
import { parseTarget } from '../src/target.ts';

// RFC 9112 section 3.2: the forms, by method.
const forms: [string, string, string, string | null][] = [
  ['GET', '/', 'origin', null],
  ['GET', '//', 'origin', null],
  ['GET', '/a?b?c/d', 'origin', null],
  ['OPTIONS', '*', 'asterisk', null],
  ['GET', 'http://a', 'absolute', 'a'],
  ['GET', 'http://a?q', 'absolute', 'a'],
  ['GET', 'HTTPS://a:1/', 'absolute', 'a:1'],
  ['GET', 'x+y.z-1://u:p@a/', 'absolute', 'a'],
  ['GET', 'x://', 'absolute', ''],
  ['GET', 'urn:a:b', 'absolute', ''],
  ['GET', 'x:', 'absolute', ''],
  ['CONNECT', 'a:1', 'authority', 'a:1'],
];
for (const [method, target, form, authority] of forms) {
  test(`${method} ${target} is ${form}-form`, () => {
    expect(parseTarget(method, target, TARGET)).toEqual({ form, authority });
  });
}

test.each([
  ['GET', ''],
  ['GET', '*'],
  ['GET', 'a'],
  ['GET', ':a'],
  ['GET', '1a:b'],
  ['GET', 'a_b:c'],
  ['GET', 'http:a'],
  ['GET', 'http:'],
  ['GET', 'http://'],
  ['GET', 'http:///'],
  ['GET', 'http://:1'],
  ['GET', 'http://a@b'],
  ['GET', 'x://a b/'],
  ['GET', 'x://a@b@c:x/'],
  ['GET', 'http://a/%'],
  ['GET', '/%g0'],
  ['GET', '/a#b'],
  ['GET', '/[a]'],
  ['GET', 'http://[::1'],
  ['CONNECT', '/'],
  ['CONNECT', 'a'],
  ['CONNECT', '*'],
  ['OPTIONS', '**'],
])('%s %s has no form', (method, target) => {
  expect(parseTarget(method, target, TARGET)).toBeNull();
});

test('raw bytes of the URL Standard only where they are allowed', () => {
  const target = '/[a]{b}|\\^`"?[]';
  expect(parseTarget('GET', target, TARGET)).toBeNull();
  expect(parseTarget('GET', target, TARGET | URL_TARGET)?.form).toBe('origin');
});
