// SHA-1 (FIPS 180-4 section 6.1), for `Sec-WebSocket-Accept` only (RFC 6455 section 4.2.2). Nothing
// here rests on its strength: it proves that the server has read a WebSocket handshake.

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const TWO_TO_29 = 0x2000_0000;

/** The message schedule of the block at hand. */
const schedule: Int32Array = /* @__PURE__ */ new Int32Array(80);

/** The 20 bytes of a message's digest. */
export function sha1(message: Uint8Array): Uint8Array {
  const padded = pad(message);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let at = 0; at < padded.byteLength; at += BLOCK_BYTES) compress(state, padded, at);
  const digest = new DataView(new ArrayBuffer(20));
  for (let word = 0; word < 5; word++) digest.setInt32(word * 4, state[word]!);
  return new Uint8Array(digest.buffer);
}

/** The message, one bit, zeros, and the message's length in bits: whole blocks (section 5.1.1). */
function pad(message: Uint8Array): DataView {
  const { length } = message;
  const blocks = Math.ceil((length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const padded = new Uint8Array(blocks * BLOCK_BYTES);
  padded.set(message);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / TWO_TO_29));
  view.setUint32(padded.length - 4, (length % TWO_TO_29) * 8);
  return view;
}

/** One block into the state (section 6.1.2). */
function compress(state: Int32Array, block: DataView, start: number): void {
  for (let word = 0; word < 16; word++) schedule[word] = block.getInt32(start + word * 4);
  for (let word = 16; word < 80; word++) {
    const mixed =
      schedule[word - 3]! ^ schedule[word - 8]! ^ schedule[word - 14]! ^ schedule[word - 16]!;
    schedule[word] = (mixed << 1) | (mixed >>> 31);
  }
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (let round = 0; round < 80; round++) {
    const next = ((a << 5) | (a >>> 27)) + roundValue(round, b, c, d) + e + schedule[round]!;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
}

/** The function of the round and its constant (sections 4.1.1 and 4.2.1). */
function roundValue(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
