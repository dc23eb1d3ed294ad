import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLatin1 } from '../src/latin1.ts';
import { numbered } from './support/bytes.ts';

/** One code unit per byte, one at a time. */
function naive(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let index = start; index < end; index++) text += String.fromCharCode(bytes[index] as number);
  return text;
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

describe('decodeLatin1', () => {
  test('each of the 256 bytes is the code unit of the same number', () => {
    const all = numbered(256);
    const text = decodeLatin1(all, 0, 256, false);
    expect(Array.from(text, (unit) => unit.charCodeAt(0))).toEqual([...all]);
  });

  test('0x80-0x9f are not those of windows-1252', () => {
    expect(decodeLatin1(Uint8Array.of(0x80, 0x92, 0x9f), 0, 3, false)).toBe('\x80\x92\x9f');
  });

  test('no bytes are no text', () => {
    expect(decodeLatin1(numbered(3), 2, 2, true)).toBe('');
    expect(decodeLatin1(new Uint8Array(0), 0, 0, false)).toBe('');
  });

  test('only the bytes from start to end are looked at', () => {
    const bytes = Uint8Array.of(0xff, 0x61, 0x62, 0xff);
    expect(decodeLatin1(bytes, 1, 3, true)).toBe('ab');
  });

  test.each([1, 63, 64, 65, 8_191, 8_192, 8_193, 16_384, 16_385, 300_000])(
    '%i bytes, ASCII and not',
    (length) => {
      const ascii = numbered(length).map((byte) => byte & 0x7f);
      const other = numbered(length).map((byte) => byte | 0x80);
      expect(decodeLatin1(ascii, 0, length, true)).toBe(naive(ascii, 0, length));
      expect(decodeLatin1(other, 0, length, false)).toBe(naive(other, 0, length));
    },
  );

  test('bytes that look like UTF-8, a byte order mark even, stay single bytes', () => {
    const marked = new Uint8Array(100).fill(0x61);
    marked.set([0xef, 0xbb, 0xbf, 0xc3, 0xa9]);
    expect(decodeLatin1(marked, 0, 100, false)).toBe(`\xef\xbb\xbf\xc3\xa9${'a'.repeat(95)}`);
  });

  test('equals the naive version, with the ASCII flag and without', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.integer({ min: 0, max: 0x7f }), { maxLength: 200 })
        .map((a) => Uint8Array.from(a)),
    );
    fc.assert(
      fc.property(bytes, fc.nat(200), fc.nat(200), (data, one, other) => {
        const start = Math.min(one, other, data.length);
        const end = Math.min(Math.max(one, other), data.length);
        const expected = naive(data, start, end);
        expect(decodeLatin1(data, start, end, false)).toBe(expected);
        const canSayAscii = isAscii(data.subarray(start, end));
        if (canSayAscii) expect(decodeLatin1(data, start, end, true)).toBe(expected);
        // Whose memory it shares, and from where on, is of no consequence.
        const whole = Buffer.concat([Buffer.from('before'), data, Buffer.from('behind')]);
        const own = whole.subarray(6, 6 + data.length);
        expect(decodeLatin1(own, start, end, canSayAscii)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
