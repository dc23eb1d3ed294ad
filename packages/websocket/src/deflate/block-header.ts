// The codes that a block with dynamic codes begins with (RFC 1951 section 3.2.7).
import { DISTANCE_SYMBOLS, LITERAL_SYMBOLS, REPEAT_PREVIOUS } from './alphabet.ts';
import type { BitInput } from './bit-input.ts';
import type { BlockCodes } from './block-codes.ts';

/** The input is used up. */
const HEADER_NEEDS_INPUT = 0;
/** The codes are complete. */
export const HEADER_COMPLETE = 1;
/** There are no such codes. */
export const HEADER_INVALID = 2;

const COUNTS = 0;
const CODE_LENGTHS = 1;
const LENGTHS = 2;

/** By how many bits the symbols 16, 17 and 18 are followed, and what is added to these. */
const REPEAT_BITS: Uint8Array = /* @__PURE__ */ Uint8Array.of(2, 3, 7);
const REPEAT_MIN: Uint8Array = /* @__PURE__ */ Uint8Array.of(3, 3, 11);

/** Reads them into `BlockCodes`, from input in any pieces. */
export class BlockHeader {
  private state = COUNTS;
  /** Lengths that have been read. */
  private count = 0;

  /** Starts anew. */
  begin(): void {
    this.state = COUNTS;
  }

  /** Goes on with what input there is. */
  read(input: BitInput, codes: BlockCodes): number {
    if (this.state === COUNTS) {
      if (!input.need(14)) return HEADER_NEEDS_INPUT;
      codes.literalCount = input.take(5) + 257;
      codes.distanceCount = input.take(5) + 1;
      codes.codeLengthCount = input.take(4) + 4;
      if (codes.literalCount > LITERAL_SYMBOLS) return HEADER_INVALID;
      if (codes.distanceCount > DISTANCE_SYMBOLS) return HEADER_INVALID;
      this.count = 0;
      this.state = CODE_LENGTHS;
    }
    if (this.state === CODE_LENGTHS) {
      for (; this.count < codes.codeLengthCount; this.count++) {
        if (!input.need(3)) return HEADER_NEEDS_INPUT;
        codes.lengths[this.count] = input.take(3);
      }
      if (!codes.buildCodeLengths()) return HEADER_INVALID;
      this.count = 0;
      this.state = LENGTHS;
    }
    return this.readLengths(input, codes);
  }

  /** "The code lengths form a single sequence": a repetition may go on from literals to distances. */
  private readLengths(input: BitInput, codes: BlockCodes): number {
    const { bytes } = input;
    const { lengths, literals, literalMask } = codes;
    const total = codes.literalCount + codes.distanceCount;
    let { at, held, heldBits } = input;
    let { count } = this;
    while (count < total) {
      // A code of 7 bits, and 7 more.
      while (heldBits < 14 && at < bytes.length) {
        held |= bytes[at++]! << heldBits;
        heldBits += 8;
      }
      const entry = literals[held & literalMask]!;
      const symbol = entry >>> 16;
      const codeBits = entry & 15;
      const extraBits = symbol < REPEAT_PREVIOUS ? 0 : REPEAT_BITS[symbol - REPEAT_PREVIOUS]!;
      if (codeBits + extraBits > heldBits) break;
      const extra = (held >>> codeBits) & ((1 << extraBits) - 1);
      held >>>= codeBits + extraBits;
      heldBits -= codeBits + extraBits;
      if (symbol < REPEAT_PREVIOUS) {
        lengths[count++] = symbol;
        continue;
      }
      const end = count + REPEAT_MIN[symbol - REPEAT_PREVIOUS]! + extra;
      if (end > total || (symbol === REPEAT_PREVIOUS && count === 0)) return HEADER_INVALID;
      const length = symbol === REPEAT_PREVIOUS ? lengths[count - 1]! : 0;
      while (count < end) lengths[count++] = length;
    }
    this.count = count;
    input.at = at;
    input.held = held;
    input.heldBits = heldBits;
    if (count < total) return HEADER_NEEDS_INPUT;
    return codes.buildSymbols() ? HEADER_COMPLETE : HEADER_INVALID;
  }
}
