// What sealing and opening TLS 1.2 records have in common.
import { NONCE_BYTES, writeSequence } from './nonce.ts';

/** The part of an AES-GCM nonce that stands in each record (RFC 5288 section 3). */
export const EXPLICIT_NONCE_BYTES = 8;
const SALT_BYTES = 4;
const additionalData: Uint8Array = /* @__PURE__ */ new Uint8Array(13);

/** Bytes of nonce in each record, by the iv of the key block; throws RangeError for an iv of no use. */
export function explicitNonceBytes(iv: Uint8Array): number {
  if (iv.length === SALT_BYTES) return EXPLICIT_NONCE_BYTES;
  if (iv.length === NONCE_BYTES) return 0;
  throw new RangeError('iv must have 4 bytes for AES-GCM, 12 for ChaCha20-Poly1305');
}

/**
 * seq_num, and the header at `bytes[offset..]` with the length of the content (RFC 5246 section 6.2.3.3);
 * in memory that all connections share.
 */
export function tls12AdditionalData(
  sequence: number,
  bytes: Uint8Array,
  offset: number,
  contentBytes: number,
): Uint8Array {
  writeSequence(additionalData, 0, sequence);
  for (let index = 0; index < 3; index += 1) additionalData[8 + index] = bytes[offset + index]!;
  additionalData[11] = contentBytes >>> 8;
  additionalData[12] = contentBytes;
  return additionalData;
}
