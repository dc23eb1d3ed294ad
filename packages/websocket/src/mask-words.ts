// The long middle of a masked payload, word by word. Which words are fast is the engine's matter: V8
// keeps the elements of a BigUint64Array in registers and is twice as fast with them as with 32 bits,
// JavaScriptCore allocates each of them and is eighty times slower.

/** From here on a view of words is worth its making. */
export const WORDS_BYTES_MIN = 96;

/** Eight bytes of key, as bytes and as one word of either size, in the order of this machine. */
const keyView = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));
const keyLong = /* @__PURE__ */ new BigUint64Array(keyView.buffer);
const keyShort = /* @__PURE__ */ new Int32Array(keyView.buffer);

/**
 * Masks `byteCount` bytes of `buffer` in place. `byteOffset` and `byteCount` are multiples of 8; `key`
 * has the octet for the first byte in its highest eight bits.
 */
type MaskWords = (
  buffer: ArrayBufferLike,
  byteOffset: number,
  byteCount: number,
  key: number,
) => void;

/** What the engine says of a number that is no BigInt. Runtimes imitate all else it could be known by. */
function engineComplaint(): string {
  try {
    return String(BigInt(0.5));
  } catch (error) {
    return (error as Error).message;
  }
}

/** The words of the engine that complains like this. To be wrong costs speed and nothing else. */
export function chooseWords(complaint: string): MaskWords {
  return complaint.startsWith('The number 0.5 cannot be') ? maskLongWords : maskShortWords;
}

/** The faster one here. */
export const maskWords: MaskWords = /* @__PURE__ */ chooseWords(/* @__PURE__ */ engineComplaint());

/** `maskWords` by 64 bits. */
export function maskLongWords(
  buffer: ArrayBufferLike,
  byteOffset: number,
  byteCount: number,
  key: number,
): void {
  keyView.setInt32(0, key);
  keyView.setInt32(4, key);
  xorLongWords(new BigUint64Array(buffer, byteOffset, byteCount / 8), keyLong[0]!);
}

/** `maskWords` by 32 bits. */
export function maskShortWords(
  buffer: ArrayBufferLike,
  byteOffset: number,
  byteCount: number,
  key: number,
): void {
  keyView.setInt32(0, key);
  xorShortWords(new Int32Array(buffer, byteOffset, byteCount / 4), keyShort[0]!);
}

// Eight at a time, as the older compilers do not unroll a loop themselves.

function xorLongWords(words: BigUint64Array, key: bigint): void {
  // Says that the key has 64 bits, so that it is unpacked before the loop.
  const word = BigInt.asUintN(64, key);
  const last = words.length - 7;
  let at = 0;
  for (; at < last; at += 8) {
    words[at]! ^= word;
    words[at + 1]! ^= word;
    words[at + 2]! ^= word;
    words[at + 3]! ^= word;
    words[at + 4]! ^= word;
    words[at + 5]! ^= word;
    words[at + 6]! ^= word;
    words[at + 7]! ^= word;
  }
  for (; at < words.length; at++) words[at]! ^= word;
}

function xorShortWords(words: Int32Array, word: number): void {
  const last = words.length - 7;
  let at = 0;
  for (; at < last; at += 8) {
    words[at]! ^= word;
    words[at + 1]! ^= word;
    words[at + 2]! ^= word;
    words[at + 3]! ^= word;
    words[at + 4]! ^= word;
    words[at + 5]! ^= word;
    words[at + 6]! ^= word;
    words[at + 7]! ^= word;
  }
  for (; at < words.length; at++) words[at]! ^= word;
}
