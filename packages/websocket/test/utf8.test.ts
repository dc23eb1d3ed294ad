import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, UTF8_BOUNDARY, Utf8Validator, validateUtf8 } from '../src/utf8.ts';

/** What the Unicode Standard's table 3-7 allows, a row each. */
const TABLE: readonly (readonly (readonly [number, number])[])[] = [
  [[0x00, 0x7f]],
  [
    [0xc2, 0xdf],
    [0x80, 0xbf],
  ],
  [
    [0xe0, 0xe0],
    [0xa0, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xe1, 0xec],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xed, 0xed],
    [0x80, 0x9f],
    [0x80, 0xbf],
  ],
  [
    [0xee, 0xef],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xf0, 0xf0],
    [0x90, 0xbf],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xf1, 0xf3],
    [0x80, 0xbf],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
  [
    [0xf4, 0xf4],
    [0x80, 0x8f],
    [0x80, 0xbf],
    [0x80, 0xbf],
  ],
];

/** The index of the first byte that the table has in no row; -1 when valid, -2 when only cut. */
function oracle(bytes: Uint8Array): number {
  let rows = TABLE;
  let depth = 0;
  for (const [index, byte] of bytes.entries()) {
    rows = rows.filter((row) => byte >= row[depth]![0] && byte <= row[depth]![1]);
    if (rows.length === 0) return index;
    depth++;
    if (rows[0]!.length === depth) {
      rows = TABLE;
      depth = 0;
    }
  }
  return depth === 0 ? -1 : -2;
}

function resultOf(state: number): number {
  return state < 0 ? ~state : state === UTF8_BOUNDARY ? -1 : -2;
}

/** Bytes of which no table row begins or ends elsewhere than at them or beside them. */
const EDGES = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
  0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xfb, 0xfc, 0xff,
];

/** Every string of so many bytes from a set, in one array that is used again. */
function forEachString(set: readonly number[], length: number, visit: (bytes: Uint8Array) => void) {
  const bytes = new Uint8Array(length);
  const fill = (depth: number): void => {
    if (depth === length) {
      visit(bytes);
      return;
    }
    for (const byte of set) {
      bytes[depth] = byte;
      fill(depth + 1);
    }
  };
  fill(0);
}

const ALL = Array.from({ length: 256 }, (_, byte) => byte);

/** Counts, so that a million comparisons are one assertion. */
function wrongOnes(
  set: readonly number[],
  length: number,
  isWrong: (bytes: Uint8Array) => boolean,
) {
  const wrong: string[] = [];
  let count = 0;
  forEachString(set, length, (bytes) => {
    count++;
    if (wrong.length < 5 && isWrong(bytes)) wrong.push(Buffer.from(bytes).toString('hex'));
  });
  return { wrong, count };
}

describe('every string', () => {
  test.each([
    [1, ALL, 256],
    [2, ALL, 65_536],
    [3, ALL, 16_777_216],
    [4, EDGES, EDGES.length ** 4],
  ])('of %i bytes is valid as the platform says', (length, set, count) => {
    const result = wrongOnes(set, length, (bytes) => {
      return (validateUtf8(bytes, 0, length, UTF8_BOUNDARY) === UTF8_BOUNDARY) !== isUtf8(bytes);
    });
    expect(result).toEqual({ wrong: [], count });
  });

  test.each([
    [1, ALL],
    [2, ALL],
    [3, EDGES],
    [4, EDGES],
  ])(
    'of %i bytes is wrong at the byte where the table says so, in one and byte by byte',
    (length, set) => {
      const { wrong } = wrongOnes(set, length, (bytes) => {
        const expected = oracle(bytes);
        if (resultOf(validateUtf8(bytes, 0, length, UTF8_BOUNDARY)) !== expected) return true;
        let state = UTF8_BOUNDARY;
        for (let at = 0; at < length && state >= 0; at++) {
          state = validateUtf8(bytes, at, at + 1, state);
        }
        return resultOf(state) !== expected;
      });
      expect(wrong).toEqual([]);
    },
  );

  test('of five bytes with a boundary anywhere, in two and three pieces', () => {
    const set = [0x41, 0x80, 0x9f, 0xa0, 0xc3, 0xe0, 0xed, 0xf0, 0xf4];
    const { wrong } = wrongOnes(set, 5, (bytes) => {
      const expected = oracle(bytes);
      for (let first = 0; first <= 5; first++) {
        for (let second = first; second <= 5; second++) {
          let state = validateUtf8(bytes, 0, first, UTF8_BOUNDARY);
          if (state >= 0) state = validateUtf8(bytes, first, second, state);
          if (state >= 0) state = validateUtf8(bytes, second, 5, state);
          if (resultOf(state) !== expected) return true;
        }
      }
      return false;
    });
    expect(wrong).toEqual([]);
  });
});

/** Texts with all sorts of characters, then perhaps some byte of them changed. */
const nearText = fc
  .record({
    text: fc.string({ unit: 'binary', minLength: 0, maxLength: 200 }),
    ascii: fc.nat(300),
    changeAt: fc.nat(2000),
    changeTo: fc.integer({ min: -1, max: 255 }),
  })
  .map(({ text, ascii, changeAt, changeTo }) => {
    const bytes = new TextEncoder().encode('a'.repeat(ascii) + text);
    if (changeTo >= 0 && changeAt < bytes.length) bytes[changeAt] = changeTo;
    return bytes;
  });

describe.each([
  ['in plain JavaScript', null],
  ["with the platform's check", isUtf8],
])('a validator %s', (_name, check) => {
  test('finds the first wrong byte, whatever the pieces', () => {
    const run = ([bytes, cuts]: [Uint8Array, number[]]) => {
      const expected = oracle(bytes);
      const validator = new Utf8Validator(check);
      const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
        (left, right) => left - right,
      );
      let from = 0;
      for (const to of ends) {
        // A copy at another alignment.
        const shifted = new Uint8Array(to - from + 5).subarray(5);
        shifted.set(bytes.subarray(from, to));
        if (!validator.push(shifted)) {
          expect(from + validator.invalidAt).toBe(expected);
          return;
        }
        from = to;
      }
      expect(expected).toBe(validator.isComplete ? -1 : -2);
    };
    fc.assert(fc.property(fc.tuple(nearText, fc.array(fc.nat(), { maxLength: 4 })), run), {
      numRuns: 3000,
    });
  });

  test.each(['é', '€', '𝄞', 'a'])('long pieces that are cut anywhere in %s', (character) => {
    const bytes = new TextEncoder().encode(character.repeat(400));
    for (let at = 100; at < 140; at++) {
      const validator = new Utf8Validator(check);
      expect(validator.push(bytes.subarray(0, at))).toBe(true);
      expect(validator.isComplete).toBe(at % Buffer.byteLength(character) === 0);
      expect(validator.push(bytes.subarray(at, at))).toBe(true);
      expect(validator.push(bytes.subarray(at))).toBe(true);
      expect(validator.isComplete).toBe(true);
    }
  });

  test.each([
    [0xc0, 0],
    [0xff, 0],
    [0x80, 0],
    [0xc3, 0],
    [0xed, 1],
  ])('%i at the end of a long piece', (byte, lacking) => {
    const piece = new Uint8Array(200).fill(0x61);
    piece[198 - lacking] = byte;
    if (lacking === 1) piece[198] = 0xa0;
    const validator = new Utf8Validator(check);
    expect(validator.push(piece)).toBe(false);
    expect(validator.invalidAt).toBe(oracle(piece));
  });

  test('a long piece that does not go on with the character before it', () => {
    const validator = new Utf8Validator(check);
    expect(validator.push(Uint8Array.of(0xe2, 0x82))).toBe(true);
    expect(validator.push(new Uint8Array(200).fill(0x61))).toBe(false);
    expect(validator.invalidAt).toBe(0);
    validator.reset();
    expect(validator.isComplete).toBe(true);
    expect(validator.push(new Uint8Array(200).fill(0x61))).toBe(true);
  });

  test('of 200 bytes that are not ASCII at one place only', () => {
    for (let at = 0; at < 200; at++) {
      const bytes = new Uint8Array(200).fill(0x7f);
      bytes[at] = 0x80;
      const validator = new Utf8Validator(check);
      expect(validator.push(bytes)).toBe(false);
      expect(validator.invalidAt).toBe(at);
    }
  });
});

test('what is short is not worth a call', () => {
  let calls = 0;
  const validator = new Utf8Validator((bytes) => {
    calls++;
    return isUtf8(bytes);
  });
  validator.push(new Uint8Array(95));
  expect(calls).toBe(0);
  validator.push(new Uint8Array(96));
  expect(calls).toBe(1);
});

describe.each([
  ['a Buffer', (bytes: Uint8Array): Uint8Array => Buffer.from(bytes)],
  ['an Uint8Array', (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes)],
])('decoding %s', (_name, make) => {
  const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const expectedOf = (bytes: Uint8Array): string | null => {
    try {
      return fatal.decode(bytes);
    } catch {
      return null;
    }
  };

  test('near texts, whole and a part of something', () => {
    const run = (bytes: Uint8Array) => {
      const expected = expectedOf(bytes);
      expect(decodeUtf8(make(bytes))).toBe(expected);
      const around = make(new Uint8Array(bytes.length + 7).fill(0xff));
      around.set(bytes, 3);
      expect(decodeUtf8(around, 3, 3 + bytes.length)).toBe(expected);
    };
    fc.assert(fc.property(nearText, run), { numRuns: 2000 });
  });

  test.each([
    [1, ALL],
    [2, ALL],
    [3, EDGES],
  ])('every string of %i bytes', (length, set) => {
    const { wrong } = wrongOnes(set, length, (bytes) => {
      return (decodeUtf8(make(bytes)) !== null) !== isUtf8(bytes);
    });
    expect(wrong).toEqual([]);
  });

  test('strings of four bytes from the edges', () => {
    const few = [
      0x41, 0x80, 0x8f, 0x9f, 0xa0, 0xbf, 0xc3, 0xe0, 0xed, 0xf0, 0xf1, 0xf4, 0xf5, 0xff,
    ];
    const { wrong } = wrongOnes(few, 4, (bytes) => {
      const text = decodeUtf8(make(bytes));
      return text === null ? isUtf8(bytes) : !isUtf8(bytes);
    });
    expect(wrong).toEqual([]);
  });

  test.each(['', '\ufeffmark', 'short', '\ufffd was sent', 'a longer text of ASCII', '\u0000'])(
    '%j',
    (text) => expect(decodeUtf8(make(new TextEncoder().encode(text)))).toBe(text),
  );

  test('a replacement that was sent beside an error', () => {
    expect(decodeUtf8(make(Uint8Array.of(0xef, 0xbf, 0xbd, 0x80)))).toBeNull();
  });
});
