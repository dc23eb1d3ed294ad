// Every limit of the record layer, by name.
import type { AeadName } from '../provider.ts';

/** Limits on what a peer may send. */
export interface RecordLimits {
  /**
   * Records without content (empty data, a change_cipher_spec that is dropped) in a second; as many may
   * come at once, and again behind each record that has data. OpenSSL and BoringSSL take 32 in a row.
   */
  readonly emptyRecordsPerSecondMax: number;
  /** Alerts that end nothing, in the whole connection; BoringSSL takes 4. */
  readonly warningAlertsMax: number;
  /** Unread input above which `wantsData` is false; 16645, a whole record, or more. */
  readonly inputBytesMax: number;
}

/** The limits when none are given. */
export const DEFAULT_RECORD_LIMITS: RecordLimits = /* @__PURE__ */ Object.freeze({
  emptyRecordsPerSecondMax: 32,
  warningAlertsMax: 4,
  inputBytesMax: 65_536,
});

/** How much one key may protect (RFC 9846 section 5.5). */
export interface KeyLimits {
  /** Records after which the key is worn: it should be updated. */
  readonly recordsSoftMax: number;
  /** Records after which it is spent: it seals no more data, only what updates it or ends the connection. */
  readonly recordsHardMax: number;
  /** Bytes of content and padding after which it is worn. */
  readonly bytesSoftMax: number;
}

const GCM_LIMITS: KeyLimits = /* @__PURE__ */ Object.freeze({
  recordsSoftMax: 8_388_608,
  recordsHardMax: 23_725_542,
  bytesSoftMax: 137_438_953_472,
});

const CHACHA20_LIMITS: KeyLimits = /* @__PURE__ */ Object.freeze({
  recordsSoftMax: 140_737_488_355_328,
  recordsHardMax: 281_474_976_710_656,
  bytesSoftMax: Number.POSITIVE_INFINITY,
});

/**
 * The limits of an algorithm. AES-GCM may seal 2^24.5 full-size records: data stops 1024 records before
 * that, and a new key is wanted at 2^23. ChaCha20-Poly1305 has no limit but the sequence number, of which
 * 2^48 are used, far below where numbers lose precision.
 */
export function keyLimits(aead: AeadName): KeyLimits {
  return aead === 'chacha20-poly1305' ? CHACHA20_LIMITS : GCM_LIMITS;
}
