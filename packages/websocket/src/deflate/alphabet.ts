// The three alphabets of DEFLATE and what their symbols stand for (RFC 1951 sections 3.2.5 to 3.2.7).

/** Ends a block; literals are below, lengths above. */
export const END_OF_BLOCK = 256;
/** The symbol of a match of 3 bytes. */
export const FIRST_LENGTH = 257;
/** Literals, the end of a block, and 29 lengths. */
export const LITERAL_SYMBOLS = 286;
/** Of distances. */
export const DISTANCE_SYMBOLS = 30;
/** Of lengths of codes. */
export const CODE_LENGTH_SYMBOLS = 19;

/** Repeats the length before it 3 to 6 times; the two others repeat zero. */
export const REPEAT_PREVIOUS = 16;
/** Bytes that one match copies at least. */
const MATCH_BYTES_MIN = 3;
/** Bytes that one match copies at most. */
export const MATCH_BYTES_MAX = 258;
/** Bits of a code at most, of literals, lengths and distances. */
export const CODE_BITS_MAX = 15;

/** The smallest window that can be agreed (RFC 7692 section 7.1.2). */
const WINDOW_BITS_MIN = 8;
/** The largest. */
export const WINDOW_BITS_MAX = 15;

/** How many extra bits follow the symbol of a length. */
export const LENGTH_EXTRA_BITS: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
);
/** The smallest length that a symbol stands for. */
export const LENGTH_BASES: Uint16Array = /* @__PURE__ */ lengthBases();
/** How many extra bits follow the symbol of a distance. */
export const DISTANCE_EXTRA_BITS: Uint8Array = /* @__PURE__ */ Uint8Array.from(
  { length: DISTANCE_SYMBOLS },
  (_, symbol) => Math.max(0, (symbol >> 1) - 1),
);
/** The smallest distance that a symbol stands for. */
export const DISTANCE_BASES: Uint16Array = /* @__PURE__ */ bases(DISTANCE_EXTRA_BITS, 1);
/** In which order the lengths of the code for code lengths are sent. */
export const CODE_LENGTH_ORDER: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  ...[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15],
);

/** The code lengths of literals and lengths in a block with fixed codes; two are never used. */
export const FIXED_LITERAL_LENGTHS: Uint8Array = /* @__PURE__ */ Uint8Array.from(
  { length: LITERAL_SYMBOLS + 2 },
  (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8),
);
/** The code lengths of distances in a block with fixed codes; two are never used. */
export const FIXED_DISTANCE_LENGTHS: Uint8Array = /* @__PURE__ */ new Uint8Array(
  DISTANCE_SYMBOLS + 2,
).fill(5);

/** Each symbol begins where the one before ends. */
function bases(extraBits: Uint8Array, first: number): Uint16Array {
  const result = new Uint16Array(extraBits.length);
  let base = first;
  for (let symbol = 0; symbol < extraBits.length; symbol++) {
    result[symbol] = base;
    base += 1 << extraBits[symbol]!;
  }
  return result;
}

/** The longest length has a symbol of its own, although the one before could say it. */
function lengthBases(): Uint16Array {
  const result = bases(LENGTH_EXTRA_BITS, MATCH_BYTES_MIN);
  result[result.length - 1] = MATCH_BYTES_MAX;
  return result;
}

/** Throws a RangeError for a window that cannot be agreed. */
export function checkWindowBits(windowBits: number): void {
  const isInRange = windowBits >= WINDOW_BITS_MIN && windowBits <= WINDOW_BITS_MAX;
  const isValid = Number.isInteger(windowBits) && isInRange;
  if (!isValid) throw new RangeError(`windowBits must be an integer from 8 to 15: ${windowBits}`);
}
