import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coverOf, minimise } from '../minimise.mjs';

interface Entry {
  readonly input: Uint8Array;
  readonly places: number[];
}

const entry = (length: number, ...places: number[]): Entry => ({
  input: new Uint8Array(length),
  places,
});
const placesOfAll = (entries: readonly { places: readonly number[] }[]) =>
  [...new Set(entries.flatMap(({ places }) => places))].sort((a, b) => a - b);
const lengths = (entries: readonly { input: Uint8Array }[]) =>
  entries.map(({ input }) => input.length).sort((a, b) => a - b);

const arbitraryEntries = fc.array(
  fc.record({ length: fc.nat(40), places: fc.uniqueArray(fc.nat(30), { maxLength: 12 }) }),
  { maxLength: 25 },
);

describe('a cover', () => {
  test('prefers the smaller of two that take the same', () => {
    expect(lengths(coverOf([entry(9, 1, 2), entry(3, 1, 2)]))).toEqual([3]);
  });

  test('lets go what several small ones take together', () => {
    expect(lengths(coverOf([entry(50, 1, 2, 3), entry(2, 1), entry(2, 2), entry(3, 3)]))).toEqual([
      2, 2, 3,
    ]);
  });

  test('takes nothing for places that are known already', () => {
    const entries = [entry(1, 1), entry(2, 2), entry(3, 1, 2)];
    expect(lengths(coverOf(entries, new Set([1])))).toEqual([2]);
    expect(coverOf(entries, new Set([1, 2]))).toEqual([]);
  });

  test('takes every place, and nothing that could be left out', () => {
    fc.assert(
      fc.property(arbitraryEntries, (made) => {
        const entries = made.map(({ length, places }) => entry(length, ...places));
        const cover = coverOf(entries);
        expect(placesOfAll(cover)).toEqual(placesOfAll(entries));
        for (const one of cover) {
          const others = cover.filter((other) => other !== one);
          expect(placesOfAll(others)).not.toEqual(placesOfAll(entries));
        }
      }),
    );
  });
});

/** Takes an place for each letter that is in the input, one more for two different ones in this order. */
function placesOf(input: Uint8Array): number[] | null {
  if (input.includes(0xff)) return null;
  const places = new Set<number>(input);
  for (let at = 1; at < input.length; at++) {
    if ((input[at] as number) > (input[at - 1] as number)) places.add(1000 + (input[at] as number));
  }
  return [...places];
}

test('minimising keeps every place and makes no input longer', () => {
  const bytes = fc.uint8Array({ max: 9, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 10 }), (inputs) => {
      const entries = inputs.map((input) => ({ input, places: placesOf(input) ?? [] }));
      const before = placesOfAll(entries);
      const settings = { known: new Set<number>(), headerBytes: 0, triesMax: 200, placesOf };
      const small: Uint8Array[] = minimise(entries, settings);
      const taken = small.map((input) => ({ places: placesOf(input) ?? [] }));
      // A smaller input may take an place that nobody asked for.
      expect(placesOfAll(taken)).toEqual(expect.arrayContaining(before));
      const sum = (all: readonly Uint8Array[]) =>
        all.reduce((total, { length }) => total + length, 0);
      expect(sum(small)).toBeLessThanOrEqual(sum(inputs));
    }),
  );
});
