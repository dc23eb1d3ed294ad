// A provider in plain JavaScript, of the libraries named @noble, for where there is no node:crypto. It is
// an example, too: this is all that a provider has to do. Arithmetic in JavaScript is not constant-time.
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import type {
  AeadKey,
  AeadName,
  CryptoProvider,
  HashName,
  RandomSource,
  RunningHash,
} from '../../src/provider.ts';
import { answerKeyExchange, groups, startKeyExchange } from './key-exchange.ts';
import { schemes, verifyingKey } from './signatures.ts';

const HASHES = { sha256, sha384 } as const;
const CIPHERS = {
  'aes-128-gcm': gcm,
  'aes-256-gcm': gcm,
  'chacha20-poly1305': chacha20poly1305,
} as const;

/** The provider. */
export const nobleCrypto: CryptoProvider = {
  aeads: ['chacha20-poly1305', 'aes-128-gcm', 'aes-256-gcm'],
  groups,
  schemes,
  startHash: (name: HashName): RunningHash => new NobleHash(HASHES[name].create()),
  hmac: (name: HashName, key: Uint8Array, data: Uint8Array): Uint8Array =>
    hmac(HASHES[name], key, data),
  aeadKey: (name: AeadName, key: Uint8Array): AeadKey => new NobleAeadKey(name, key),
  startKeyExchange,
  answerKeyExchange,
  verifyingKey,
};

/** Randomness of the platform's `crypto.getRandomValues`. */
export const nobleRandom: RandomSource = (target) => target.set(randomBytes(target.length));

type HashState = ReturnType<typeof sha256.create> | ReturnType<typeof sha384.create>;

class NobleHash implements RunningHash {
  private readonly state: HashState;

  constructor(state: HashState) {
    this.state = state;
  }

  update(data: Uint8Array): void {
    this.state.update(data);
  }

  digest(): Uint8Array {
    return this.state.clone().digest();
  }

  copy(): RunningHash {
    return new NobleHash(this.state.clone());
  }
}

class NobleAeadKey implements AeadKey {
  private readonly name: AeadName;
  private readonly key: Uint8Array;

  constructor(name: AeadName, key: Uint8Array) {
    if (key.length !== (name === 'aes-128-gcm' ? 16 : 32)) throw new RangeError('a wrong length');
    this.name = name;
    this.key = new Uint8Array(key);
  }

  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array): [Uint8Array] {
    return [CIPHERS[this.name](this.key, nonce, additionalData).encrypt(plaintext)];
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    try {
      return CIPHERS[this.name](this.key, nonce, additionalData).decrypt(sealed);
    } catch {
      return null;
    }
  }

  destroy(): void {
    this.key.fill(0);
  }
}
