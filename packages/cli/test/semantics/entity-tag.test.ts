import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isEntityTag,
  matchesStrongly,
  matchesWeakly,
  parseEntityTags,
} from '../../src/semantics/entity-tag.ts';
import { textsOf } from '../support/texts.ts';

/** The grammar of RFC 9110 section 8.8.3, as it stands there. */
const ETAGC = '[\\x21\\x23-\\x7e\\x80-\\xff]';
const TAG = `(?:W/)?"${ETAGC}*"`;
const LIST = new RegExp(`^(?:${TAG})?(?:[ \\t]*,[ \\t]*(?:${TAG})?)*$`);

/** Slow, and for short values only. */
function oracle(value: string): '*' | readonly string[] {
  if (value === '*') return '*';
  return LIST.test(value.trim()) ? (value.match(new RegExp(TAG, 'g')) ?? []) : [];
}

describe('a list of entity tags', () => {
  test('of up to seven characters is read as the grammar has it', () => {
    const values = textsOf('"a,W/ *', 7);
    const wrong = values.filter(
      (value) => JSON.stringify(parseEntityTags(value)) !== JSON.stringify(oracle(value)),
    );
    expect(values).toHaveLength((7 ** 8 - 1) / 6);
    expect(wrong).toEqual([]);
  });

  test('of any tags comes back as they were', () => {
    const etagc = fc
      .integer({ min: 0x21, max: 0xff })
      .filter((code) => code !== 0x22 && (code < 0x7f || code >= 0x80))
      .map((code) => String.fromCharCode(code));
    const tag = fc
      .tuple(fc.constantFrom('', 'W/'), fc.array(etagc, { maxLength: 12 }))
      .map(([weak, opaque]) => `${weak}"${opaque.join('')}"`);
    const comma = fc.constantFrom(',', ', ', ' ,\t', ',,', ' , , ');
    fc.assert(
      fc.property(fc.array(fc.tuple(tag, comma), { maxLength: 8 }), (members) => {
        const value = members.map(([text, separator]) => text + separator).join('');
        expect(parseEntityTags(value)).toEqual(members.map(([text]) => text));
      }),
    );
  });

  test.each([
    ['*', '*'],
    ['"xyzzy"', ['"xyzzy"']],
    ['"xyzzy", "r2d2xxxx", "c3piozzzz"', ['"xyzzy"', '"r2d2xxxx"', '"c3piozzzz"']],
    ['W/"a", ""', ['W/"a"', '""']],
    // Commas and asterisks may be within a tag.
    ['"a,b" , "*"', ['"a,b"', '"*"']],
    ['w/"a"', []],
    ['W/ "a"', []],
    ['xyzzy', []],
    ['"a" "b"', []],
    ['"a", b', []],
    ['"a b"', []],
    ['"a\x7f"', []],
    ['"a', []],
    ['*, "a"', []],
    ['"a", *', []],
    ['*, *', []],
  ])('%s', (value, expected) => {
    expect(parseEntityTags(value)).toEqual(expected);
  });

  test('costs no more than it is long', () => {
    expect(parseEntityTags(`${', '.repeat(16_000)}x`)).toEqual([]);
    expect(parseEntityTags(`"${'a'.repeat(32_000)}`)).toEqual([]);
  });
});

// Table 3 of section 8.8.3.2.
test.each([
  ['W/"1"', 'W/"1"', false, true],
  ['W/"1"', 'W/"2"', false, false],
  ['W/"1"', '"1"', false, true],
  ['"1"', '"1"', true, true],
  ['"1"', '"2"', false, false],
])('%s and %s', (left, right, strong, weak) => {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    expect(matchesStrongly(one, other)).toBe(strong);
    expect(matchesWeakly(one, other)).toBe(weak);
  }
});

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['""', true],
  ['"a", "b"', false],
  ['"a" ', false],
  ['a', false],
  ['', false],
  ['Sun, 06 Nov 1994 08:49:37 GMT', false],
])('%s is an entity tag: %s', (value, expected) => {
  expect(isEntityTag(value)).toBe(expected);
});
