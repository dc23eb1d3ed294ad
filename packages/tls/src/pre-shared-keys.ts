// External pre-shared keys as options give them (RFC 9846 section 4.3.11).
import type { PreSharedKey } from './credential.ts';

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
