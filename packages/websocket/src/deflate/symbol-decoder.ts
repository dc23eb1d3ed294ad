// The compressed data of a block: literals, and references to what came before (RFC 1951 section 3.2.3).

import { MATCH_BYTES_MAX } from './alphabet.ts';
import type { BitInput } from './bit-input.ts';
import type { BlockCodes } from './block-codes.ts';
import { BLOCK_END, LITERAL, NO_SYMBOL, NOT_BASE, SECOND_TABLE } from './decode-table.ts';
import type { OutputBlock } from './output-block.ts';

/** The input is used up. */
export const NEEDS_INPUT = 0;
/** The piece of output is full. */
export const NEEDS_OUTPUT = 1;
/** The block has ended. */
export const BLOCK_ENDED = 2;
/** This is no DEFLATE. */
export const INVALID = 3;

const SYMBOL = 0;
const LENGTH_EXTRA = 1;
const DISTANCE = 2;
const DISTANCE_EXTRA = 3;
const MATCH = 4;
const END = 5;
const FAULT = 6;

/** Input that is read ahead without looking where it ends. */
const INPUT_MARGIN_BYTES = 13;
/** A literal, and the longest match behind it. */
const OUTPUT_MARGIN_BYTES = 1 + MATCH_BYTES_MAX;

/** Decodes symbols; what is under way outlives the pieces of input and output. */
export class SymbolDecoder {
  private state = SYMBOL;
  /** Bytes that the match under way still copies. */
  private length = 0;
  private distance = 0;
  /** Bits that are still to be read behind a length or distance. */
  private extraBits = 0;

  /** Forgets what is under way. */
  begin(): void {
    this.state = SYMBOL;
  }

  /** Decodes as much as there is input and room for. */
  decode(input: BitInput, output: OutputBlock, codes: BlockCodes): number {
    for (;;) {
      if (this.state === SYMBOL && hasMargins(input, output)) this.decodeFast(input, output, codes);
      switch (this.state) {
        case SYMBOL:
          if (!this.takeSymbol(input, output, codes)) return waitsFor(output);
          break;
        case LENGTH_EXTRA:
          if (!input.need(this.extraBits)) return NEEDS_INPUT;
          this.length += input.take(this.extraBits);
          this.state = DISTANCE;
          break;
        case DISTANCE:
          if (!this.takeDistance(input, codes)) return NEEDS_INPUT;
          break;
        case DISTANCE_EXTRA:
          if (!input.need(this.extraBits)) return NEEDS_INPUT;
          this.distance += input.take(this.extraBits);
          this.state = output.reaches(this.distance) ? MATCH : FAULT;
          break;
        case MATCH:
          if (!this.copyMatch(output)) return NEEDS_OUTPUT;
          break;
        case END:
          return BLOCK_ENDED;
        default:
          return INVALID;
      }
    }
  }

  /** False: there is no room, or no whole code. */
  private takeSymbol(input: BitInput, output: OutputBlock, codes: BlockCodes): boolean {
    // An end of block may come without room.
    const entry = input.peekEntry(codes.literals, codes.literalBits);
    if (entry === -1) return false;
    if ((entry & LITERAL) !== 0) {
      if (output.length === output.lengthMax) return false;
      output.bytes[output.length++] = entry >>> 16;
    } else if ((entry & NOT_BASE) !== 0) {
      this.state = (entry & BLOCK_END) !== 0 ? END : FAULT;
    } else {
      this.length = entry >>> 16;
      this.extraBits = (entry >>> 4) & 15;
      this.state = LENGTH_EXTRA;
    }
    input.drop(entry & 15);
    return true;
  }

  private takeDistance(input: BitInput, codes: BlockCodes): boolean {
    const entry = input.peekEntry(codes.distances, codes.distanceBits);
    if (entry === -1) return false;
    input.drop(entry & 15);
    this.distance = entry >>> 16;
    this.extraBits = (entry >>> 4) & 15;
    this.state = (entry & NO_SYMBOL) !== 0 ? FAULT : DISTANCE_EXTRA;
    return true;
  }

  /** False: no room for all of it. */
  private copyMatch(output: OutputBlock): boolean {
    const count = Math.min(this.length, output.lengthMax - output.length);
    output.repeat(this.distance, count);
    this.length -= count;
    if (this.length > 0) return false;
    this.state = SYMBOL;
    return true;
  }

  /**
   * As long as there is more than enough of input and room. Four bytes are held at once; those whose
   * bits did not all fit are read again, and the same bits come to the same place.
   */
  private decodeFast(input: BitInput, output: OutputBlock, codes: BlockCodes): void {
    const { view } = input;
    const { bytes, distanceMax } = output;
    const { literals, literalBits, literalMask } = codes;
    const { distances, distanceBits, distanceMask } = codes;
    const inputEnd = input.bytes.length - INPUT_MARGIN_BYTES;
    const outputEnd = output.lengthMax - OUTPUT_MARGIN_BYTES;
    let { at, held, heldBits } = input;
    let { length: size } = output;
    let state = SYMBOL;
    do {
      held |= view.getUint32(at, true) << heldBits;
      at += (31 - heldBits) >> 3;
      heldBits |= 24;
      let entry = literals[held & literalMask]!;
      if ((entry & LITERAL) !== 0) {
        bytes[size++] = entry >>> 16;
        held >>>= entry & 15;
        heldBits -= entry & 15;
        entry = literals[held & literalMask]!;
        if ((entry & LITERAL) !== 0) {
          bytes[size++] = entry >>> 16;
          held >>>= entry & 15;
          heldBits -= entry & 15;
          continue;
        }
        held |= view.getUint32(at, true) << heldBits;
        at += (31 - heldBits) >> 3;
        heldBits |= 24;
      }
      if ((entry & SECOND_TABLE) !== 0) entry = secondEntry(literals, entry, held >>> literalBits);
      let bits = (entry & 15) + ((entry >>> 4) & 15);
      const length = baseAndExtra(entry, held);
      held >>>= bits;
      heldBits -= bits;
      if ((entry & NOT_BASE) !== 0) {
        if ((entry & LITERAL) === 0) {
          state = (entry & BLOCK_END) !== 0 ? END : FAULT;
          break;
        }
        bytes[size++] = entry >>> 16;
        continue;
      }
      held |= view.getUint32(at, true) << heldBits;
      at += (31 - heldBits) >> 3;
      heldBits |= 24;
      entry = entryAt(distances, held, distanceMask, distanceBits);
      held >>>= entry & 15;
      heldBits -= entry & 15;
      bits = (entry >>> 4) & 15;
      if (heldBits < bits) {
        held |= view.getUint32(at, true) << heldBits;
        at += (31 - heldBits) >> 3;
        heldBits |= 24;
      }
      const distance = (entry >>> 16) + (held & ((1 << bits) - 1));
      held >>>= bits;
      heldBits -= bits;
      if (distance <= size && distance <= distanceMax && (entry & NO_SYMBOL) === 0) {
        size = repeat(bytes, size, distance, length);
        continue;
      }
      output.length = size;
      if ((entry & NO_SYMBOL) !== 0 || !output.reaches(distance)) state = FAULT;
      else size = output.repeat(distance, length);
    } while (at <= inputEnd && size <= outputEnd && state === SYMBOL);
    output.length = size;
    this.state = state;
    putBack(input, at, held, heldBits);
  }
}

/** Follows an entry; `held` begins behind the bits that led to it. */
function secondEntry(table: Int32Array, entry: number, held: number): number {
  return table[(entry >>> 16) + (held & ((1 << ((entry >>> 4) & 15)) - 1))]!;
}

/** The entry of the code that `held` begins with. */
function entryAt(table: Int32Array, held: number, mask: number, indexBits: number): number {
  const entry = table[held & mask]!;
  return (entry & SECOND_TABLE) === 0 ? entry : secondEntry(table, entry, held >>> indexBits);
}

/** What an entry stands for, with the extra bits behind its code. */
function baseAndExtra(entry: number, held: number): number {
  return (entry >>> 16) + ((held >>> (entry & 15)) & ((1 << ((entry >>> 4) & 15)) - 1));
}

/** Repeats bytes of the piece itself; returns its new length. */
function repeat(bytes: Uint8Array, size: number, distance: number, length: number): number {
  const end = size + length;
  for (let at = size; at < end; at++) bytes[at] = bytes[at - distance]!;
  return end;
}

/** A match and the codes for it are there, and there is room for it. */
function hasMargins(input: BitInput, output: OutputBlock): boolean {
  return (
    input.at + INPUT_MARGIN_BYTES <= input.bytes.length &&
    output.length + OUTPUT_MARGIN_BYTES <= output.lengthMax
  );
}

/** Stores what is held, without the whole bytes that this piece of input still has. */
function putBack(input: BitInput, at: number, held: number, heldBits: number): void {
  const wholeBytes = Math.min(heldBits >> 3, at);
  input.at = at - wholeBytes;
  input.heldBits = heldBits - 8 * wholeBytes;
  input.held = held & ((1 << input.heldBits) - 1);
}

/** Without a whole code and without room, it is input that is waited for: the code may end the block. */
function waitsFor(output: OutputBlock): number {
  return output.length === output.lengthMax ? NEEDS_OUTPUT : NEEDS_INPUT;
}
