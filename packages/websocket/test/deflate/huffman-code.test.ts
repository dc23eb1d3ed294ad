import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HuffmanCode } from '../../src/deflate/huffman-code.ts';

/** Bits of a message with these counts in the best code, by the book: join the two lightest. */
function bestBits(counts: readonly number[]): number {
  const weights = counts.filter((count) => count > 0);
  let bits = 0;
  while (weights.length > 1) {
    weights.sort((left, right) => right - left);
    const sum = weights.pop()! + weights.pop()!;
    weights.push(sum);
    bits += sum;
  }
  return bits;
}

function fit(counts: readonly number[], bitsMax: number) {
  const code = new HuffmanCode(counts.length, bitsMax);
  code.fit(Uint16Array.from(counts));
  return code;
}

const bitsOf = (code: HuffmanCode, counts: readonly number[]) =>
  counts.reduce((sum, count, symbol) => sum + count * code.lengths[symbol]!, 0);
const space = (code: HuffmanCode) =>
  code.lengths.reduce((sum, bits) => sum + (bits === 0 ? 0 : 2 ** -bits), 0);

const countList = (length: number) =>
  fc.array(fc.oneof(fc.constant(0), fc.nat(5), fc.nat(1_000)), {
    minLength: length,
    maxLength: length,
  });

describe('a code', () => {
  test('is complete, and the best there is where no limit is in its way', () => {
    fc.assert(
      fc.property(countList(286), (counts) => {
        const code = fit(counts, 15);
        expect(space(code)).toBe(1);
        const used = counts.filter((count) => count > 0).length;
        // Lengths of fewer than 15 bits were not cut.
        const isCut = Math.max(...code.lengths) === 15;
        if (used >= 2 && !isCut) expect(bitsOf(code, counts)).toBe(bestBits(counts));
        for (const [symbol, count] of counts.entries()) {
          if (count > 0) expect(code.lengths[symbol]).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('keeps to its limit', () => {
    fc.assert(
      fc.property(countList(19), (counts) => {
        // Counts that grow as fast as the lengths of codes.
        const steep = counts.map((count, symbol) => (count === 0 ? 0 : Math.round(1.6 ** symbol)));
        for (const bitsMax of [5, 7, 15]) {
          const code = fit(steep, bitsMax);
          expect(space(code)).toBe(1);
          expect(Math.max(...code.lengths)).toBeLessThanOrEqual(bitsMax);
        }
      }),
    );
  });

  test('gives no symbol the code that begins another', () => {
    fc.assert(
      fc.property(countList(60), (counts) => {
        const code = fit(counts, 15);
        const digits = [...code.lengths].flatMap((bits, symbol) => {
          if (bits === 0) return [];
          return [[...code.codes[symbol]!.toString(2).padStart(bits, '0')].reverse().join('')];
        });
        digits.sort();
        for (let at = 1; at < digits.length; at++) {
          expect(digits[at]!.startsWith(digits[at - 1]!)).toBe(false);
        }
      }),
    );
  });

  test.each([
    ['nothing', []],
    ['one symbol', [[3, 9]]],
    ['the first symbol only', [[0, 9]]],
  ] as const)('of %s has two symbols all the same', (_, used) => {
    const counts = Array.from({ length: 30 }, () => 0);
    for (const [symbol, count] of used) counts[symbol] = count;
    const code = fit(counts, 15);
    expect(code.lengths.filter((bits) => bits === 1).length).toBe(2);
    for (const [symbol] of used) expect(code.lengths[symbol]).toBe(1);
  });
});
