// The key schedule (RFC 9846 section 7.1): three secrets, a class each, so that what does not exist
// yet cannot be asked for. Each step erases the secret that it leaves behind. The RFC's "derived"
// arrows are inside; the names say "main" where the labels still say "master".
import type { HashName } from '../provider.ts';
import { wipe } from '../secret-bytes.ts';
import {
  deriveSecret,
  extract,
  HASH_BYTES,
  type HashProvider,
  hashOfNothing,
} from './hkdf-label.ts';

/** Where a pre-shared key comes from, which its binder's label says. */
export type PskKind = 'external' | 'resumption';

/** What all three secrets have in common; the hash is the cipher suite's. */
abstract class ScheduledSecret {
  /** Hash of the schedule. */
  readonly hash: HashName;
  protected readonly crypto: HashProvider;
  protected readonly secret: Uint8Array;

  constructor(crypto: HashProvider, hash: HashName, secret: Uint8Array) {
    this.crypto = crypto;
    this.hash = hash;
    this.secret = secret;
  }

  /** "Once all the values which are to be derived from a given secret have been computed, that secret SHOULD be erased." */
  destroy(): void {
    wipe(this.secret);
  }

  protected derive(label: string, transcriptHash: Uint8Array): Uint8Array {
    return deriveSecret(this.crypto, this.hash, this.secret, label, transcriptHash);
  }

  /** The arrow down: Derive-Secret(., "derived", "") as the salt of what comes in, which may be nothing. */
  protected descend(input: Uint8Array | null): Uint8Array {
    const salt = this.salt();
    const next = extract(this.crypto, this.hash, salt, input ?? zeros(this.hash));
    wipe(salt);
    this.destroy();
    return next;
  }

  /** Derive-Secret(., "derived", ""), the caller's own. */
  salt(): Uint8Array {
    return this.derive('derived', hashOfNothing(this.crypto, this.hash));
  }
}

/** Early Secret: from a pre-shared key, or from zeros where there is none. The caller wipes the key. */
export class EarlySecret extends ScheduledSecret {
  constructor(crypto: HashProvider, hash: HashName, psk: Uint8Array | null) {
    super(crypto, hash, extract(crypto, hash, zeros(hash), psk ?? zeros(hash)));
  }

  /** binder_key, the BaseKey of the binder; the caller's own. */
  binderKey(kind: PskKind): Uint8Array {
    const label = kind === 'external' ? 'ext binder' : 'res binder';
    return this.derive(label, hashOfNothing(this.crypto, this.hash));
  }

  /** client_early_traffic_secret, by the hash of ClientHello; the caller's own. */
  clientTraffic(helloHash: Uint8Array): Uint8Array {
    return this.derive('c e traffic', helloHash);
  }

  /** early_exporter_secret, by the hash of ClientHello; the caller's own. */
  exporter(helloHash: Uint8Array): Uint8Array {
    return this.derive('e exp master', helloHash);
  }

  /**
   * Goes on to the Handshake Secret by the asymmetric shared secret, null with psk_ke alone, and erases
   * this one. The caller wipes the shared secret.
   */
  toHandshake(sharedSecret: Uint8Array | null): HandshakeSecret {
    return new HandshakeSecret(this.crypto, this.hash, this.descend(sharedSecret));
  }
}

/** What all schedules without a pre-shared key begin with, which is no secret. */
const publicSalts: Partial<Record<HashName, Uint8Array>> = {};

/**
 * The Handshake Secret of a schedule without a pre-shared key. Up to the shared secret it is the same for
 * all connections, so that this part is computed once. The caller wipes the shared secret.
 */
export function handshakeSecretWithoutPsk(
  crypto: HashProvider,
  hash: HashName,
  sharedSecret: Uint8Array | null,
): HandshakeSecret {
  let salt = publicSalts[hash];
  if (salt === undefined) {
    salt = new EarlySecret(crypto, hash, null).salt();
    publicSalts[hash] = salt;
  }
  return new HandshakeSecret(
    crypto,
    hash,
    extract(crypto, hash, salt, sharedSecret ?? zeros(hash)),
  );
}

/** Handshake Secret; comes from {@link EarlySecret.toHandshake} or {@link handshakeSecretWithoutPsk}. */
export class HandshakeSecret extends ScheduledSecret {
  /** client_handshake_traffic_secret, by the hash of ClientHello...ServerHello; the caller's own. */
  clientTraffic(hellosHash: Uint8Array): Uint8Array {
    return this.derive('c hs traffic', hellosHash);
  }

  /** server_handshake_traffic_secret, by the hash of ClientHello...ServerHello; the caller's own. */
  serverTraffic(hellosHash: Uint8Array): Uint8Array {
    return this.derive('s hs traffic', hellosHash);
  }

  /** Goes on to the Main Secret and erases this one. */
  toMain(): MainSecret {
    return new MainSecret(this.crypto, this.hash, this.descend(null));
  }
}

/** Main Secret; comes from {@link HandshakeSecret.toMain}. */
export class MainSecret extends ScheduledSecret {
  /** client_application_traffic_secret_0, by the hash of ClientHello...server Finished; the caller's own. */
  clientTraffic(finishedHash: Uint8Array): Uint8Array {
    return this.derive('c ap traffic', finishedHash);
  }

  /** server_application_traffic_secret_0, by the hash of ClientHello...server Finished; the caller's own. */
  serverTraffic(finishedHash: Uint8Array): Uint8Array {
    return this.derive('s ap traffic', finishedHash);
  }

  /** exporter_secret, by the hash of ClientHello...server Finished; the caller's own. */
  exporter(finishedHash: Uint8Array): Uint8Array {
    return this.derive('exp master', finishedHash);
  }

  /** resumption_secret, by the hash of ClientHello...client Finished; the caller's own. */
  resumption(clientFinishedHash: Uint8Array): Uint8Array {
    return this.derive('res master', clientFinishedHash);
  }
}

/** '"0" indicates a string of Hash.length bytes set to zero.' */
function zeros(hash: HashName): Uint8Array {
  return new Uint8Array(HASH_BYTES[hash]);
}
