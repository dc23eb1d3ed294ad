// Codes with the fewest bits for given counts of symbols, as DEFLATE numbers them (RFC 1951 section
// 3.2.2). How many bits each symbol needs is found in place, in time linear in the number of sorted
// symbols, as Moffat and Katajainen describe; too long ones are then shortened.
import { LITERAL_SYMBOLS } from './alphabet.ts';

const SYMBOL_BITS = 9;
const SYMBOL_MASK = (1 << SYMBOL_BITS) - 1;

/** Symbols that occur, and how often: count above, symbol below. */
const leaves = /* @__PURE__ */ new Int32Array(LITERAL_SYMBOLS);
const weights = /* @__PURE__ */ new Int32Array(LITERAL_SYMBOLS);
const lengthCounts = /* @__PURE__ */ new Uint16Array(32);
const nextCodes = /* @__PURE__ */ new Uint16Array(17);

/** One code. */
export class HuffmanCode {
  /** Bits of each symbol's code; 0: it does not occur. */
  readonly lengths: Uint8Array;
  /** The codes, the bit that is sent first lowest. */
  readonly codes: Uint16Array;
  private readonly bitsMax: number;

  constructor(symbolCount: number, bitsMax: number) {
    this.lengths = new Uint8Array(symbolCount);
    this.codes = new Uint16Array(symbolCount);
    this.bitsMax = bitsMax;
  }

  /** Makes the code that is best for these counts (each below 2^22). At least two symbols get one. */
  fit(counts: Uint16Array): void {
    const { lengths } = this;
    lengths.fill(0);
    let used = 0;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const count = counts[symbol]!;
      if (count > 0) leaves[used++] = (count << SYMBOL_BITS) | symbol;
    }
    // A code of one symbol would be incomplete, which some decoders refuse.
    for (let symbol = 0; used < 2; symbol++) {
      if (counts[symbol]! === 0) leaves[used++] = (1 << SYMBOL_BITS) | symbol;
    }
    leaves.subarray(0, used).sort();
    countLengths(used, this.bitsMax);
    // The rarest symbols come first and get the longest codes.
    let next = 0;
    for (let bits = this.bitsMax; bits > 0; bits--) {
      for (let left = lengthCounts[bits]!; left > 0; left--) {
        lengths[leaves[next++]! & SYMBOL_MASK] = bits;
      }
    }
    this.number();
  }

  /** Takes these lengths, of a code that is complete. */
  adopt(lengths: Uint8Array): void {
    this.lengths.set(lengths);
    lengthCounts.fill(0);
    for (const bits of lengths) lengthCounts[bits]!++;
    this.number();
  }

  /** "All codes of a given bit length have lexicographically consecutive values". */
  private number(): void {
    const { lengths, codes } = this;
    let code = 0;
    lengthCounts[0] = 0;
    for (let bits = 1; bits <= this.bitsMax; bits++) {
      code = (code + lengthCounts[bits - 1]!) << 1;
      nextCodes[bits] = code;
    }
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const bits = lengths[symbol]!;
      if (bits !== 0) codes[symbol] = reversed(nextCodes[bits]!++, bits);
    }
  }
}

function reversed(code: number, bits: number): number {
  let value = code;
  value = ((value & 0x5555) << 1) | ((value >> 1) & 0x5555);
  value = ((value & 0x3333) << 2) | ((value >> 2) & 0x3333);
  value = ((value & 0x0f0f) << 4) | ((value >> 4) & 0x0f0f);
  value = ((value & 0x00ff) << 8) | (value >> 8);
  return value >> (16 - bits);
}

/** Counts in `lengthCounts` how many of the sorted `leaves[0..used)` get how many bits. */
function countLengths(used: number, bitsMax: number): void {
  joinLightest(used);
  lengthCounts.fill(0);
  // From parents to depths, the root last in the row first.
  weights[used - 2] = 0;
  for (let node = used - 3; node >= 0; node--) weights[node] = weights[weights[node]!]! + 1;
  let free = 1;
  let inner = 0;
  let root = used - 2;
  for (let depth = 0; free > 0; depth++) {
    while (root >= 0 && weights[root] === depth) {
      inner++;
      root--;
    }
    const bits = Math.min(depth, bitsMax);
    lengthCounts[bits]! += free - inner;
    free = 2 * inner;
    inner = 0;
  }
  shorten(bitsMax);
}

/** Joins the two lightest leaves or nodes again and again; `weights[node]` becomes its parent. */
function joinLightest(used: number): void {
  for (let at = 0; at < used; at++) weights[at] = leaves[at]! >>> SYMBOL_BITS;
  let leaf = 0;
  let node = 0;
  for (let next = 0; next < used - 1; next++) {
    let sum = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= used || (node < next && weights[node]! < weights[leaf]!)) {
        sum += weights[node]!;
        weights[node++] = next;
      } else {
        sum += weights[leaf++]!;
      }
    }
    weights[next] = sum;
  }
}

/** Codes that were cut to `bitsMax` take more room than there is: others have to grow. */
function shorten(bitsMax: number): void {
  let excess = -(1 << bitsMax);
  for (let bits = 1; bits <= bitsMax; bits++) excess += lengthCounts[bits]! << (bitsMax - bits);
  while (excess > 0) {
    let bits = bitsMax - 1;
    while (lengthCounts[bits] === 0) bits--;
    // One leaf becomes two below it, one of which is taken from the deepest.
    lengthCounts[bits]!--;
    lengthCounts[bits + 1]! += 2;
    lengthCounts[bitsMax]!--;
    excess--;
  }
}
