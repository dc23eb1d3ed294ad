// Messages, pieces and zlib as the judge.

import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import type { MessageInflater } from '../../../src/compression.ts';

const FLUSH = { finishFlush: constants.Z_SYNC_FLUSH };

export interface Result {
  readonly output: Uint8Array;
  readonly isInvalid: boolean;
}

/** Pushes pieces, takes what comes. */
export function inflate(
  inflater: MessageInflater,
  pieces: readonly Uint8Array[],
  isLast = true,
  outputBytesMax?: number,
): Result {
  const output: Uint8Array[] = [];
  for (const [index, piece] of pieces.entries()) {
    inflater.push(piece, isLast && index === pieces.length - 1);
    for (;;) {
      const next = inflater.next(outputBytesMax);
      if (next === null) break;
      if (next === 'invalid') return { output: Buffer.concat(output), isInvalid: true };
      if (next.length === 0 || next.length > (outputBytesMax ?? 16_384)) {
        throw new Error(`a piece of ${next.length} bytes`);
      }
      output.push(next);
    }
  }
  return { output: Buffer.concat(output), isInvalid: false };
}

/** What zlib makes of a stream that may go on, and how much of it it read. */
export function zlibInflate(
  data: Uint8Array,
  dictionary?: Uint8Array,
): Result & { readonly byteCount: number } {
  const options = { ...FLUSH, info: true, ...(dictionary && { dictionary }) };
  try {
    const { buffer, engine } = inflateRawSync(data, options) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    return { output: buffer, isInvalid: false, byteCount: engine.bytesWritten };
  } catch (error) {
    if ((error as { code?: string }).code !== 'Z_DATA_ERROR') throw error;
    return { output: new Uint8Array(0), isInvalid: true, byteCount: data.length };
  }
}

/** A message as zlib compresses it. */
export function zlibDeflate(
  data: Uint8Array,
  options: { level?: number; strategy?: number; windowBits?: number; dictionary?: Uint8Array } = {},
): Uint8Array {
  const { dictionary, ...others } = options;
  const history = dictionary !== undefined && dictionary.length > 0 ? { dictionary } : {};
  return deflateRawSync(data, { ...others, ...history, ...FLUSH }).subarray(0, -4);
}

/** What a peer appends (RFC 7692 section 7.2.2). */
export function withTail(data: Uint8Array): Uint8Array {
  return Buffer.concat([data, Uint8Array.of(0, 0, 0xff, 0xff)]);
}

/** Splits at the given places, in any order. */
export function split(data: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places
    .map((place) => place % (data.length + 1))
    .sort((left, right) => left - right);
  return [...sorted, data.length].map((end, index) => data.subarray(sorted[index - 1] ?? 0, end));
}

const words = ['alpha', 'beta', '"name":', '{', '}', ', ', '12345', 'é€', 'aaaaaaaaaaaaaaaa', '\n'];

/** Text with repetitions, random bytes, runs; up to some ten thousand bytes. */
export const content: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })), { maxLength: 400 })
    .map((parts) => Buffer.from(parts.join(''))),
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 2_000 }))
    .map(([unit, times]) => Buffer.concat(Array.from({ length: times }, () => unit))),
  fc
    .tuple(fc.uint8Array({ minLength: 200, maxLength: 1_000 }), fc.integer({ min: 1, max: 60 }))
    .map(([unit, times]) =>
      Buffer.concat(
        Array.from({ length: times }, (_, index) => unit.map((byte) => byte ^ (index % 3))),
      ),
    ),
);

/** Every way of zlib to compress, for any window it knows. */
export const zlibOptions = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
  windowBits: fc.integer({ min: 9, max: 15 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
});
