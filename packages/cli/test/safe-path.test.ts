import { describe, expect, test } from 'vitest';
import { isServedName, parsePath, pathOfTarget, queryOfTarget } from '../src/safe-path.ts';

describe('the path of a target', () => {
  test.each([
    ['/', '/', ''],
    ['/a/b?c=/d', '/a/b', '?c=/d'],
    ['/a?', '/a', '?'],
    ['//a', '//a', ''],
    ['http://localhost', '/', ''],
    ['http://localhost:80/a/b?c', '/a/b', '?c'],
    ['http://localhost?/a', '/', '?/a'],
    ['HTTP://[::1]/', '/', ''],
  ])('%s', (target, path, query) => {
    expect(pathOfTarget(target)).toBe(path);
    expect(queryOfTarget(target)).toBe(query);
  });
});

describe('paths that may be looked up', () => {
  test.each([
    ['/', [], true],
    ['/a.txt', ['a.txt'], false],
    ['/a/b/', ['a', 'b'], true],
    ['/a%20b/%C3%BC', ['a b', 'ü'], false],
    // Decoded once, so this is a file whose name has a percent sign.
    ['/%2541', ['%41'], false],
    ['/%252e%252e/%252F', ['%2e%2e', '%2F'], false],
    ['/a+b;c=d,e', ['a+b;c=d,e'], false],
    ['/a..b/c...', ['a..b', 'c...'], false],
    ['/a:b', ['a:b'], false],
    [`/${'n'.repeat(255)}`, ['n'.repeat(255)], false],
  ])('%s', (path, names, isFolder) => {
    expect(parsePath(path, 'linux')).toEqual({ names, isFolder });
  });
});

describe('paths that may not', () => {
  test.each([
    [400, '/..'],
    [400, '/../etc/passwd'],
    [400, '/a/../../etc/passwd'],
    [400, '/%2e%2e/etc/passwd'],
    [400, '/.%2E/etc/passwd'],
    [400, '/%2e./'],
    [400, '/./a'],
    [400, '/a/.'],
    [400, '/%2e'],
    [400, '/..%2fetc%2fpasswd'],
    [400, '/a%2Fb'],
    [400, '/a%5cb'],
    [400, '/..%5c..%5cwindows'],
    [400, '/a\\b'],
    [400, '/a%00'],
    [400, '/a%00.txt'],
    [400, '/a%0d%0aSet-Cookie:x'],
    [400, '/%1b[31m'],
    [400, '/%7f'],
    [400, '/%C2%85'],
    [404, '/.env'],
    [404, '/%2eenv'],
    [404, '/.git/config'],
    [404, '/a/.hidden/b'],
    [404, '/...'],
    [404, '//'],
    [404, '//evil.example'],
    [404, '//evil.example/'],
    [404, '/a//b'],
    [404, '/a//'],
    // Not UTF-8: overlong, cut off, a byte of Latin-1.
    [404, '/%c0%ae%c0%ae/etc/passwd'],
    [404, '/%c0%af'],
    [404, '/%e2%82'],
    [404, '/%fc'],
    [404, '/%u002e'],
    [404, `/${'n'.repeat(256)}`],
    [404, `/${'%C3%BC'.repeat(128)}`],
  ])('%i for %s', (status, path) => {
    expect(parsePath(path, 'linux')).toMatchObject({ status });
  });
});

describe('what Windows reads more into', () => {
  test.each([
    '/C:',
    '/C:/Windows/win.ini',
    '/a.txt::$DATA',
    '/a.txt:stream',
    '/a%3Ab',
    '/a.txt.',
    '/a.txt%20',
    '/a%2A',
    '/a%3C',
    '/GIT~1/config',
    '/con',
    '/NUL',
    '/aux.txt',
    '/COM1',
    '/lpt9.log',
    '/com%C2%B9',
  ])('%s', (path) => {
    expect(parsePath(path, 'win32')).toMatchObject({ status: 404 });
    expect(parsePath(path, 'linux')).toHaveProperty('names');
  });

  test.each(['/console.log', '/common/nullable.ts', '/a~b'])('%s is harmless', (path) => {
    expect(parsePath(path, 'win32')).toHaveProperty('names');
  });
});

test.each([
  ['a.txt', true],
  ['with blank', true],
  ['grüße', true],
  ['.env', false],
  ['tab\t', false],
  ['back\\slash', false],
  ['not \ufffd UTF-8', false],
])('%j is listed: %s', (name, expected) => {
  expect(isServedName(name, 'linux')).toBe(expected);
});
