import { describe, expect, test } from 'vitest';
import { mask, maskInto } from '../src/mask.ts';
import { chooseWords, maskLongWords, maskShortWords, maskWords } from '../src/mask-words.ts';

/** RFC 6455 5.3, octet by octet. */
function expected(source: Uint8Array, key: number, phase: number): Uint8Array {
  const octets = [key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255];
  return source.map((octet, index) => octet ^ octets[(index + phase) % 4]!);
}

const KEY = 0x92_3f_a1_07;

/** Bytes that repeat nowhere near. */
function sample(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 167 + (index >> 8) * 31 + 13) & 255);
}

/** What is in `whole` once `[start, end)` of it is masked, and all around is as it was. */
function wholeExpected(whole: Uint8Array, start: number, end: number, phase: number): Uint8Array {
  const result = new Uint8Array(whole);
  result.set(expected(result.subarray(start, end), KEY, phase), start);
  return result;
}

test('the example of RFC 6455 section 5.7', () => {
  const bytes = Uint8Array.of(0x7f, 0x9f, 0x4d, 0x51, 0x58);
  mask(bytes, 0, 5, 0x37_fa_21_3d, 0);
  expect(new TextDecoder().decode(bytes)).toBe('Hello');
});

describe('in place, equal to the sentence of the RFC and nothing outside is written', () => {
  const GUARD_BYTES = 24;
  for (const kind of ['fresh', 'again'] as const) {
    // The second time the same bytes come, they are masked by other means.
    test(`${kind}, every length to 300 at every offset to 15 and phase`, () => {
      for (let offset = 0; offset < 16; offset++) {
        const base = sample(300 + 2 * GUARD_BYTES + 16);
        const whole = new Uint8Array(base);
        for (let length = 0; length <= 300; length++) {
          for (let phase = 0; phase < 4; phase++) {
            const start = GUARD_BYTES + offset;
            const view = kind === 'again' ? whole : whole.subarray(start, start + length);
            const from = kind === 'again' ? start : 0;
            mask(view, from, from + length, KEY, phase);
            const wanted = wholeExpected(base, start, start + length, phase);
            if (Buffer.compare(whole, wanted) !== 0) {
              expect.fail(`length ${length}, offset ${offset}, phase ${phase}`);
            }
            whole.set(base);
          }
        }
      }
    });
  }

  test.each([1024, 4099, 65_536, 70_001])('%i bytes', (length) => {
    for (let offset = 0; offset < 9; offset++) {
      const base = sample(length + 32);
      const whole = Buffer.from(base.buffer.slice(0));
      const view = whole.subarray(offset, offset + length);
      mask(view, 0, length, KEY, offset % 4);
      expect(Buffer.compare(whole, wholeExpected(base, offset, offset + length, offset % 4))).toBe(
        0,
      );
    }
  });

  test('a part of a view that begins within its buffer', () => {
    const base = sample(400);
    const whole = new Uint8Array(base);
    const view = whole.subarray(3, 390);
    for (const [start, end] of [
      [5, 30],
      [7, 100],
      [40, 380],
    ] as const) {
      for (let time = 0; time < 3; time++) {
        mask(view, start, end, KEY, time);
        expect(Buffer.compare(whole, wholeExpected(base, 3 + start, 3 + end, time))).toBe(0);
        whole.set(base);
      }
    }
  });
});

test('many frames of one chunk, and of another one between them', () => {
  const chunks = [sample(2000), sample(1999)] as const;
  const before = chunks.map((chunk) => new Uint8Array(chunk));
  const order = [0, 0, 0, 1, 0, 1, 1, 0];
  for (const [turn, which] of order.entries()) {
    const start = turn * 130;
    const end = start + 9 + turn * 16;
    mask(chunks[which]!, start, end, KEY, turn % 4);
    const wanted = wholeExpected(before[which]!, start, end, turn % 4);
    expect(Buffer.compare(chunks[which]!, wanted)).toBe(0);
    before[which] = new Uint8Array(chunks[which]!);
  }
});

test('a large chunk, which is not held', () => {
  const large = sample(70_000);
  const wanted = new Uint8Array(large);
  const chunk = large.subarray(0, 66_000);
  for (const length of [20, 60, 20, 60]) {
    mask(chunk, 1, 1 + length, KEY, 2);
    wanted.set(expected(wanted.subarray(1, 1 + length), KEY, 2), 1);
    expect(Buffer.compare(large, wanted)).toBe(0);
  }
});

test('bytes that grow with their buffer after a frame was masked', () => {
  type Growing = ArrayBuffer & { resize(byteLength: number): void };
  const Resizable = ArrayBuffer as unknown as new (
    byteLength: number,
    options: { maxByteLength: number },
  ) => Growing;
  const buffer = new Resizable(64, { maxByteLength: 256 });
  const bytes = new Uint8Array(buffer);
  mask(bytes, 0, 20, KEY, 0);
  mask(bytes, 0, 20, KEY, 0);
  buffer.resize(256);
  mask(bytes, 100, 130, KEY, 1);
  expect(Buffer.compare(bytes, wholeExpected(new Uint8Array(256), 100, 130, 1))).toBe(0);
});

test('a payload in pieces is as the payload in one', () => {
  const source = sample(1000);
  const wanted = expected(source, KEY, 0);
  for (const pieceBytes of [1, 2, 3, 5, 7, 13, 47, 49, 101, 191, 193, 333]) {
    const bytes = new Uint8Array(source);
    for (let at = 0; at < 1000; at += pieceBytes) {
      mask(bytes, at, Math.min(1000, at + pieceBytes), KEY, at % 4);
    }
    expect(Buffer.compare(bytes, wanted)).toBe(0);
  }
});

test('a key may be signed', () => {
  const [left, right] = [sample(300), sample(300)];
  mask(left, 0, 300, 0xff_00_ee_11, 3);
  mask(right, 0, 300, 0xff_00_ee_11 | 0, 3);
  expect(left).toEqual(right);
});

test.each([
  [-1, 4],
  [3, 2],
  [0, 11],
  [Number.NaN, 4],
  [0, Number.NaN],
])('a range from %d to %d of ten bytes is refused, and nothing is written', (start, end) => {
  const bytes = sample(10);
  expect(() => mask(bytes, start, end, KEY, 0)).toThrow(RangeError);
  expect(() => maskInto(bytes, start, end, new Uint8Array(20), 0, KEY, 0)).toThrow(RangeError);
  expect(bytes).toEqual(sample(10));
});

describe('a masked copy', () => {
  test('every length to 300 at several offsets of both, and phase', () => {
    const source = sample(340);
    const before = new Uint8Array(source);
    const target = sample(360);
    const behind = new Uint8Array(target);
    for (let length = 0; length <= 300; length++) {
      for (const [start, at] of [
        [0, 0],
        [1, 6],
        [8, 14],
        [3, 3],
        [5, 0],
      ] as const) {
        const phase = (length + at) % 4;
        maskInto(source, start, start + length, target, at, KEY, phase);
        const wanted = new Uint8Array(behind);
        wanted.set(expected(source.subarray(start, start + length), KEY, phase), at);
        if (Buffer.compare(target, wanted) !== 0) expect.fail(`length ${length}, to ${at}`);
        target.set(behind);
      }
    }
    expect(source).toEqual(before);
  });

  test('all of the source', () => {
    const target = new Uint8Array(1014);
    maskInto(sample(1000), 0, 1000, target, 14, KEY, 0);
    expect(target.subarray(14)).toEqual(expected(sample(1000), KEY, 0));
  });

  test.each([-1, 1, 5])('a target without room from %d on is refused', (at) => {
    const target = new Uint8Array(10);
    expect(() => maskInto(sample(10), 0, 10, target, at, KEY, 0)).toThrow(RangeError);
    expect(target).toEqual(new Uint8Array(10));
  });
});

test.each([
  ['long', maskLongWords],
  ['short', maskShortWords],
])('%s words, whichever are the ones that are used here', (_name, maskThem) => {
  for (let count = 0; count < 40; count++) {
    const bytes = sample(count * 8 + 16);
    maskThem(bytes.buffer, 8, count * 8, KEY);
    expect(Buffer.compare(bytes, wholeExpected(sample(count * 8 + 16), 8, 8 + count * 8, 0))).toBe(
      0,
    );
  }
});

test.each([
  ['The number 0.5 cannot be converted to a BigInt because it is not an integer', maskLongWords],
  ['Not an integer', maskShortWords],
  ["0.5 can't be converted to BigInt because it isn't an integer", maskShortWords],
])('an engine that says: %s', (complaint, words) => {
  expect(chooseWords(complaint)).toBe(words);
});

test('node has V8', () => expect(maskWords).toBe(maskLongWords));
