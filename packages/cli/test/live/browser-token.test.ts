import type { TlsInfo } from '@holdline/net';
import { describe, expect, test } from 'vitest';
import { browserToken, cookieField, newToken } from '../../src/live/browser-token.ts';

type Asked = Parameters<typeof browserToken>[0];

const asked = (authority: string, ...cookies: string[]): Asked => ({
  head: { authority, fields: cookies.map((value) => ({ name: 'cookie', value })) },
  connection: { tls: null },
});

const secured = (authority: string, ...cookies: string[]): Asked => ({
  ...asked(authority, ...cookies),
  connection: { tls: {} as TlsInfo },
});

const TOKEN = newToken();

test('a token is 256 bits that do not repeat', () => {
  const tokens = new Set(Array.from({ length: 1000 }, newToken));
  expect(tokens.size).toBe(1000);
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
});

test('what is given is what is recognised', () => {
  const { name, value } = cookieField(asked('localhost:8080'), TOKEN);
  expect(name).toBe('set-cookie');
  const [pair = '', ...attributes] = value.split('; ');
  expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict']);
  expect(browserToken(asked('localhost:8080', pair))).toBe(TOKEN);
});

test('by TLS it has a name that nobody else can give, and another one than without', () => {
  const { value } = cookieField(secured('localhost:8443'), TOKEN);
  const [pair = '', ...attributes] = value.split('; ');
  expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Strict', 'Secure']);
  expect(pair).toBe(`__Host-holdline-8443=${TOKEN}`);
  expect(browserToken(secured('localhost:8443', pair))).toBe(TOKEN);
  expect(browserToken(asked('localhost:8443', pair))).toBeNull();
  expect(browserToken(secured('localhost', `__Host-holdline-443=${TOKEN}`))).toBe(TOKEN);
});

describe('the token of a request', () => {
  test.each([
    ['among others', '127.0.0.1:8080', [`a=b; holdline-8080=${TOKEN}; c=d`], TOKEN],
    ['without blanks', '127.0.0.1:8080', [`a=b;holdline-8080=${TOKEN};c=d`], TOKEN],
    ['in another line', '127.0.0.1:8080', ['a=b', `holdline-8080=${TOKEN}`], TOKEN],
    ['at an IPv6 address', '[::1]:9', [`holdline-9=${TOKEN}`], TOKEN],
    ['at the default port', '[::1]', [`holdline-80=${TOKEN}`], TOKEN],
    ['behind a broken one', 'a:1', [`holdline-1=; holdline-1=${TOKEN}`], TOKEN],
    ['of another port', '127.0.0.1:8081', [`holdline-8080=${TOKEN}`], null],
    ['under another name', 'a:1', [`xholdline-1=${TOKEN}`], null],
    ['too short', 'a:1', [`holdline-1=${TOKEN.slice(1)}`], null],
    ['too long', 'a:1', [`holdline-1=${TOKEN}A`], null],
    ['with other characters', 'a:1', [`holdline-1=${TOKEN.slice(1)}%`], null],
    ['empty', 'a:1', ['holdline-1='], null],
    ['absent', 'a:1', [], null],
  ])('%s', (_name, authority, cookies, expected) => {
    expect(browserToken(asked(authority, ...cookies))).toBe(expected);
  });
});
