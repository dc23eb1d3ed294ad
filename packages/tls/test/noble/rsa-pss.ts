// RSASSA-PSS-VERIFY (RFC 8017 sections 8.1.2 and 9.1.2), which @noble does not have. Nothing in it is secret.
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

/** The hashes of the schemes. */
export const PSS_HASHES = { sha256, sha384, sha512 } as const;

/** A name of one. */
export type PssHash = keyof typeof PSS_HASHES;

/** A public key. */
export interface RsaPublicKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** Bits of a number above zero. */
export function bitLength(number: bigint): number {
  return number.toString(2).length;
}

/** Whether the signature is the key's own, with a salt of the digest's length. */
export function verifyPss(
  key: RsaPublicKey,
  name: PssHash,
  content: Uint8Array,
  signature: Uint8Array,
): boolean {
  const modulusBits = bitLength(key.modulus);
  const representative = toNumber(signature);
  if (signature.length !== Math.ceil(modulusBits / 8) || representative >= key.modulus)
    return false;
  const encodedBits = modulusBits - 1;
  const encoded = toBytes(power(representative, key.exponent, key.modulus), encodedBits);
  return encoded !== null && isEncodingOf(encoded, encodedBits, name, content);
}

/** EMSA-PSS-VERIFY. */
function isEncodingOf(
  encoded: Uint8Array,
  encodedBits: number,
  name: PssHash,
  content: Uint8Array,
): boolean {
  const hash = PSS_HASHES[name];
  const hashBytes = hash.outputLen;
  const blockBytes = encoded.length - hashBytes - 1;
  if (blockBytes < hashBytes + 1 || encoded[encoded.length - 1] !== 0xbc) return false;
  const block = encoded.slice(0, blockBytes);
  const expected = encoded.subarray(blockBytes, blockBytes + hashBytes);
  const firstMask = 0xff >> (8 * encoded.length - encodedBits);
  if ((block[0]! & ~firstMask) !== 0) return false;
  const mask = maskOf(expected, blockBytes, name);
  for (let index = 0; index < blockBytes; index += 1) block[index]! ^= mask[index]!;
  block[0]! &= firstMask;
  const saltStart = blockBytes - hashBytes;
  const paddingFits = block.subarray(0, saltStart - 1).every((octet) => octet === 0);
  if (!paddingFits || block[saltStart - 1] !== 1) return false;
  const salted = hash.create().update(new Uint8Array(8)).update(hash(content));
  const digest = salted.update(block.subarray(saltStart)).digest();
  return digest.every((octet, index) => octet === expected[index]);
}

/** MGF1 (RFC 8017 section B.2.1). */
function maskOf(seed: Uint8Array, byteCount: number, name: PssHash): Uint8Array {
  const hash = PSS_HASHES[name];
  const mask = new Uint8Array(byteCount);
  for (let counter = 0, start = 0; start < byteCount; counter += 1, start += hash.outputLen) {
    const input = Uint8Array.of(...seed, 0, 0, 0, counter);
    mask.set(hash(input).subarray(0, byteCount - start), start);
  }
  return mask;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

/** A number from its bytes, highest first. */
export function toNumber(bytes: Uint8Array): bigint {
  let digits = '0x0';
  for (const octet of bytes) digits += octet.toString(16).padStart(2, '0');
  return BigInt(digits);
}

/** Null for a number with more bits. */
function toBytes(number: bigint, bits: number): Uint8Array | null {
  if (number >> BigInt(bits) !== 0n) return null;
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  let rest = number;
  for (let index = bytes.length - 1; index >= 0; index -= 1, rest >>= 8n) {
    bytes[index] = Number(rest & 0xffn);
  }
  return bytes;
}
