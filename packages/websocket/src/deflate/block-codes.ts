// The codes of a block under way: of its literals and lengths, and of its distances.
import {
  CODE_LENGTH_ORDER,
  CODE_LENGTH_SYMBOLS,
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  FIXED_DISTANCE_LENGTHS,
  FIXED_LITERAL_LENGTHS,
  LITERAL_SYMBOLS,
} from './alphabet.ts';
import {
  buildTable,
  CODE_LENGTH_INDEX_BITS,
  CODE_LENGTH_MEANINGS,
  DISTANCE_ENTRIES_MAX,
  DISTANCE_INDEX_BITS,
  DISTANCE_MEANINGS,
  LITERAL_ENTRIES_MAX,
  LITERAL_INDEX_BITS,
  LITERAL_MEANINGS,
} from './decode-table.ts';

/** Codes that nobody needs are kept for the next block, of any connection; more than these are not. */
const SPARE_CODES_MAX = 8;

/** Tables, and the lengths from which they are made. */
export class BlockCodes {
  /** Of literals and lengths; of code lengths as long as these are read. */
  readonly literals: Int32Array = new Int32Array(LITERAL_ENTRIES_MAX);
  readonly distances: Int32Array = new Int32Array(DISTANCE_ENTRIES_MAX);
  /** Bits that index `literals`. */
  literalBits = 0;
  distanceBits = 0;
  /** Code lengths as they are read: literals first, distances right behind them. */
  readonly lengths: Uint8Array = new Uint8Array(LITERAL_SYMBOLS + DISTANCE_SYMBOLS);
  literalCount = 0;
  distanceCount = 0;
  /** Lengths of code lengths that are sent, at least 4. */
  codeLengthCount = 0;

  /** As many ones as bits index `literals`. */
  get literalMask(): number {
    return (1 << this.literalBits) - 1;
  }

  /** As many ones. */
  get distanceMask(): number {
    return (1 << this.distanceBits) - 1;
  }

  /** Bytes of memory, roughly. */
  get byteCount(): number {
    return 4 * (LITERAL_ENTRIES_MAX + DISTANCE_ENTRIES_MAX) + this.lengths.length;
  }

  /** Makes the table of code lengths from the first of `lengths`; false: there is no such code. */
  buildCodeLengths(): boolean {
    const { lengths } = this;
    const inOrder = codeLengthLengths.fill(0);
    for (let at = 0; at < this.codeLengthCount; at++)
      inOrder[CODE_LENGTH_ORDER[at]!] = lengths[at]!;
    const bits = CODE_LENGTH_INDEX_BITS;
    const meanings = CODE_LENGTH_MEANINGS;
    const end = CODE_LENGTH_SYMBOLS;
    this.literalBits = buildTable(this.literals, inOrder, 0, end, meanings, bits, false);
    return this.literalBits !== -1;
  }

  /** Makes both tables from `lengths`; false: there is no such code, or none for the end. */
  buildSymbols(): boolean {
    const { lengths, literalCount, distanceCount } = this;
    if (lengths[END_OF_BLOCK] === 0) return false;
    const end = literalCount + distanceCount;
    this.literalBits = literalTable(this.literals, lengths, literalCount);
    if (this.literalBits === -1) return false;
    this.distanceBits = distanceTable(this.distances, lengths, literalCount, end);
    return this.distanceBits !== -1;
  }
}

const codeLengthLengths = /* @__PURE__ */ new Uint8Array(CODE_LENGTH_SYMBOLS);

function literalTable(table: Int32Array, lengths: Uint8Array, end: number): number {
  return buildTable(table, lengths, 0, end, LITERAL_MEANINGS, LITERAL_INDEX_BITS, true);
}

function distanceTable(table: Int32Array, lengths: Uint8Array, from: number, end: number): number {
  return buildTable(table, lengths, from, end, DISTANCE_MEANINGS, DISTANCE_INDEX_BITS, true);
}

const spare: BlockCodes[] = [];
let fixed: BlockCodes | null = null;

/** The codes that a block with fixed codes has (RFC 1951 section 3.2.6), shared by all. */
export function fixedCodes(): BlockCodes {
  if (fixed !== null) return fixed;
  fixed = new BlockCodes();
  const distances = FIXED_DISTANCE_LENGTHS;
  const { length } = FIXED_LITERAL_LENGTHS;
  fixed.literalBits = literalTable(fixed.literals, FIXED_LITERAL_LENGTHS, length);
  fixed.distanceBits = distanceTable(fixed.distances, distances, 0, distances.length);
  return fixed;
}

/** Codes to fill in, to be handed back by `releaseCodes`. */
export function acquireCodes(): BlockCodes {
  return spare.pop() ?? new BlockCodes();
}

/** Takes codes back that `acquireCodes` gave; of the fixed ones nothing is to be done. */
export function releaseCodes(codes: BlockCodes): void {
  if (codes !== fixed && spare.length < SPARE_CODES_MAX) spare.push(codes);
}
