import { describe, expect, test } from 'vitest';
import { HostGuard, hostName } from '../src/host-guard.ts';

const head = (authority: string, minorVersion: 0 | 1 = 1) => ({
  authority,
  minorVersion,
  form: 'origin' as const,
  target: '/',
});

test('what is served by TLS is asked for with https, where a scheme is said', () => {
  const asked = (target: string) => ({ ...head('localhost'), form: 'absolute' as const, target });
  const secured = new HostGuard([], 'https');
  expect(secured.allows(asked('https://localhost/'))).toBe(true);
  expect(secured.allows(asked('HTTPS://localhost/'))).toBe(true);
  expect(secured.allows(asked('http://localhost/'))).toBe(false);
  expect(new HostGuard([]).allows(asked('https://localhost/'))).toBe(false);
  expect(new HostGuard(['*'], 'https').allows(asked('http://localhost/'))).toBe(false);
});

describe('without --host', () => {
  const guard = new HostGuard([]);

  test.each([
    'localhost',
    'LocalHost',
    'localhost:8080',
    'localhost:',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::1]',
    '[::1]:8080',
  ])('%s is answered', (authority) => {
    expect(guard.allows(head(authority))).toBe(true);
  });

  test.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    'evil-localhost',
    'localhost.',
    '127.0.0.1.nip.io',
    '127.0.0.2',
    '127.1',
    '0.0.0.0',
    '0',
    '[::]',
    '[::ffff:127.0.0.1]',
    '%6cocalhost',
    '*',
    '',
  ])('%j is not', (authority) => {
    expect(guard.allows(head(authority))).toBe(false);
  });

  test('HTTP/1.0 without Host is answered, with another one it is not', () => {
    expect(guard.allows(head('', 0))).toBe(true);
    expect(guard.allows(head('evil.example', 0))).toBe(false);
  });

  test('a target of another scheme is not answered', () => {
    const absolute = { ...head('localhost'), form: 'absolute' as const };
    expect(guard.allows({ ...absolute, target: 'http://localhost/' })).toBe(true);
    expect(guard.allows({ ...absolute, target: 'HTTP://localhost/' })).toBe(true);
    expect(guard.allows({ ...absolute, target: 'https://localhost/' })).toBe(false);
    expect(guard.allows({ ...absolute, target: 'ftp://localhost/' })).toBe(false);
  });
});

test('more names are answered besides, in any case', () => {
  const guard = new HostGuard(['dev.example', '[fe80::1]']);
  for (const authority of ['dev.example', 'DEV.example:81', '[FE80::1]:8080', 'localhost']) {
    expect(guard.allows(head(authority))).toBe(true);
  }
  expect(guard.allows(head('sub.dev.example'))).toBe(false);
});

test('* answers all, but for another scheme', () => {
  const guard = new HostGuard(['*']);
  expect(guard.allows(head('evil.example'))).toBe(true);
  expect(guard.allows(head(''))).toBe(true);
  const absolute = { ...head('a'), form: 'absolute' as const, target: 'https://a/' };
  expect(guard.allows(absolute)).toBe(false);
});

test.each([
  ['Dev.Example', 'dev.example'],
  ['fe80:0:0::1', '[fe80::1]'],
  ['[FE80::1]', '[fe80::1]'],
  ['grüße.example', 'xn--gre-6ka8l.example'],
  ['192.168.1.5', '192.168.1.5'],
  ['*', '*'],
  ['dev.example:80', null],
  ['http://dev.example', null],
  ['dev.example/', null],
  ['user@dev.example', null],
  ['a b', null],
  ['a\nb', null],
  ['[::1', null],
  [':', null],
  ['1.2.3.256', null],
  ['', null],
])('--host %j means %j', (argument, name) => {
  expect(hostName(argument)).toBe(name);
});
