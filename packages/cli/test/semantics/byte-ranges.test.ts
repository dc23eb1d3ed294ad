import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ByteRange, RANGES_MAX, selectByteRanges } from '../../src/semantics/byte-ranges.ts';
import { textsOf } from '../support/texts.ts';

type Selection = ReturnType<typeof selectByteRanges>;

/** The positions that a range-spec asks for, one by one; null when it is invalid. */
function positionsOf(specifier: string, sizeBytes: number): Set<number> | null {
  const parts = /^(\d*)-(\d*)$/.exec(specifier);
  if (parts === null || specifier === '-') return null;
  const [, first = '', last = ''] = parts;
  if (first !== '' && last !== '' && BigInt(last) < BigInt(first)) return null;
  const positions = new Set<number>();
  for (let position = 0; position < sizeBytes; position++) {
    const isWanted =
      first === ''
        ? BigInt(position) >= BigInt(sizeBytes) - BigInt(last)
        : BigInt(position) >= BigInt(first) && (last === '' || BigInt(position) <= BigInt(last));
    if (isWanted) positions.add(position);
  }
  return positions;
}

/** Byte by byte: runs of wanted positions, in the order in which they are first asked for. */
function oracle(value: string, sizeBytes: number): Selection {
  if (!/^bytes=/i.test(value)) return 'ignored';
  const members = value
    .slice(6)
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const wanted = members.map((member) => positionsOf(member, sizeBytes));
  if (members.length === 0 || wanted.includes(null)) return 'ignored';
  if (sizeBytes === 0)
    return members.some((member) => /^-0*[1-9]/.test(member)) ? 'ignored' : 'unsatisfiable';
  const union = new Set(wanted.flatMap((positions) => [...(positions ?? [])]));
  const runs: ByteRange[] = [];
  for (const positions of wanted) {
    for (const position of positions ?? []) {
      if (runs.some(({ first, last }) => position >= first && position <= last)) continue;
      let [first, last] = [position, position];
      while (union.has(first - 1)) first -= 1;
      while (union.has(last + 1)) last += 1;
      runs.push({ first, last });
    }
  }
  return runs.length === 0 ? 'unsatisfiable' : runs;
}

describe('what is selected', () => {
  test.each([
    // The examples of RFC 9110 section 14.1.2.
    ['bytes=0-499', [[0, 499]]],
    ['bytes=500-999', [[500, 999]]],
    ['bytes=-500', [[9500, 9999]]],
    ['bytes=9500-', [[9500, 9999]]],
    [
      'bytes=0-0,-1',
      [
        [0, 0],
        [9999, 9999],
      ],
    ],
    [
      'bytes= 0-999, 4500-5499, -1000',
      [
        [0, 999],
        [4500, 5499],
        [9000, 9999],
      ],
    ],
    ['bytes=500-600,601-999', [[500, 999]]],
    ['bytes=500-700,601-999', [[500, 999]]],
    // As far as there is something.
    ['bytes=9999-10000', [[9999, 9999]]],
    ['bytes=0-', [[0, 9999]]],
    ['bytes=-20000', [[0, 9999]]],
    ['bytes=0-99999999999999999999999999', [[0, 9999]]],
    ['bytes=-99999999999999999999999999', [[0, 9999]]],
    // In the order in which they were asked for, without those that cannot be had.
    [
      'bytes=-1,10000-,0-0',
      [
        [9999, 9999],
        [0, 0],
      ],
    ],
    [
      'bytes=10-19,500-509,0-9',
      [
        [0, 19],
        [500, 509],
      ],
    ],
    [
      'bytes=500-,0-9,-500',
      [
        [500, 9999],
        [0, 9],
      ],
    ],
    ['bytes=0-0,0-0,0-0', [[0, 0]]],
    // Empty members, white space, capitals and zeros mean nothing.
    [
      'BYTES=,0-0 ,\t, 0002-002,',
      [
        [0, 0],
        [2, 2],
      ],
    ],
  ])('%s', (value, expected) => {
    const ranges = expected.map(([first, last]) => ({ first, last }));
    expect(selectByteRanges(value, 10_000)).toEqual(ranges);
  });

  test('lies anywhere in a file of any size', () => {
    const size = 9 * 2 ** 40;
    expect(selectByteRanges('bytes=4294967295-4294967296', size)).toEqual([
      { first: 4_294_967_295, last: 4_294_967_296 },
    ]);
    expect(selectByteRanges('bytes=-1', size)).toEqual([{ first: size - 1, last: size - 1 }]);
    expect(selectByteRanges(`bytes=${size}-`, size)).toBe('unsatisfiable');
  });
});

test.each([
  'bytes=10000-',
  'bytes=10000-10001',
  'bytes=-0',
  'bytes=-00,10000-',
  'bytes=9007199254740993-',
  `bytes=${'9'.repeat(400)}-`,
])('%s is unsatisfiable', (value) => {
  expect(selectByteRanges(value, 10_000)).toBe('unsatisfiable');
});

test.each([
  '',
  'bytes',
  'bytes=',
  'bytes=,',
  'bytes=-',
  'bytes=--1',
  'bytes=1',
  'bytes=a-b',
  'bytes=0x0-0x1',
  'bytes=1.5-2',
  'bytes=+1-2',
  'bytes=1 -2',
  'bytes=1- 2',
  'bytes=2-1',
  'bytes=0-0,2-1',
  'bytes=0-0;1-1',
  'bytes=0-0, bytes=1-1',
  // The same number but for digits that a double does not have.
  'bytes=9007199254740993-9007199254740992',
  'bytes =0-1',
  'bytes:0-1',
  'byte=0-1',
  'items=0-1',
  'none=0-1',
  'bytes 0-1',
])('%j is ignored', (value) => {
  expect(selectByteRanges(value, 10_000)).toBe('ignored');
});

describe('of nothing', () => {
  test.each([
    ['bytes=0-', 'unsatisfiable'],
    ['bytes=0-0', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=-5', 'ignored'],
    ['bytes=0-,-5', 'ignored'],
    ['bytes=x', 'ignored'],
  ])('%s: %s', (value, expected) => {
    expect(selectByteRanges(value, 0)).toBe(expected);
  });
});

test('too many ranges are ignored, however they lie', () => {
  const set = (count: number): string =>
    `bytes=${Array.from({ length: count }, (_, index) => `${(count - index) * 10}-${(count - index) * 10}`)}`;
  expect(selectByteRanges(set(RANGES_MAX), 1_000_000)).toHaveLength(RANGES_MAX);
  expect(selectByteRanges(set(RANGES_MAX + 1), 1_000_000)).toBe('ignored');
  expect(selectByteRanges(`bytes=${'0-,'.repeat(10_000)}`, 1_000_000)).toBe('ignored');
});

test('every value of up to six characters is read as the oracle reads it', () => {
  const values = textsOf('013-, ', 6).map((text) => `bytes=${text}`);
  const wrong = values.flatMap((value) =>
    [0, 1, 2, 12].flatMap((sizeBytes) => {
      const selected = selectByteRanges(value, sizeBytes);
      const expected = oracle(value, sizeBytes);
      const isSame = JSON.stringify(selected) === JSON.stringify(expected);
      return isSame ? [] : [{ value, sizeBytes, selected, expected }];
    }),
  );
  expect(wrong).toEqual([]);
});

test('any set is read as the oracle reads it, and no byte is sent twice', () => {
  const position = fc.oneof(fc.nat(70).map(String), fc.constantFrom('', '007', '9'.repeat(30)));
  const specifier = fc.tuple(position, position).map((positions) => positions.join('-'));
  const separator = fc.constantFrom(',', ', ', ',,', ' ,\t');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(specifier, separator), { maxLength: 12 }),
      fc.nat(64),
      (members, sizeBytes) => {
        const value = `bytes=${members.map((member) => member.join('')).join('')}`;
        const selected = selectByteRanges(value, sizeBytes);
        expect(selected).toEqual(oracle(value, sizeBytes));
        if (typeof selected === 'string') return;
        const sum = selected.reduce((bytes, { first, last }) => bytes + last - first + 1, 0);
        expect(sum).toBeLessThanOrEqual(sizeBytes);
      },
    ),
    { numRuns: 5000 },
  );
});
