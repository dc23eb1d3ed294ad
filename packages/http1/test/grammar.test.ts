import { expect, test } from 'vitest';
import {
  BYTE_CLASS,
  consistsOf,
  DIGIT,
  FIELD_VALUE,
  HEX_DIGIT,
  hexDigitValue,
  isName,
  isToken,
  isWhitespace,
  listElements,
  PERCENT,
  percentIsComplete,
  QUOTED_TEXT,
  REG_NAME,
  TARGET,
  TOKEN,
  tokenListElements,
  trimWhitespace,
  URL_TARGET,
} from '../src/grammar.ts';

/** Every class against the ABNF as a regular expression, for all 256 bytes. */
const classes: [string, number, RegExp][] = [
  ['tchar (RFC 9110 section 5.6.2)', TOKEN, /^[!#$%&'*+.^_`|~0-9A-Za-z-]$/],
  ['field content and white space (RFC 9110 section 5.5)', FIELD_VALUE, /^[\t\x20-\x7e\x80-\xff]$/],
  ['pchar, / and ? but % (RFC 3986 section 3.3)', TARGET, /^[A-Za-z0-9._~!$&'()*+,;=:@/?-]$/],
  ['what the URL Standard leaves raw', URL_TARGET, /^["[\\\]^`{|}]$/],
  ['reg-name but % (RFC 3986 section 3.2.2)', REG_NAME, /^[A-Za-z0-9._~!$&'()*+,;=-]$/],
  ['%', PERCENT, /^%$/],
  ['DIGIT', DIGIT, /^[0-9]$/],
  ['qdtext (RFC 9110 section 5.6.4)', QUOTED_TEXT, /^[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]$/],
  ['HEXDIG', HEX_DIGIT, /^[0-9A-Fa-f]$/],
];
for (const [name, bit, pattern] of classes) {
  test(name, () => {
    for (let byte = 0; byte < 256; byte++) {
      expect((BYTE_CLASS[byte]! & bit) !== 0, `byte ${byte}`).toBe(
        pattern.test(String.fromCharCode(byte)),
      );
    }
  });
}

test('the value of a hexadecimal digit, and nothing else', () => {
  for (let code = 0; code < 256; code++) {
    const character = String.fromCharCode(code);
    expect(hexDigitValue(code)).toBe(
      /[0-9a-f]/i.test(character) ? Number.parseInt(character, 16) : -1,
    );
  }
  expect(hexDigitValue(Number.NaN)).toBe(-1);
});

test('a field name in any case is the same', () => {
  for (const name of ['te', 'TE', 'tE']) expect(isName(name, 'te')).toBe(true);
  expect(isName('Keep-Alive', 'keep-alive')).toBe(true);
  for (const name of ['', 't', 'tee', 'tf', 'se', 'T\u0045\u0301'])
    expect(isName(name, 'te')).toBe(false);
});

test('tokens and values as a whole', () => {
  expect(isToken('')).toBe(false);
  expect(isToken('a b')).toBe(false);
  expect(isToken('a\u0141')).toBe(false);
  expect(consistsOf('', TOKEN)).toBe(false);
  expect(consistsOf('a\tb \u00ff', FIELD_VALUE)).toBe(true);
  expect(consistsOf('a\nb', FIELD_VALUE)).toBe(false);
  expect([0x20, 0x09, 0x0b, 0xa0].map(isWhitespace)).toEqual([true, true, false, false]);
});

test('percent needs two digits', () => {
  expect(['', '%41', 'a%zz', '%', '%4', '%41%'].map(percentIsComplete)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('white space at both ends is SP and HTAB only', () => {
  expect(trimWhitespace(' \ta b\t ')).toBe('a b');
  expect(trimWhitespace(' \t')).toBe('');
  expect(trimWhitespace('\u00a0a\u000b')).toBe('\u00a0a\u000b');
});

test('list elements: empty ones ignored, quoted commas kept', () => {
  expect(listElements('')).toEqual([]);
  expect(listElements(', a ,,\tb,')).toEqual(['a', 'b']);
  expect(listElements('a="b,c", d')).toEqual(['a="b,c"', 'd']);
  expect(listElements('a="\\",", d')).toEqual(['a="\\","', 'd']);
  expect(listElements('a\\, b')).toEqual(['a\\', 'b']);
  // What is behind an open quote is one element; none is lost.
  expect(listElements('a, "b, c')).toEqual(['a', '"b, c']);
  expect(listElements('a, "b\\')).toEqual(['a', '"b\\']);
});

test('in a list of tokens a quote hides nothing', () => {
  expect(tokenListElements('a", close ,, "b')).toEqual(['a"', 'close', '"b']);
  expect(tokenListElements('')).toEqual([]);
});
