// What is made of a traffic secret: the keys of records, verify_data, and the next secret.
import type { AeadName, HashName } from '../provider.ts';
import { equalInConstantTime, wipe } from '../secret-bytes.ts';
import { expandLabel, HASH_BYTES, type HashProvider, NO_CONTEXT } from './hkdf-label.ts';

/** key_length of each AEAD (RFC 5116 section 5, RFC 8439 section 2.8). */
export const AEAD_KEY_BYTES: Readonly<Record<AeadName, number>> = {
  'aes-128-gcm': 16,
  'aes-256-gcm': 32,
  'chacha20-poly1305': 32,
};

/** iv_length, the same for all (RFC 9846 section 5.3). */
export const IV_BYTES = 12;

/** What protects one direction's records; whoever holds them wipes them. */
export interface TrafficKeys {
  /** write_key. */
  readonly key: Uint8Array;
  /** write_iv. */
  readonly iv: Uint8Array;
}

/** write_key and write_iv of a traffic secret (section 7.3), the caller's own. */
export function trafficKeys(
  crypto: HashProvider,
  hash: HashName,
  aead: AeadName,
  secret: Uint8Array,
): TrafficKeys {
  return {
    key: expandLabel(crypto, hash, secret, 'key', NO_CONTEXT, AEAD_KEY_BYTES[aead]),
    iv: expandLabel(crypto, hash, secret, 'iv', NO_CONTEXT, IV_BYTES),
  };
}

/** application_traffic_secret_N+1 of N (section 7.2), the caller's own, as is N, to be wiped. */
export function nextTrafficSecret(
  crypto: HashProvider,
  hash: HashName,
  secret: Uint8Array,
): Uint8Array {
  return expandLabel(crypto, hash, secret, 'traffic upd', NO_CONTEXT, HASH_BYTES[hash]);
}

/**
 * verify_data of Finished (section 4.5.3), the caller's own. The BaseKey is the sender's traffic secret:
 * of the handshake, or after it client_application_traffic_secret_N (section 4.5). With binder_key it is a
 * PskBinderEntry (section 4.3.11.2).
 */
export function verifyData(
  crypto: HashProvider,
  hash: HashName,
  baseKey: Uint8Array,
  transcriptHash: Uint8Array,
): Uint8Array {
  const finishedKey = expandLabel(crypto, hash, baseKey, 'finished', NO_CONTEXT, HASH_BYTES[hash]);
  const data = crypto.hmac(hash, finishedKey, transcriptHash);
  wipe(finishedKey);
  return data;
}

/** Whether a verify_data or binder that was received is right, in constant time. */
export function verifyDataMatches(
  crypto: HashProvider,
  hash: HashName,
  baseKey: Uint8Array,
  transcriptHash: Uint8Array,
  received: Uint8Array,
): boolean {
  const expected = verifyData(crypto, hash, baseKey, transcriptHash);
  const matches = equalInConstantTime(expected, received);
  // What would have been right must not be found where the wrong one was refused.
  wipe(expected);
  return matches;
}
