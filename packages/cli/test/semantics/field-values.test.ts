import { expect, test } from 'vitest';
import { fieldValue, listMembers } from '../../src/semantics/field-values.ts';

test('the lines of a field are one value, in their order', () => {
  const fields = [
    { name: 'range', value: 'a' },
    { name: 'if-match', value: '' },
    { name: 'range', value: 'b' },
  ];
  expect(fieldValue(fields, 'range')).toBe('a, b');
  expect(fieldValue(fields, 'if-match')).toBe('');
  expect(fieldValue(fields, 'if-range')).toBe(null);
});

test.each([
  ['', []],
  [' , ,,\t', []],
  ['a', ['a']],
  [' a ;q=1\t,, b', ['a ;q=1', 'b']],
  // What is white space elsewhere is none in a field.
  ['\u00a0a\u00a0', ['\u00a0a\u00a0']],
])('%j has the members %j', (value, members) => {
  expect(listMembers(value)).toEqual(members);
});

test('long white space costs no more than it is long', () => {
  const text = `a${' '.repeat(30_000)}b`;
  expect(listMembers(`${text},${text}`)).toEqual([text, text]);
});
