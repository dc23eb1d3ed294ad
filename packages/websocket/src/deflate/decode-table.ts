// Tables that turn bits into symbols. A table is indexed with the next `bits` bits of the stream, the
// first bit lowest. What is longer continues in a second table behind the first (RFC 1951 section 3.2.2).
import {
  CODE_BITS_MAX,
  CODE_LENGTH_SYMBOLS,
  DISTANCE_BASES,
  DISTANCE_EXTRA_BITS,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_BASES,
  LENGTH_EXTRA_BITS,
} from './alphabet.ts';

// An entry: bits 0-3 are the length of the code; 4-7 the extra bits behind it, or how many bits index
// the second table; 8-11 a flag; 16-31 the literal, the base, or where the second table begins.

/** The entry is a literal. */
export const LITERAL = 0x100;
/** The entry ends the block. */
export const BLOCK_END = 0x200;
/** The entry leads to a second table. */
export const SECOND_TABLE = 0x400;
/** No symbol has this code. */
export const NO_SYMBOL = 0x800;
/** None of the flags: the entry is the base of a length or distance. */
export const NOT_BASE: number = LITERAL | BLOCK_END | SECOND_TABLE | NO_SYMBOL;

/** The index of literals and lengths has at most so many bits, ... */
export const LITERAL_INDEX_BITS = 10;
/** ... with which the whole table has at most so many entries, whatever the code. */
export const LITERAL_ENTRIES_MAX = 1334;
/** The index of distances has at most so many bits. */
export const DISTANCE_INDEX_BITS = 8;
/** Entries of the whole table at most. */
export const DISTANCE_ENTRIES_MAX = 402;
/** Codes of code lengths have at most 7 bits. */
export const CODE_LENGTH_INDEX_BITS = 7;

/** What the entry of a literal, end of block, or length says besides the length of its code. */
export const LITERAL_MEANINGS: Int32Array = /* @__PURE__ */ literalMeanings();
/** What the entry of a distance says. */
export const DISTANCE_MEANINGS: Int32Array = /* @__PURE__ */ withUnused(
  meanings(DISTANCE_BASES, DISTANCE_EXTRA_BITS),
);
/** What the entry of a code length says. */
export const CODE_LENGTH_MEANINGS: Int32Array = /* @__PURE__ */ Int32Array.from(
  { length: CODE_LENGTH_SYMBOLS },
  (_, symbol) => symbol << 16,
);

function meanings(symbolBases: Uint16Array, extraBits: Uint8Array): number[] {
  return Array.from(symbolBases, (base, symbol) => (base << 16) | (extraBits[symbol]! << 4));
}

/** The two last symbols of the fixed codes "will never actually occur" (RFC 1951 section 3.2.6). */
function withUnused(list: number[]): Int32Array {
  return Int32Array.of(...list, NO_SYMBOL, NO_SYMBOL);
}

function literalMeanings(): Int32Array {
  const literals = Array.from({ length: END_OF_BLOCK }, (_, value) => (value << 16) | LITERAL);
  const lengths = meanings(LENGTH_BASES, LENGTH_EXTRA_BITS);
  return withUnused([...literals, BLOCK_END, ...lengths]);
}

const counts = /* @__PURE__ */ new Uint16Array(CODE_BITS_MAX + 1);
const offsets = /* @__PURE__ */ new Uint16Array(CODE_BITS_MAX + 2);
const sorted = /* @__PURE__ */ new Uint16Array(FIRST_LENGTH + 31);

/**
 * Counts the codes of each length in `lengths[start..end)`, and puts the symbols in the order of their
 * codes. Returns how much of the space of codes is left, in units of 2^-15; negative: too many codes.
 */
function sortSymbols(lengths: Uint8Array, start: number, end: number): number {
  counts.fill(0);
  for (let at = start; at < end; at++) counts[lengths[at]!]!++;
  let left = 1 << CODE_BITS_MAX;
  offsets[1] = 0;
  for (let bits = 1; bits <= CODE_BITS_MAX; bits++) {
    left -= counts[bits]! << (CODE_BITS_MAX - bits);
    offsets[bits + 1] = offsets[bits]! + counts[bits]!;
  }
  for (let at = start; at < end; at++) {
    const bits = lengths[at]!;
    if (bits !== 0) sorted[offsets[bits]!++] = at - start;
  }
  return left;
}

/**
 * Makes the table of the code with the given lengths, one for each symbol from 0 on. Returns the bits
 * of its index, at most `indexBitsMax`; or -1 if such a code is not allowed: more codes than there is
 * room for, or fewer. Where `mayBePartial`, one code of one bit is allowed, and none ("one distance
 * code of zero bits means that there are no distance codes used at all", section 3.2.7).
 */
export function buildTable(
  table: Int32Array,
  lengths: Uint8Array,
  start: number,
  end: number,
  symbolMeanings: Int32Array,
  indexBitsMax: number,
  mayBePartial: boolean,
): number {
  const left = sortSymbols(lengths, start, end);
  if (left < 0) return -1;
  let bitsMax = CODE_BITS_MAX;
  while (bitsMax > 0 && counts[bitsMax] === 0) bitsMax--;
  if (left > 0) {
    if (!mayBePartial || bitsMax > 1) return -1;
    table.fill(NO_SYMBOL | 1, 0, 2);
    if (bitsMax === 1) table[0] = symbolMeanings[sorted[0]!]! | 1;
    return 1;
  }
  const indexBits = Math.min(indexBitsMax, bitsMax);
  fillTable(table, symbolMeanings, indexBits, bitsMax);
  return indexBits;
}

/** The bits of the next code, the first lowest: adds one where the last bit of the code is highest. */
function nextReversed(code: number, bits: number): number {
  let bit = 1 << (bits - 1);
  while ((code & bit) !== 0) bit >>= 1;
  return bit === 0 ? 0 : (code & (bit - 1)) | bit;
}

/** `code` is counted up as it is read; codes that grow by a bit keep their bits. */
function fillTable(
  table: Int32Array,
  symbolMeanings: Int32Array,
  indexBits: number,
  bitsMax: number,
): void {
  const indexSize = 1 << indexBits;
  let code = 0;
  let next = 0;
  for (let bits = 1; bits <= indexBits; bits++) {
    const step = 1 << bits;
    for (let left = counts[bits]!; left > 0; left--) {
      const entry = symbolMeanings[sorted[next++]!]! | bits;
      for (let at = code; at < indexSize; at += step) table[at] = entry;
      code = nextReversed(code, bits);
    }
  }
  if (bitsMax > indexBits) fillSecondTables(table, symbolMeanings, indexBits, bitsMax, code, next);
}

/** Each second table is as large as the codes with its beginning need. */
function fillSecondTables(
  table: Int32Array,
  symbolMeanings: Int32Array,
  indexBits: number,
  bitsMax: number,
  firstCode: number,
  firstSorted: number,
): void {
  const indexMask = (1 << indexBits) - 1;
  let code = firstCode;
  let next = firstSorted;
  let begin = -1;
  let tableStart = 1 << indexBits;
  let tableSize = 0;
  for (let bits = indexBits + 1; bits <= bitsMax; bits++) {
    for (let left = counts[bits]!; left > 0; left--) {
      if ((code & indexMask) !== begin) {
        begin = code & indexMask;
        tableStart += tableSize;
        const secondBits = secondTableBits(bits - indexBits, left, bitsMax - indexBits, indexBits);
        tableSize = 1 << secondBits;
        table[begin] = (tableStart << 16) | SECOND_TABLE | (secondBits << 4) | indexBits;
      }
      const entry = symbolMeanings[sorted[next++]!]! | bits;
      const step = 1 << (bits - indexBits);
      for (let at = code >> indexBits; at < tableSize; at += step) table[tableStart + at] = entry;
      code = nextReversed(code, bits);
    }
  }
}

/** How many more bits are needed to tell apart the codes that follow, until their space is full. */
function secondTableBits(first: number, count: number, last: number, indexBits: number): number {
  let bits = first;
  let room = (1 << bits) - count;
  while (bits < last && room > 0) {
    bits++;
    room = (room << 1) - counts[indexBits + bits]!;
  }
  return bits;
}
