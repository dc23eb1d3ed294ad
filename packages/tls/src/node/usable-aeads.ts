// Which authenticated encryption this runtime has: all of it has AES-GCM, Bun no ChaCha20-Poly1305.
import { createCipheriv } from 'node:crypto';
import type { AeadName } from '../provider.ts';

const AES: readonly AeadName[] = ['aes-128-gcm', 'aes-256-gcm'];
const ALL: readonly AeadName[] = [...AES, 'chacha20-poly1305'];

let usable: readonly AeadName[] | null = null;

/** The algorithms of this runtime, in order of preference; found out once. */
export function usableAeads(): readonly AeadName[] {
  usable ??= hasChacha20() ? ALL : AES;
  return usable;
}

function hasChacha20(): boolean {
  try {
    // A list of ciphers need not have it: trying is surer.
    createCipheriv('chacha20-poly1305', new Uint8Array(32), new Uint8Array(12), {
      authTagLength: 16,
    });
    return true;
  } catch {
    return false;
  }
}
