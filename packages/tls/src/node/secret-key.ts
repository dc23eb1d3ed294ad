// A secret in the form in which this runtime's ciphers and HMACs take it fastest.
import { createSecretKey, type KeyObject } from 'node:crypto';
import process from 'node:process';

/** Bytes, or a key object that holds a copy of them. */
export type SecretKey = Uint8Array | KeyObject;

/**
 * Node 24 finds out by exceptions that bytes are no key object: eight microseconds for each cipher and
 * each HMAC. Those before and after lose one by making the object.
 */
const BYTES_ARE_SLOW: boolean = process.versions.node.startsWith('24.');

/** The key for one use. */
export function secretKey(bytes: Uint8Array): SecretKey {
  return BYTES_ARE_SLOW ? createSecretKey(bytes) : bytes;
}

/** A copy for many uses. A key object cannot be overwritten: Node clears it when it is collected. */
export function secretKeyCopy(bytes: Uint8Array): SecretKey {
  return BYTES_ARE_SLOW ? createSecretKey(bytes) : new Uint8Array(bytes);
}
