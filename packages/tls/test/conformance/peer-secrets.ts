// The key schedule and the AEAD of TLS 1.3 on node:crypto alone, written a second time so that a raw peer
// does not share a mistake with what it tests (RFC 9846 section 7).
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { join, list, number } from '../support/wire.ts';

/** What a cipher suite means to the raw peer. */
export interface PeerSuite {
  readonly hash: 'sha256' | 'sha384';
  readonly hashBytes: number;
  readonly aead: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly keyBytes: number;
}

/** The suites by number. */
export const PEER_SUITES: Readonly<Record<number, PeerSuite>> = {
  4865: { hash: 'sha256', hashBytes: 32, aead: 'aes-128-gcm', keyBytes: 16 },
  4866: { hash: 'sha384', hashBytes: 48, aead: 'aes-256-gcm', keyBytes: 32 },
  4867: { hash: 'sha256', hashBytes: 32, aead: 'chacha20-poly1305', keyBytes: 32 },
};

const NOTHING = new Uint8Array(0);
const TAG_BYTES = 16;

/** HMAC. */
function hmac(suite: PeerSuite, key: Uint8Array, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac(suite.hash, key).update(data).digest());
}

/** The hash of all messages. */
export function digest(suite: PeerSuite, messages: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(
    createHash(suite.hash)
      .update(join(...messages))
      .digest(),
  );
}

/** HKDF-Expand-Label, for at most one block of output. */
function expand(
  suite: PeerSuite,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  byteCount: number,
): Uint8Array {
  const name = new TextEncoder().encode(`tls13 ${label}`);
  const info = join(number(2, byteCount), list(1, name), list(1, context), number(1, 1));
  return hmac(suite, secret, info).subarray(0, byteCount);
}

/** Derive-Secret. */
export function derive(
  suite: PeerSuite,
  secret: Uint8Array,
  label: string,
  messages: readonly Uint8Array[],
): Uint8Array {
  return expand(suite, secret, label, digest(suite, messages), suite.hashBytes);
}

/** The verify_data of a Finished or the value of a binder. */
export function verifyData(
  suite: PeerSuite,
  baseKey: Uint8Array,
  messages: readonly Uint8Array[],
): Uint8Array {
  const key = expand(suite, baseKey, 'finished', NOTHING, suite.hashBytes);
  return hmac(suite, key, digest(suite, messages));
}

/** Early Secret, from a pre-shared key or none. */
export function earlySecret(suite: PeerSuite, psk: Uint8Array | null): Uint8Array {
  const zeros = new Uint8Array(suite.hashBytes);
  return hmac(suite, zeros, psk ?? zeros);
}

/** The secret that follows, with what a key exchange has brought, or nothing. */
export function nextSecret(
  suite: PeerSuite,
  secret: Uint8Array,
  input: Uint8Array | null,
): Uint8Array {
  const salt = derive(suite, secret, 'derived', []);
  return hmac(suite, salt, input ?? new Uint8Array(suite.hashBytes));
}

/** One direction's keys. */
export class PeerKeys {
  readonly suite: PeerSuite;
  /** The traffic secret. */
  readonly secret: Uint8Array;
  private readonly key: Uint8Array;
  private readonly iv: Uint8Array;
  private sequence = 0;

  constructor(suite: PeerSuite, secret: Uint8Array) {
    this.suite = suite;
    this.secret = secret;
    this.key = expand(suite, secret, 'key', NOTHING, suite.keyBytes);
    this.iv = expand(suite, secret, 'iv', NOTHING, 12);
  }

  /** The keys after a KeyUpdate. */
  next(): PeerKeys {
    const { suite, secret } = this;
    return new PeerKeys(suite, expand(suite, secret, 'traffic upd', NOTHING, suite.hashBytes));
  }

  /** A ciphertext with its tag. */
  seal(header: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const options = { authTagLength: TAG_BYTES };
    const cipher = createCipheriv(this.aead, this.key, this.nonce(), options);
    cipher.setAAD(header, { plaintextLength: plaintext.length });
    const ciphertext = join(cipher.update(plaintext), cipher.final());
    return join(ciphertext, cipher.getAuthTag());
  }

  /** The plaintext; throws when the tag does not verify. */
  open(header: Uint8Array, sealed: Uint8Array): Uint8Array {
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(this.aead, this.key, this.nonce(), options);
    const end = sealed.length - TAG_BYTES;
    decipher.setAuthTag(sealed.subarray(end));
    decipher.setAAD(header, { plaintextLength: end });
    return join(decipher.update(sealed.subarray(0, end)), decipher.final());
  }

  // The types of node:crypto know the modes one by one; all three take the same arguments.
  private get aead(): 'aes-128-gcm' {
    return this.suite.aead as 'aes-128-gcm';
  }

  private nonce(): Uint8Array {
    const nonce = this.iv.slice();
    const counter = number(8, this.sequence);
    this.sequence += 1;
    for (let index = 0; index < 8; index += 1) nonce[index + 4]! ^= counter[index]!;
    return nonce;
  }
}
