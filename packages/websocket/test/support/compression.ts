// Compression for tests of the machine: the pure one, and one that compresses nothing.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Compression } from '../../src/compression.ts';
import { Deflater } from '../../src/deflate/deflater.ts';
import { Inflater } from '../../src/deflate/inflater.ts';

/** Our own DEFLATE. */
export const pureDeflate: Compression = {
  createDeflater: (context) => new Deflater(context),
  createInflater: (context) => new Inflater(context),
};

/** A message as another implementation compresses it (RFC 7692 section 7.2.1). */
export function compressed(data: Uint8Array): Uint8Array {
  const output = deflateRawSync(data, { finishFlush: 2 });
  return new Uint8Array(output.subarray(0, output.length - 4));
}

/** The content of a compressed message, by another implementation (section 7.2.2). */
export function inflated(data: Uint8Array): Uint8Array {
  const whole = Buffer.concat([data, Uint8Array.of(0, 0, 0xff, 0xff)]);
  return new Uint8Array(inflateRawSync(whole, { finishFlush: 2 }));
}
