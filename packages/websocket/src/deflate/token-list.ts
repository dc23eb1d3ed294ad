// A piece of a message as literals and matches, and how often each symbol occurs.
import {
  DISTANCE_BASES,
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  FIRST_LENGTH,
  LENGTH_BASES,
  LITERAL_SYMBOLS,
  MATCH_BYTES_MAX,
} from './alphabet.ts';

/** Bytes of input that one block is made of at most. */
export const BLOCK_BYTES_MAX = 16_384;

/** The symbol of each length of a match. */
export const LENGTH_SYMBOLS: Uint16Array = /* @__PURE__ */ lengthSymbols();
/** The symbol of each distance up to 256, and behind these by the distance's upper bits. */
const DISTANCE_SYMBOL_TABLE: Uint8Array = /* @__PURE__ */ distanceSymbols();

function lengthSymbols(): Uint16Array {
  const symbols = new Uint16Array(MATCH_BYTES_MAX + 1);
  LENGTH_BASES.forEach((base, index) => {
    symbols.fill(FIRST_LENGTH + index, base);
  });
  return symbols;
}

function distanceSymbols(): Uint8Array {
  const symbols = new Uint8Array(512);
  DISTANCE_BASES.forEach((base, symbol) => {
    symbols.fill(symbol, base <= 256 ? base - 1 : 256 + ((base - 1) >> 7), base <= 256 ? 256 : 512);
  });
  return symbols;
}

/** The symbol of a distance. */
export function distanceSymbol(distance: number): number {
  const index = distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7);
  return DISTANCE_SYMBOL_TABLE[index]!;
}

/** What one block says. */
export class TokenList {
  /** A literal, or a distance (bits 16-31) and a length (bits 0-8). */
  readonly tokens: Int32Array = new Int32Array(BLOCK_BYTES_MAX);
  length = 0;
  readonly literalCounts: Uint16Array = new Uint16Array(LITERAL_SYMBOLS);
  readonly distanceCounts: Uint16Array = new Uint16Array(DISTANCE_SYMBOLS);

  /** Begins a block, which will have one end. */
  begin(): void {
    this.length = 0;
    this.literalCounts.fill(0);
    this.distanceCounts.fill(0);
    this.literalCounts[END_OF_BLOCK] = 1;
  }

  /** A byte as it is. */
  addLiteral(value: number): void {
    this.tokens[this.length++] = value;
    this.literalCounts[value]!++;
  }

  /** 3 to 258 bytes again. */
  addMatch(distance: number, length: number): void {
    this.tokens[this.length++] = (distance << 16) | length;
    this.literalCounts[LENGTH_SYMBOLS[length]!]!++;
    this.distanceCounts[distanceSymbol(distance)]!++;
  }
}
