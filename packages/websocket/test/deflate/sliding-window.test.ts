// The ring against a plain row of bytes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlidingWindow } from '../../src/deflate/sliding-window.ts';

test('holds the last bytes, whatever was appended in whatever pieces', () => {
  const piece = fc.oneof(fc.nat(40), fc.nat(300), fc.nat(1_500));
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.integer({ min: 8, max: 10 }),
      (sizes, windowBits) => {
        const window = new SlidingWindow(windowBits);
        let all: number[] = [];
        let next = 0;
        for (const size of sizes) {
          const bytes = Uint8Array.from(
            { length: size + 3 },
            () => (next = (next * 5 + 17) & 0xff),
          );
          window.append(bytes, size);
          all = [...all, ...bytes.subarray(0, size)].slice(-(1 << windowBits));
          expect(window.length).toBe(all.length);
          expect(window.capacity).toBeLessThanOrEqual(1 << windowBits);
          expect([...window.copy()]).toEqual(all);
          const distance = Math.ceil(all.length * 0.7);
          const length = Math.min(distance, 258);
          const target = new Uint8Array(length + 2);
          window.copyTo(target, 1, distance, length);
          const from = all.length - distance;
          expect([...target]).toEqual([0, ...all.slice(from, from + length), 0]);
        }
      },
    ),
  );
});

test('does not copy what it does not have', () => {
  const window = new SlidingWindow(8);
  window.append(Uint8Array.of(1, 2, 3), 3);
  expect(() => window.copyTo(new Uint8Array(9), 0, 4, 1)).toThrow('a copy from within the window');
  expect(() => window.copyTo(new Uint8Array(9), 0, 2, 3)).toThrow('a copy from within the window');
});
