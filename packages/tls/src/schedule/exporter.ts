// Keying material for other protocols (RFC 9846 section 7.5, RFC 5705), and the keys of tickets.
import type { HashName } from '../provider.ts';
import { wipe } from '../secret-bytes.ts';
import {
  deriveSecret,
  expandLabel,
  HASH_BYTES,
  type HashProvider,
  hashOf,
  hashOfNothing,
} from './hkdf-label.ts';

/**
 * TLS-Exporter(label, context_value, key_length) from exporter_secret (or early_exporter_secret), the
 * caller's own. Without a context an empty one is given, which is the same. Throws RangeError for a label
 * that is empty, not ASCII or longer than 249 characters, and for more than 255 hashes of output.
 */
export function exportKeyingMaterial(
  crypto: HashProvider,
  hash: HashName,
  exporterSecret: Uint8Array,
  label: string,
  context: Uint8Array,
  lengthBytes: number,
): Uint8Array {
  const secret = deriveSecret(crypto, hash, exporterSecret, label, hashOfNothing(crypto, hash));
  try {
    return expandLabel(
      crypto,
      hash,
      secret,
      'exporter',
      hashOf(crypto, hash, context),
      lengthBytes,
    );
  } finally {
    wipe(secret);
  }
}

/** The pre-shared key of a ticket (section 4.7.1), the caller's own. */
export function resumptionPsk(
  crypto: HashProvider,
  hash: HashName,
  resumptionSecret: Uint8Array,
  ticketNonce: Uint8Array,
): Uint8Array {
  return expandLabel(crypto, hash, resumptionSecret, 'resumption', ticketNonce, HASH_BYTES[hash]);
}
