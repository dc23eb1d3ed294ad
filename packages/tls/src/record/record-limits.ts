// Every limit of the record layer, by name.
import type { AeadName } from '../provider.ts';

/** Limits on what a peer may send. */
export interface RecordLimits {
  /**
   * Records without content (empty data, a change_cipher_spec that is dropped) in a second; as many may
   * come at once. OpenSSL and BoringSSL take 32 in a row.
   */
  readonly emptyRecordsPerSecondMax: number;
  /** Alerts that end nothing, in the whole connection; BoringSSL takes 4. */
  readonly warningAlertsMax: number;
  /** Heartbeat messages in a second; as many may come at once. */
  readonly heartbeatsPerSecondMax: number;
  /** Unread input above which `wantsData` is false; at least one whole record of 16645 bytes. */
  readonly inputBytesMax: number;
}

/** The limits when none are given. */
export const DEFAULT_RECORD_LIMITS: RecordLimits = /* @__PURE__ */ Object.freeze({
  emptyRecordsPerSecondMax: 32,
  warningAlertsMax: 4,
  heartbeatsPerSecondMax: 32,
  inputBytesMax: 65_536,
});

/** How much one key may protect (RFC 9846 section 5.5). */
export interface KeyLimits {
  /** Records after which the key is worn: it should be updated. */
  readonly recordsSoftMax: number;
  /** Records after which it is spent: nothing more may be sealed. */
  readonly recordsHardMax: number;
  /** Bytes of content and padding after which it is worn. */
  readonly bytesSoftMax: number;
}

/**
 * The limits of an algorithm. AES-GCM: 2^24.5 full-size records, that is 23.7 million, are the hard
 * limit, and a new key is wanted at 2^23. ChaCha20-Poly1305 has none but the sequence number, of which
 * 2^48 are used, far below where numbers lose precision.
 */
export function keyLimits(aead: AeadName): KeyLimits {
  return aead === 'chacha20-poly1305' ? CHACHA_LIMITS : GCM_LIMITS;
}

const GCM_LIMITS: KeyLimits = /* @__PURE__ */ Object.freeze({
  recordsSoftMax: 8_388_608,
  recordsHardMax: 23_726_566,
  bytesSoftMax: 137_438_953_472,
});

const CHACHA_LIMITS: KeyLimits = /* @__PURE__ */ Object.freeze({
  recordsSoftMax: 140_737_488_355_328,
  recordsHardMax: 281_474_976_710_656,
  bytesSoftMax: Number.POSITIVE_INFINITY,
});
