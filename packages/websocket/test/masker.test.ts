import { describe, expect, test, vi } from 'vitest';
import { adaptMasker, type NativeMasker, plainMasker } from '../src/masker.ts';

const KEY = 0xc0_de_ba_5e;

/** What a native one does, and what it is called with. */
function nativeDouble() {
  const native: NativeMasker = {
    mask(source, octets, output, offset, length) {
      for (let index = 0; index < length; index++) {
        output[offset + index] = source[index]! ^ octets[index & 3]!;
      }
    },
    unmask(buffer, octets) {
      for (const [index, octet] of buffer.entries()) buffer[index] = octet ^ octets[index & 3]!;
    },
  };
  return { mask: vi.fn(native.mask), unmask: vi.fn(native.unmask) };
}

function sample(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index * 7);
}

describe.each([0, 1, 2, 3])('a native masker at phase %i does as the plain one', (phase) => {
  test.each([10, 1023, 1024, 5000])('%i bytes', (length) => {
    const native = nativeDouble();
    const masker = adaptMasker(native);
    const isNative = length >= 1024 ? 1 : 0;
    const [left, right] = [sample(length + 20), sample(length + 20)];
    masker.mask(left, 3, 3 + length, KEY, phase);
    plainMasker.mask(right, 3, 3 + length, KEY, phase);
    expect(left).toEqual(right);
    expect(native.unmask).toHaveBeenCalledTimes(isNative);
    for (const start of [0, 5]) {
      const [source, to, wanted] = [sample(length + start), sample(6000), sample(6000)];
      masker.maskInto(source, start, start + length, to, 14, KEY, phase);
      plainMasker.maskInto(source, start, start + length, wanted, 14, KEY, phase);
      expect(to).toEqual(wanted);
    }
    expect(native.mask).toHaveBeenCalledTimes(2 * isNative);
  });
});

test.each([
  [-1, 2000, 0],
  [0, 3001, 0],
  [0, 2000, -1],
  [0, 2000, 1001],
])('native code is not let at a range outside (%i to %i, to %i)', (start, end, at) => {
  const native = nativeDouble();
  const masker = adaptMasker(native);
  const bytes = sample(3000);
  expect(() => masker.maskInto(bytes, start, end, new Uint8Array(3000), at, KEY, 0)).toThrow(
    RangeError,
  );
  if (at === 0) expect(() => masker.mask(bytes, start, end, KEY, 0)).toThrow(RangeError);
  expect(native.mask).not.toHaveBeenCalled();
  expect(native.unmask).not.toHaveBeenCalled();
});
