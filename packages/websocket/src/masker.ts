// A masker may be injected where the platform has a native one.

import { mask, maskInto } from './mask.ts';

/** What a connection masks with: in place, and while it copies. */
export interface Masker {
  readonly mask: typeof mask;
  readonly maskInto: typeof maskInto;
}

/** The package `bufferutil`, or whatever has its two functions. */
export interface NativeMasker {
  /** Writes `length` masked bytes of `source` to `output` from `offset` on. `mask` has four bytes. */
  mask(
    source: Uint8Array,
    mask: Uint8Array,
    output: Uint8Array,
    offset: number,
    length: number,
  ): void;
  /** Masks all of `buffer` in place. */
  unmask(buffer: Uint8Array, mask: Uint8Array): void;
}

/** Below this a call out of JavaScript, and the view for it, cost more than they save. */
const NATIVE_BYTES_MIN = 1_024;

/** Plain JavaScript: what a connection uses if nothing is injected. */
export const plainMasker: Masker = { mask, maskInto };

/**
 * Puts a native masker behind the interface. It gets what is long enough to gain by it; the rest stays
 * in JavaScript, which is faster there.
 */
export function adaptMasker(native: NativeMasker): Masker {
  const octets = new Uint8Array(4);
  const setKey = (key: number, phase: number): Uint8Array => {
    for (let index = 0; index < 4; index++)
      octets[index] = key >>> (24 - 8 * ((index + phase) & 3));
    return octets;
  };
  return {
    mask(bytes, start, end, key, phase) {
      if (end - start < NATIVE_BYTES_MIN || end > bytes.length || !(start >= 0)) {
        mask(bytes, start, end, key, phase);
      } else native.unmask(bytes.subarray(start, end), setKey(key, phase));
    },
    maskInto(source, start, end, target, at, key, phase) {
      const byteCount = end - start;
      if (byteCount < NATIVE_BYTES_MIN || !isWithin(source, start, end, target, at)) {
        maskInto(source, start, end, target, at, key, phase);
        return;
      }
      const from = byteCount === source.length ? source : source.subarray(start, end);
      native.mask(from, setKey(key, phase), target, at, byteCount);
    },
  };
}

/** Whether the ranges are such that native code can be let at them. */
function isWithin(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): boolean {
  return start >= 0 && end <= source.length && at >= 0 && at + (end - start) <= target.length;
}
