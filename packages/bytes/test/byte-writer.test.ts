import { describe, expect, test } from 'vitest';
import { ByteWriter } from '../src/byte-writer.ts';

function written(write: (writer: ByteWriter) => void): number[] {
  const writer = new ByteWriter();
  write(writer);
  return [...writer.take()];
}

describe('numbers', () => {
  test('are big-endian', () => {
    expect(
      written((writer) => {
        writer.uint8('a', 0xff);
        writer.uint16('b', 0x0102);
        writer.uint32('c', 0xfffefdfc);
      }),
    ).toEqual([0xff, 1, 2, 0xff, 0xfe, 0xfd, 0xfc]);
  });

  test.each([
    ['uint8', 0xff],
    ['uint16', 0xffff],
    ['uint32', 0xffffffff],
  ] as const)('%s goes to %i', (name, ceiling) => {
    for (const value of [-1, ceiling + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => written((writer) => writer[name]('field', value))).toThrow(RangeError);
    }
    expect(written((writer) => writer[name]('field', ceiling)).every((byte) => byte === 0xff)).toBe(
      true,
    );
  });
});

describe('lists', () => {
  test.each([
    [1, false],
    [2, true],
    [4, true],
    [5, false],
  ])('opaque<2..4> of %i bytes', (length, fits) => {
    const act = (): number[] =>
      written((writer) => writer.opaque('x', 2, 4, new Uint8Array(length)));
    if (fits) expect(act()).toEqual([length, ...Array<number>(length).fill(0)]);
    else expect(act).toThrow(RangeError);
  });

  test('a list stands behind its length, however deep', () => {
    expect(
      written((writer) => {
        writer.list('outer', 0, 0xffffff, () => {
          writer.list('inner', 0, 0xffff, () => writer.uint16s('numbers', 2, 255, [1, 2]));
          writer.uint8('z', 9);
        });
      }),
    ).toEqual([0, 0, 8, 0, 5, 4, 0, 1, 0, 2, 9]);
  });

  test('a list out of its bounds is a RangeError', () => {
    const list = (byteCount: number) => (): number[] =>
      written((writer) => writer.list('x', 1, 255, () => writer.append(new Uint8Array(byteCount))));
    expect(list(0)).toThrow('x: 0 bytes, not 1 to 255');
    expect(list(256)).toThrow('x: 256 bytes, not 1 to 255');
    expect(list(255)()).toHaveLength(256);
  });

  test('fixed takes as many bytes as it says', () => {
    expect(written((writer) => writer.fixed('x', 2, Uint8Array.of(1, 2)))).toEqual([1, 2]);
    expect(() => written((writer) => writer.fixed('x', 2, Uint8Array.of(1)))).toThrow(RangeError);
  });
});

test('grows, and begins anew when all has been taken', () => {
  const writer = new ByteWriter();
  for (let at = 0; at < 1000; at += 1) writer.uint16('x', at);
  const first = writer.take();
  expect(first).toHaveLength(2000);
  expect(first[1999]).toBe(999 & 0xff);
  writer.uint8('y', 7);
  expect([...writer.take()]).toEqual([7]);
  expect(first[0]).toBe(0);
});
