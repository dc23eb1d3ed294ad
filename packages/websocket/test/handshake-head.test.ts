import { expect, test } from 'vitest';
import {
  checkCallerFields,
  equalsIgnoringCase,
  fieldValues,
  isFieldValue,
  isToken,
  listHasToken,
  tokenEnd,
  trimWhitespace,
} from '../src/handshake-head.ts';

test('RFC 9110 section 5.6.2: every code unit is a tchar or none', () => {
  const pattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/;
  for (let code = 0; code < 0x300; code++) {
    const unit = String.fromCharCode(code);
    expect(isToken(unit), String(code)).toBe(pattern.test(unit));
    expect(tokenEnd(`a${unit}`, 0)).toBe(pattern.test(unit) ? 2 : 1);
  }
  expect(isToken('')).toBe(false);
  expect(tokenEnd('ab', 2)).toBe(2);
});

test('RFC 9110 section 5.5: what a field value may be', () => {
  for (const value of ['', 'a', 'a b', 'a\tb', '\u00e9', 'a, b; c="d"']) {
    expect(isFieldValue(value), JSON.stringify(value)).toBe(true);
  }
  for (const value of [' ', ' a', 'a ', '\ta', 'a\r\nb', 'a\nb', 'a\0b', '\x7f', '\u0100', 'a\n']) {
    expect(isFieldValue(value), JSON.stringify(value)).toBe(false);
  }
});

test('white space around a value is SP and HTAB only', () => {
  expect(trimWhitespace(' \t a \t b \t ')).toBe('a \t b');
  expect(trimWhitespace(' \t ')).toBe('');
  expect(trimWhitespace('\u00a0a\n')).toBe('\u00a0a\n');
});

test('only ASCII letters have a case', () => {
  expect(equalsIgnoringCase('WebSocket', 'websocket')).toBe(true);
  expect(equalsIgnoringCase('websockets', 'websocket')).toBe(false);
  // U+212A, the Kelvin sign, is a small k to toLowerCase.
  expect(equalsIgnoringCase('webSoc\u212aet', 'websocket')).toBe(false);
  // CR and hyphen differ by the bit that letters differ by.
  expect(equalsIgnoringCase('a\rb', 'a-b')).toBe(false);
  expect(equalsIgnoringCase('@[', '`{')).toBe(false);
});

test('values of a field in order, whatever the spelling of its name', () => {
  const fields = [
    { name: 'a', value: ' 1 ' },
    { name: 'B', value: '2' },
    { name: 'A', value: '3' },
  ];
  expect(fieldValues(fields, 'a')).toEqual(['1', '3']);
  expect(fieldValues(fields, 'c')).toEqual([]);
});

test('RFC 9110 section 5.6.1: a token in a list over several lines', () => {
  expect(listHasToken(['keep-alive, Upgrade'], 'upgrade')).toBe(true);
  expect(listHasToken(['keep-alive', ', ,UPGRADE ,'], 'upgrade')).toBe(true);
  expect(listHasToken(['upgrades', 'up grade', 'x upgrade'], 'upgrade')).toBe(false);
  expect(listHasToken([], 'upgrade')).toBe(false);
});

test('fields that a caller cannot send', () => {
  const check = (name: string, value: string) => () => checkCallerFields([{ name, value }], ['x']);
  expect(check('Cookie', 'a=b')).not.toThrow();
  expect(check('', 'a')).toThrow(TypeError);
  expect(check('a b', 'a')).toThrow(TypeError);
  expect(check('A', 'a\r\nB: c')).toThrow(TypeError);
  expect(check('X', 'a')).toThrow(TypeError);
  expect(check('Sec-WebSocket-Anything', 'a')).toThrow(TypeError);
});
