// What TLS needs of cryptography, all of it synchronous. `@holdline/tls/node` provides it by
// node:crypto; anything else that fills these interfaces will do.
import type { NamedGroup } from './named-group.ts';
import type { SignatureScheme } from './signature-scheme.ts';

/** Hashes of the transcript and the key schedule. */
export type HashName = 'sha256' | 'sha384';

/** Authenticated encryption of records. */
export type AeadName = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';

/** Fills the target with bytes that nobody can predict. */
export type RandomSource = (target: Uint8Array) => void;

/** A hash over bytes that arrive one after another. */
export interface RunningHash {
  /** Adds bytes, which are not kept. */
  update(data: Uint8Array): void;
  /** The hash of everything so far, the caller's own; more may be added afterwards. */
  digest(): Uint8Array;
  /** One that has seen the same and goes on by itself. */
  copy(): RunningHash;
}

/**
 * A key that protects records. Nonces have 12 bytes, tags 16 (RFC 9846 section 5.2). What is passed is
 * only read, and only until the call returns, but for the region that `open` may write to.
 */
export interface AeadKey {
  /** Encrypts. The result, the caller's own, is ciphertext and tag in one or more parts. */
  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array): readonly Uint8Array[];
  /**
   * Decrypts ciphertext with its tag behind it; null when the tag does not verify, and then nothing of
   * the plaintext may be seen. May decrypt in place: the region is the provider's to write to, and the
   * result may be a part of it.
   */
  open(nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | null;
  /** Overwrites the key, as far as it can be reached. */
  destroy(): void;
}

/** A client's half of a key exchange (RFC 9846 section 4.3.8). */
export interface KeyExchange {
  /** The key_exchange of the client's KeyShareEntry. */
  readonly share: Uint8Array;
  /** The shared secret, the caller's own; null if the server's share is not valid for the group. */
  finish(serverShare: Uint8Array): Uint8Array | null;
  /** Overwrites what is secret, as far as it can be reached. */
  destroy(): void;
}

/** What a server answers to a client's share. */
export interface KeyExchangeAnswer {
  /** The key_exchange of the server's KeyShareEntry. */
  readonly share: Uint8Array;
  /** The shared secret, the caller's own. */
  readonly secret: Uint8Array;
}

/** The public key of a certificate. */
export interface VerifyingKey {
  /** The schemes under which this key can sign in TLS 1.3. */
  readonly schemes: readonly SignatureScheme[];
  /** Bits of an RSA modulus, which the option `rsaBitsMin` is about; 0 for other keys. */
  readonly rsaBits: number;
  /** Whether the signature over the content is the key's own. */
  verify(scheme: SignatureScheme, content: Uint8Array, signature: Uint8Array): boolean;
}

/** A private key that signs here and now; one that is elsewhere signs through a `sign` event instead. */
export interface SigningKey {
  /** The schemes under which it signs, in order of preference. */
  readonly schemes: readonly SignatureScheme[];
  /** The signature over the content. What it throws fails the connection: TLS_SIGNING_FAILED. */
  sign(scheme: SignatureScheme, content: Uint8Array): Uint8Array;
}

/** All of it. */
export interface CryptoProvider {
  /** What can be used here; asked once for each set of options. */
  readonly aeads: readonly AeadName[];
  readonly groups: readonly NamedGroup[];
  readonly schemes: readonly SignatureScheme[];
  /** A hash that has seen nothing. */
  startHash(name: HashName): RunningHash;
  /** HMAC (RFC 2104), the caller's own. Key and data are not kept. */
  hmac(name: HashName, key: Uint8Array, data: Uint8Array): Uint8Array;
  /** A key for records; `key` is copied, and may be overwritten afterwards. */
  aeadKey(name: AeadName, key: Uint8Array): AeadKey;
  /** Begins a key exchange with a key pair that is used once (section 4.3.8). */
  startKeyExchange(group: NamedGroup): KeyExchange;
  /** Answers a client's share with a key pair of its own; null if the share is not valid for the group. */
  answerKeyExchange(group: NamedGroup, clientShare: Uint8Array): KeyExchangeAnswer | null;
  /** The public key in a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), DER; null for one that cannot be used. */
  verifyingKey(subjectPublicKeyInfo: Uint8Array): VerifyingKey | null;
}
