import { describe, expect, test } from 'vitest';
import { ByteReader, lengthBytes } from '../src/byte-reader.ts';

class Unfit extends Error {}

function reader(...values: readonly number[]): ByteReader {
  return new ByteReader(
    Uint8Array.from(values),
    0,
    values.length,
    (detail) => new Unfit(`at fault: ${detail}`),
  );
}

describe('numbers (RFC 9846 section 3.3)', () => {
  test('are big-endian and unsigned', () => {
    const all = reader(0xff, 0x01, 0x02, 0xff, 0xfe, 0xfd, 0xfc);
    expect(all.uint8('a')).toBe(0xff);
    expect(all.uint16('b')).toBe(0x0102);
    expect(all.uint32('c')).toBe(0xfffefdfc);
    expect(all.left).toBe(0);
  });

  test.each([
    ['uint8', 0],
    ['uint16', 1],
    ['uint32', 3],
  ] as const)('%s does not fit in %i bytes, and nothing is read', (name, byteCount) => {
    const short = reader(...Array<number>(byteCount).fill(1));
    expect(() => short[name]('field')).toThrow(/^at fault: field: \d bytes where \d are left$/);
    expect(short.left).toBe(byteCount);
  });
});

describe('lists (RFC 9846 section 3.4)', () => {
  test.each([
    [0, 1],
    [255, 1],
    [256, 2],
    [65_535, 2],
    [65_536, 3],
    [2 ** 24 - 1, 3],
  ])('a ceiling of %i has its length in %i bytes', (ceiling, expected) => {
    expect(lengthBytes(ceiling)).toBe(expected);
  });

  test.each([
    [1, Unfit],
    [2, null],
    [3, null],
    [4, null],
    [5, Unfit],
  ])('opaque<2..4> of %i bytes', (length, fault) => {
    const one = reader(length, ...Array<number>(length).fill(7), 8);
    if (fault === null) {
      expect([...one.opaque('x', 2, 4)]).toEqual(Array<number>(length).fill(7));
      expect(one.left).toBe(1);
    } else expect(() => one.opaque('x', 2, 4)).toThrow(fault);
  });

  test('a length beyond the end is refused', () => {
    expect(() => reader(3, 1, 2).opaque('x', 0, 255)).toThrow('x: 3 bytes where 2 are left');
    expect(() => reader(0, 3, 1, 2).list('x', 0, 256)).toThrow('x: 3 bytes where 2 are left');
  });

  test('a list is read by a reader of its own, the outer one standing behind it', () => {
    const outer = reader(2, 0xa, 0xb, 0xc);
    const list = outer.list('x', 0, 255);
    expect(list.left).toBe(2);
    expect(list.uint16('y')).toBe(0x0a0b);
    expect(() => list.uint8('y')).toThrow(Unfit);
    expect(outer.uint8('z')).toBe(0xc);
  });

  test('uint16s must come out even', () => {
    expect(reader(0, 4, 0, 1, 0, 2).uint16s('x', 2, 0xfffe)).toEqual([1, 2]);
    expect(() => reader(0, 3, 0, 1, 0).uint16s('x', 2, 0xfffe)).toThrow(Unfit);
    expect(() => reader(0, 0).uint16s('x', 2, 0xfffe)).toThrow(Unfit);
  });

  test('opaques go to the end', () => {
    expect(
      reader(1, 7, 2, 8, 9)
        .opaques('x', 1, 255)
        .map((one) => [...one]),
    ).toEqual([[7], [8, 9]]);
    expect(reader().opaques('x', 1, 255)).toEqual([]);
    expect(() => reader(1, 7, 0).opaques('x', 1, 255)).toThrow(Unfit);
  });
});

test('what is left over is a fault', () => {
  const one = reader(1, 2);
  expect(() => one.finish('x')).toThrow('x: 2 bytes too many');
  one.fixed('y', 2);
  expect(() => one.finish('x')).not.toThrow();
});

test('reads inside its bounds only, and gives views', () => {
  const whole = Uint8Array.of(9, 1, 2, 9);
  const inner = new ByteReader(whole, 1, 3, (detail) => new Unfit(detail));
  const view = inner.fixed('x', 2);
  expect([...view]).toEqual([1, 2]);
  expect(view.buffer).toBe(whole.buffer);
  expect(() => inner.fixed('x', 1)).toThrow(Unfit);
});
