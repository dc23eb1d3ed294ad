// Tables against a search through the list of codes, for random complete codes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BitInput } from '../../src/deflate/bit-input.ts';
import {
  buildTable,
  DISTANCE_ENTRIES_MAX,
  DISTANCE_INDEX_BITS,
  LITERAL_ENTRIES_MAX,
  LITERAL_INDEX_BITS,
} from '../../src/deflate/decode-table.ts';

const GUARD = 0x7fff_ffff;
const meanings = Int32Array.from({ length: 288 }, (_, symbol) => symbol << 16);

/** Splits leaves of a tree until there are as many as wanted: the lengths of a complete code. */
function completeCode(choices: readonly number[], count: number): number[] {
  const depths = [1, 1];
  for (let at = 0; depths.length < count; at++) {
    const splittable = depths.flatMap((depth, index) => (depth < 15 ? [index] : []));
    const chosen = splittable[(choices[at % choices.length]! + at) % splittable.length]!;
    const depth = depths[chosen]! + 1;
    depths[chosen] = depth;
    depths.push(depth);
  }
  return depths;
}

/** "Lexicographically consecutive values, in the same order as the symbols they represent." */
function codesOf(lengths: readonly number[]): Map<string, number> {
  const codes = new Map<string, number>();
  let code = 0;
  for (let bits = 1; bits <= 15; bits++) {
    code *= 2;
    for (const [symbol, length] of lengths.entries()) {
      if (length === bits) codes.set((code++).toString(2).padStart(bits, '0'), symbol);
    }
  }
  return codes;
}

function checkTable(lengths: readonly number[], entriesMax: number, indexBitsMax: number): void {
  const table = new Int32Array(entriesMax + 1).fill(GUARD);
  const source = Uint8Array.of(9, ...lengths, 9);
  const indexBits = buildTable(table, source, 1, 1 + lengths.length, meanings, indexBitsMax, true);
  expect(indexBits).toBe(Math.min(indexBitsMax, Math.max(...lengths)));
  // No code needs more than it was said that any code does.
  expect(table[entriesMax]).toBe(GUARD);
  for (const [digits, symbol] of codesOf(lengths)) {
    const input = new BitInput();
    const value = Number.parseInt([...digits].reverse().join(''), 2);
    input.supply(Uint8Array.of(value & 255, value >> 8));
    const entry = input.peekEntry(table, indexBits);
    expect(entry >>> 16).toBe(symbol);
    expect(entry & 15).toBe(digits.length);
  }
}

describe('a table has every code, and no more entries than it may', () => {
  const choices = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 300 });

  test('of literals', () => {
    fc.assert(
      fc.property(choices, fc.integer({ min: 2, max: 288 }), (list, count) => {
        checkTable(completeCode(list, count), LITERAL_ENTRIES_MAX, LITERAL_INDEX_BITS);
      }),
      { numRuns: 200 },
    );
  });

  test('of distances', () => {
    fc.assert(
      fc.property(choices, fc.integer({ min: 2, max: 32 }), (list, count) => {
        checkTable(completeCode(list, count), DISTANCE_ENTRIES_MAX, DISTANCE_INDEX_BITS);
      }),
      { numRuns: 400 },
    );
  });
});

/**
 * Entries of second tables at most, over all codes of which `symbols` are left for the `open` beginnings
 * of `bits` bits; `room` is what is free in the last table, in codes of `bits` bits.
 */
function entriesMax(
  symbols: number,
  open: number,
  bits: number,
  room: number,
  indexBits: number,
  known: Map<number, number>,
): number {
  const key = ((symbols * 512 + open) * 16 + bits) * 64 + room;
  const before = known.get(key);
  if (before !== undefined) return before;
  let most = 0;
  const last = bits === 15 ? open : 0;
  for (let used = last; used <= open; used++) {
    const left = symbols - used;
    const following = 2 * (open - used);
    // All that is open needs at least one symbol, and the last length leaves nothing open.
    if (left < following || (following === 0 && left > 0)) continue;
    let free = room;
    let entries = 0;
    if (used > free) {
      const size = 1 << (bits - indexBits);
      const tables = Math.ceil((used - free) / size);
      entries = tables * size;
      free += tables * size;
    }
    free -= used;
    if (following > 0) {
      if (free > 0) entries += 1 << (bits - indexBits);
      entries += entriesMax(left, following, bits + 1, 2 * free, indexBits, known);
    }
    most = Math.max(most, entries);
  }
  known.set(key, most);
  return most;
}

test('no code whatsoever needs more entries than the tables have', () => {
  for (const [symbolsMax, indexBits, limit] of [
    [288, LITERAL_INDEX_BITS, LITERAL_ENTRIES_MAX],
    [32, DISTANCE_INDEX_BITS, DISTANCE_ENTRIES_MAX],
  ] as const) {
    const known = new Map<number, number>();
    const indexSize = 1 << indexBits;
    let most = 0;
    for (let begun = 1; 2 * begun <= symbolsMax; begun++) {
      // The rest of the index is at least so many codes: one for each bit of its size.
      const others = (indexSize - begun).toString(2).replaceAll('0', '').length;
      const symbols = symbolsMax - others;
      if (symbols < 2 * begun) continue;
      const entries = entriesMax(symbols, 2 * begun, indexBits + 1, 0, indexBits, known);
      most = Math.max(most, indexSize + entries);
    }
    expect(most).toBe(limit);
  }
});
