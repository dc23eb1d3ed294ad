// Streams put together bit by bit, for what no encoder would write.
import { CODE_LENGTH_ORDER } from '../../../src/deflate/alphabet.ts';

/** Numbers go lowest bit first, Huffman codes highest bit first (RFC 1951 section 3.1.1). */
export class BitString {
  private readonly bits: number[] = [];

  add(value: number, count: number): this {
    for (let bit = 0; bit < count; bit++) this.bits.push((value >>> bit) & 1);
    return this;
  }

  code(digits: string): this {
    for (const digit of digits) this.bits.push(Number(digit));
    return this;
  }

  /** Whole bytes, from the next byte on. */
  bytes(...values: number[]): this {
    while (this.bits.length % 8 !== 0) this.bits.push(0);
    for (const value of values) this.add(value, 8);
    return this;
  }

  block(type: 'stored' | 'fixed' | 'dynamic' | 'reserved', isFinal = false): this {
    return this.add(isFinal ? 1 : 0, 1).add(
      ['stored', 'fixed', 'dynamic', 'reserved'].indexOf(type),
      2,
    );
  }

  /** The head of a dynamic block, up to the lengths; `codeLengths` by symbol. */
  counts(literals: number, distances: number, codeLengths: readonly number[]): this {
    this.add(literals - 257, 5)
      .add(distances - 1, 5)
      .add(15, 4);
    for (const symbol of CODE_LENGTH_ORDER) this.add(codeLengths[symbol] ?? 0, 3);
    return this;
  }

  /** A whole head with these lengths of codes, each said in four bits. */
  codes(literals: readonly number[], distances: readonly number[]): this {
    const plain = Array.from({ length: 16 }, () => 4);
    this.counts(literals.length, distances.length, plain);
    for (const length of [...literals, ...distances]) {
      this.code(length.toString(2).padStart(4, '0'));
    }
    return this;
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.bits.length / 8));
    this.bits.forEach((bit, index) => {
      bytes[index >> 3]! |= bit << (index & 7);
    });
    return bytes;
  }
}

/** `count` lengths, 0 but for those named. */
export function lengthsOf(count: number, named: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: count }, (_, symbol) => named[symbol] ?? 0);
}
