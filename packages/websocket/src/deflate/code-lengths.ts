// How the codes of a block are sent: the lengths of their codes, run-length coded, in a code of its own
// (RFC 1951 section 3.2.7).
import {
  CODE_LENGTH_ORDER,
  CODE_LENGTH_SYMBOLS,
  DISTANCE_SYMBOLS,
  LITERAL_SYMBOLS,
  REPEAT_PREVIOUS,
} from './alphabet.ts';
import type { BitOutput } from './bit-output.ts';
import { HuffmanCode } from './huffman-code.ts';

const REPEAT_ZERO = 17;
const REPEAT_ZERO_LONG = 18;
const LITERAL_COUNT_MIN = 257;
const CODE_LENGTH_COUNT_MIN = 4;

/** The head of a block with dynamic codes. */
export class CodeLengths {
  private readonly code = new HuffmanCode(CODE_LENGTH_SYMBOLS, 7);
  private readonly counts = new Uint16Array(CODE_LENGTH_SYMBOLS);
  /** Symbols (bits 0-4), how many extra bits (5-7), and these (8-14). */
  private readonly items = new Uint16Array(LITERAL_SYMBOLS + DISTANCE_SYMBOLS);
  private itemCount = 0;
  private extraBits = 0;
  private literalCount = 0;
  private distanceCount = 0;
  private codeLengthCount = 0;
  private readonly sequence = new Uint8Array(LITERAL_SYMBOLS + DISTANCE_SYMBOLS);

  /** Prepares the head for two codes; returns how many bits it has. */
  fit(literals: Uint8Array, distances: Uint8Array): number {
    this.literalCount = usedCount(literals, LITERAL_COUNT_MIN);
    this.distanceCount = usedCount(distances, 1);
    const total = this.literalCount + this.distanceCount;
    this.sequence.set(literals);
    this.sequence.set(distances, this.literalCount);
    this.shortenRuns(total);
    this.code.fit(this.counts);
    const { lengths } = this.code;
    let { length } = CODE_LENGTH_ORDER;
    while (length > CODE_LENGTH_COUNT_MIN && lengths[CODE_LENGTH_ORDER[length - 1]!] === 0)
      length--;
    this.codeLengthCount = length;
    let bits = 14 + 3 * length + this.extraBits;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      bits += lengths[symbol]! * this.counts[symbol]!;
    }
    return bits;
  }

  /** Writes what `fit` has prepared. */
  write(output: BitOutput): void {
    const { code, items } = this;
    output.add(this.literalCount - LITERAL_COUNT_MIN, 5);
    output.add(this.distanceCount - 1, 5);
    output.add(this.codeLengthCount - CODE_LENGTH_COUNT_MIN, 4);
    for (let at = 0; at < this.codeLengthCount; at++) {
      output.add(code.lengths[CODE_LENGTH_ORDER[at]!]!, 3);
    }
    for (let at = 0; at < this.itemCount; at++) {
      const item = items[at]!;
      output.add(code.codes[item & 31]!, code.lengths[item & 31]!);
      output.add(item >> 8, (item >> 5) & 7);
    }
  }

  private shortenRuns(total: number): void {
    const { sequence } = this;
    this.counts.fill(0);
    this.itemCount = 0;
    this.extraBits = 0;
    for (let at = 0; at < total; ) {
      const length = sequence[at]!;
      let end = at + 1;
      while (end < total && sequence[end] === length) end++;
      if (length === 0) this.addZeros(end - at);
      else this.addRun(length, end - at);
      at = end;
    }
  }

  private addZeros(count: number): void {
    let left = count;
    for (; left >= 11; left -= Math.min(left, 138)) {
      this.addItem(REPEAT_ZERO_LONG, 7, Math.min(left, 138) - 11);
    }
    if (left >= 3) this.addItem(REPEAT_ZERO, 3, left - 3);
    else for (; left > 0; left--) this.addItem(0, 0, 0);
  }

  private addRun(length: number, count: number): void {
    this.addItem(length, 0, 0);
    let left = count - 1;
    for (; left >= 3; left -= Math.min(left, 6)) {
      this.addItem(REPEAT_PREVIOUS, 2, Math.min(left, 6) - 3);
    }
    for (; left > 0; left--) this.addItem(length, 0, 0);
  }

  private addItem(symbol: number, extraBits: number, extra: number): void {
    this.items[this.itemCount++] = (extra << 8) | (extraBits << 5) | symbol;
    this.counts[symbol]!++;
    this.extraBits += extraBits;
  }
}

function usedCount(lengths: Uint8Array, countMin: number): number {
  let count = lengths.length;
  while (count > countMin && lengths[count - 1] === 0) count--;
  return count;
}
