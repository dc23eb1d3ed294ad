// Finished (RFC 9846 section 4.5.3).

import { parseFinished, serializeFinished } from '../messages/finished.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { PeerFault } from '../peer-fault.ts';
import type { CryptoProvider, HashName } from '../provider.ts';
import { HASH_BYTES } from '../schedule/hkdf-label.ts';
import { verifyData, verifyDataMatches } from '../schedule/traffic-keys.ts';
import { expectMessage } from './state.ts';

/** That the peer's Finished fits the transcript; made only where that was verified. */
export class FinishedProof {
  readonly #isVerified: true = true;

  private constructor() {}

  /**
   * Reads and verifies a Finished under a base key, over the transcript in front of it. "Recipients of
   * Finished messages MUST verify that the contents are correct and if incorrect MUST terminate the
   * connection with a decrypt_error alert."
   */
  static verify(
    crypto: CryptoProvider,
    hash: HashName,
    baseKey: Uint8Array,
    transcriptHash: Uint8Array,
    message: Uint8Array,
  ): FinishedProof {
    expectMessage(message, HANDSHAKE_TYPE.finished);
    const received = parseFinished(message, HASH_BYTES[hash]);
    if (!verifyDataMatches(crypto, hash, baseKey, transcriptHash, received)) {
      throw new PeerFault('TLS_FINISHED_MISMATCH', 'verify_data does not fit the transcript');
    }
    return new FinishedProof();
  }

  /** Always true: keeps the class from being structurally like others. */
  get isVerified(): true {
    return this.#isVerified;
  }
}

/** Our own Finished. */
export function finishedMessage(
  crypto: CryptoProvider,
  hash: HashName,
  baseKey: Uint8Array,
  transcriptHash: Uint8Array,
): Uint8Array {
  return serializeFinished(verifyData(crypto, hash, baseKey, transcriptHash));
}
