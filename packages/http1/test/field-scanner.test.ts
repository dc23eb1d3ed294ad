import { expect, test } from 'vitest';
import { FieldScanner } from '../src/field-scanner.ts';
import { bytes } from './support/bytes.ts';

interface Limits {
  readonly bytesMax?: number;
  readonly fieldsMax?: number;
  readonly unfold?: boolean;
}

/** Scans at once and byte by byte, which have to agree; gives the result, the position and the count. */
function scan(section: string, { bytesMax = 1000, fieldsMax = 100, unfold = false }: Limits = {}) {
  const data = bytes(`line${section}`);
  const whole = new FieldScanner();
  whole.reset(4);
  const result = whole.scan(data, 0, data.length, bytesMax, fieldsMax, unfold);
  const slow = new FieldScanner();
  slow.reset(4);
  let last = 'need-data';
  for (let end = 4; end <= data.length && last === 'need-data'; end++) {
    last = slow.scan(data, 0, end, bytesMax, fieldsMax, unfold);
  }
  expect([last, slow.position, slow.count, slow.isAscii]).toEqual([
    result,
    whole.position,
    whole.count,
    whole.isAscii,
  ]);
  return [result, whole.position - 4, whole.count];
}

test('the end is behind the empty line', () => {
  expect(scan('\r\n')).toEqual(['complete', 2, 0]);
  expect(scan('A:b\r\nC-D: \te f \t\r\nG:\r\nH: \r\n\r\nrest')).toEqual(['complete', 29, 4]);
  expect(scan('A: b\r\n')).toEqual(['need-data', 6, 1]);
});

test('obs-text anywhere is told', () => {
  const scanner = new FieldScanner();
  scanner.reset(0);
  const data = bytes('A: b\r\nC: \u00e9\r\n\r\n');
  scanner.scan(data, 0, 8, 100, 10, false);
  expect(scanner.isAscii).toBe(true);
  scanner.scan(data, 0, data.length, 100, 10, false);
  expect(scanner.isAscii).toBe(false);
});

test.each([
  ['A : b', 'HTTP1_SPACE_BEFORE_COLON', 1],
  ['A\r', 'HTTP1_MISSING_COLON', 1],
  ['A\n', 'HTTP1_BARE_LF', 1],
  ['A(', 'HTTP1_INVALID_FIELD_NAME', 1],
  [':', 'HTTP1_INVALID_FIELD_NAME', 0],
  [' A: b', 'HTTP1_INVALID_FIELD_NAME', 0],
  ['\n', 'HTTP1_BARE_LF', 0],
  ['A: \0', 'HTTP1_INVALID_FIELD_VALUE', 3],
  ['A: b\n', 'HTTP1_BARE_LF', 4],
  ['A: b\rc', 'HTTP1_BARE_CR', 5],
  ['A: b\r\n c', 'HTTP1_OBS_FOLD', 6],
  ['A: b\r\n\rc', 'HTTP1_BARE_CR', 7],
])('%j is %s at byte %i', (section, fault, position) => {
  expect(scan(section).slice(0, 2)).toEqual([fault, position]);
});

// RFC 9112 section 5.2
test('folded lines count once where folds are replaced, and have a line to continue', () => {
  expect(scan('A: b\r\n c\r\n\t\r\nD: e\r\n\r\n', { unfold: true })).toEqual(['complete', 21, 2]);
  expect(scan('A:\r\n b\0', { unfold: true })).toEqual(['HTTP1_INVALID_FIELD_VALUE', 6, 1]);
  expect(scan(' A: b', { unfold: true })).toEqual(['HTTP1_INVALID_FIELD_NAME', 0, 0]);
});

test('limits hold exactly', () => {
  expect(scan('A: b\r\n\r\n', { bytesMax: 12 })).toEqual(['complete', 8, 1]);
  expect(scan('A: bc\r\n\r\n', { bytesMax: 12 })).toEqual(['HTTP1_HEAD_TOO_LARGE', 8, 1]);
  expect(scan('A: b\r\nC: d\r\n\r\n', { fieldsMax: 2 })).toEqual(['complete', 14, 2]);
  expect(scan('A: b\r\nC: d\r\nE: f\r\n', { fieldsMax: 2 })).toEqual([
    'HTTP1_TOO_MANY_FIELDS',
    12,
    2,
  ]);
});

test('is ready for another section after reset', () => {
  const scanner = new FieldScanner();
  scanner.reset(0);
  const first = bytes('A: \u00e9\r\nB');
  scanner.scan(first, 0, first.length, 100, 10, false);
  scanner.reset(0);
  const second = bytes('C: d\r\n\r\n');
  expect(scanner.scan(second, 0, second.length, 100, 10, false)).toBe('complete');
  expect([scanner.count, scanner.isAscii]).toEqual([1, true]);
});
