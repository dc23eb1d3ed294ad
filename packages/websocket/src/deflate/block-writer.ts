// Blocks, each of the type that takes the fewest bits (RFC 1951 section 3.2.3).
import {
  CODE_BITS_MAX,
  DISTANCE_BASES,
  DISTANCE_EXTRA_BITS,
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  FIRST_LENGTH,
  FIXED_DISTANCE_LENGTHS,
  FIXED_LITERAL_LENGTHS,
  LENGTH_BASES,
  LENGTH_EXTRA_BITS,
  LITERAL_SYMBOLS,
} from './alphabet.ts';
import { BitOutput } from './bit-output.ts';
import { CodeLengths } from './code-lengths.ts';
import { HuffmanCode } from './huffman-code.ts';
import { distanceSymbol, LENGTH_SYMBOLS, type TokenList } from './token-list.ts';

const STORED_BLOCK = 0;
const FIXED_BLOCK = 1;
const DYNAMIC_BLOCK = 2;
/** BFINAL, never set, and BTYPE. */
const BLOCK_HEAD_BITS = 3;
/** LEN and NLEN, behind bits that fill up a byte. */
const STORED_HEAD_BITS = 32 + 7;

/** With so few symbols dynamic codes cost more than they save. */
const FIXED_TOKENS_MAX = 48;

/** Chooses and writes; holds nothing between two calls but memory to work in. */
export class BlockWriter {
  readonly output: BitOutput;
  private readonly literals = new HuffmanCode(LITERAL_SYMBOLS, CODE_BITS_MAX);
  private readonly distances = new HuffmanCode(DISTANCE_SYMBOLS, CODE_BITS_MAX);
  private readonly fixedLiterals = new HuffmanCode(FIXED_LITERAL_LENGTHS.length, CODE_BITS_MAX);
  private readonly fixedDistances = new HuffmanCode(FIXED_DISTANCE_LENGTHS.length, CODE_BITS_MAX);
  private readonly head = new CodeLengths();

  constructor(outputBytes: number) {
    this.output = new BitOutput(outputBytes);
    this.fixedLiterals.adopt(FIXED_LITERAL_LENGTHS);
    this.fixedDistances.adopt(FIXED_DISTANCE_LENGTHS);
  }

  /** Writes a block that says `bytes[start..end)`, of which `list` is a description. */
  write(list: TokenList, bytes: Uint8Array, start: number, end: number): void {
    const { literals, distances } = this;
    const storedBits = STORED_HEAD_BITS + 8 * (end - start);
    const fixedBits = bitsOf(list, this.fixedLiterals, this.fixedDistances);
    let dynamicBits = Number.POSITIVE_INFINITY;
    if (list.length > FIXED_TOKENS_MAX) {
      literals.fit(list.literalCounts);
      distances.fit(list.distanceCounts);
      dynamicBits = this.head.fit(literals.lengths, distances.lengths);
      dynamicBits += bitsOf(list, literals, distances);
    }
    if (dynamicBits < fixedBits && dynamicBits < storedBits) {
      this.output.add(DYNAMIC_BLOCK << 1, BLOCK_HEAD_BITS);
      this.head.write(this.output);
      writeTokens(this.output, list, literals, distances);
    } else if (fixedBits < storedBits) {
      this.output.add(FIXED_BLOCK << 1, BLOCK_HEAD_BITS);
      writeTokens(this.output, list, this.fixedLiterals, this.fixedDistances);
    } else {
      writeStored(this.output, bytes, start, end);
    }
  }

  /** An empty stored block, which ends on a byte boundary; of the last, what is not taken off. */
  flush(isLast: boolean): void {
    this.output.add(STORED_BLOCK << 1, BLOCK_HEAD_BITS);
    this.output.align();
    if (isLast) return;
    this.output.add(0, 16);
    this.output.add(0xffff, 16);
  }
}

/** Bits of the symbols and what belongs to them. */
function bitsOf(list: TokenList, literals: HuffmanCode, distances: HuffmanCode): number {
  const { literalCounts, distanceCounts } = list;
  let bits = 0;
  for (let symbol = 0; symbol < literalCounts.length; symbol++) {
    const extraBits = symbol < FIRST_LENGTH ? 0 : LENGTH_EXTRA_BITS[symbol - FIRST_LENGTH]!;
    bits += literalCounts[symbol]! * (literals.lengths[symbol]! + extraBits);
  }
  for (let symbol = 0; symbol < distanceCounts.length; symbol++) {
    const symbolBits = distances.lengths[symbol]! + DISTANCE_EXTRA_BITS[symbol]!;
    bits += distanceCounts[symbol]! * symbolBits;
  }
  return bits;
}

/** A stored block (RFC 1951 section 3.2.4), of at most 65,535 bytes. */
function writeStored(output: BitOutput, bytes: Uint8Array, start: number, end: number): void {
  const length = end - start;
  output.add(STORED_BLOCK << 1, BLOCK_HEAD_BITS);
  output.align();
  output.add(length, 16);
  output.add(length ^ 0xffff, 16);
  output.bytes.set(bytes.subarray(start, end), output.at);
  output.at += length;
}

/** The symbols of a block, its end among them. */
function writeTokens(
  output: BitOutput,
  list: TokenList,
  literals: HuffmanCode,
  distances: HuffmanCode,
): void {
  const { tokens, length: count } = list;
  const { bytes } = output;
  const { codes, lengths } = literals;
  const { codes: distanceCodes, lengths: distanceLengths } = distances;
  let { at, held, heldBits } = output;
  for (let index = 0; index < count; index++) {
    const token = tokens[index]!;
    const distance = token >>> 16;
    const symbol = distance === 0 ? token : LENGTH_SYMBOLS[token & 0x1ff]!;
    held |= codes[symbol]! << heldBits;
    heldBits += lengths[symbol]!;
    if (heldBits >= 16) {
      bytes[at++] = held;
      bytes[at++] = held >>> 8;
      held >>>= 16;
      heldBits -= 16;
    }
    if (distance === 0) continue;
    const lengthIndex = symbol - FIRST_LENGTH;
    held |= ((token & 0x1ff) - LENGTH_BASES[lengthIndex]!) << heldBits;
    heldBits += LENGTH_EXTRA_BITS[lengthIndex]!;
    if (heldBits >= 16) {
      bytes[at++] = held;
      bytes[at++] = held >>> 8;
      held >>>= 16;
      heldBits -= 16;
    }
    const far = distanceSymbol(distance);
    held |= distanceCodes[far]! << heldBits;
    heldBits += distanceLengths[far]!;
    if (heldBits >= 16) {
      bytes[at++] = held;
      bytes[at++] = held >>> 8;
      held >>>= 16;
      heldBits -= 16;
    }
    held |= (distance - DISTANCE_BASES[far]!) << heldBits;
    heldBits += DISTANCE_EXTRA_BITS[far]!;
    if (heldBits >= 16) {
      bytes[at++] = held;
      bytes[at++] = held >>> 8;
      held >>>= 16;
      heldBits -= 16;
    }
  }
  output.at = at;
  output.held = held;
  output.heldBits = heldBits;
  output.add(codes[END_OF_BLOCK]!, lengths[END_OF_BLOCK]!);
}
