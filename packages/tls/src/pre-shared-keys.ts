// External pre-shared keys as options give them (RFC 9846 section 4.3.11).
import type { PreSharedKey } from './credential.ts';
import type { HashName } from './provider.ts';

/** PskKeyExchangeMode, and the number of each (section 4.3.9). */
export const PSK_MODE = { psk_ke: 0, psk_dhe_ke: 1 } as const;

/** The keys, checked; throws RangeError for an identity or a key that cannot be. */
export function checkPreSharedKeys(keys: readonly PreSharedKey[]): readonly PreSharedKey[] {
  for (const { identity, secret } of keys) {
    if (identity.length < 1 || identity.length > 0xffff) {
      throw new RangeError('the identity of a pre-shared key must have 1-65535 bytes');
    }
    if (secret.length < 1 || secret.length > 0xff) {
      throw new RangeError('a pre-shared key must have 1-255 bytes');
    }
  }
  return [...keys];
}

/** The hash that an external key is bound to: "default to SHA-256 if no such algorithm is defined". */
export function hashOfKey(key: PreSharedKey): HashName {
  return key.hash ?? 'sha256';
}
