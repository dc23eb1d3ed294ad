// The nonce of each record, in memory that all connections share: a provider reads it before its call
// returns, and it is no secret.

/** Bytes of a nonce, and of the iv that it is made of. */
export const NONCE_BYTES = 12;
const TWO_TO_32 = 4_294_967_296;
const nonce: Uint8Array = /* @__PURE__ */ new Uint8Array(NONCE_BYTES);

/** Writes a sequence number below 2^53 as 8 bytes at `bytes[offset..]`. */
export function writeSequence(bytes: Uint8Array, offset: number, sequence: number): void {
  const high = Math.floor(sequence / TWO_TO_32);
  const low = sequence >>> 0;
  bytes[offset] = high >>> 24;
  bytes[offset + 1] = high >>> 16;
  bytes[offset + 2] = high >>> 8;
  bytes[offset + 3] = high;
  bytes[offset + 4] = low >>> 24;
  bytes[offset + 5] = low >>> 16;
  bytes[offset + 6] = low >>> 8;
  bytes[offset + 7] = low;
}

/** The iv with the sequence number in its last 8 bytes (RFC 9846 section 5.3, RFC 7905 section 2); shared. */
export function mixedNonce(iv: Uint8Array, sequence: number): Uint8Array {
  writeSequence(nonce, 4, sequence);
  for (let index = 0; index < 4; index += 1) nonce[index] = iv[index]!;
  for (let index = 4; index < NONCE_BYTES; index += 1) nonce[index]! ^= iv[index]!;
  return nonce;
}

/** Four bytes of the key block, and eight that stand in the record (RFC 5288 section 3); shared. */
export function explicitNonce(salt: Uint8Array, bytes: Uint8Array, offset: number): Uint8Array {
  for (let index = 0; index < 4; index += 1) nonce[index] = salt[index]!;
  for (let index = 0; index < 8; index += 1) nonce[index + 4] = bytes[offset + index]!;
  return nonce;
}
