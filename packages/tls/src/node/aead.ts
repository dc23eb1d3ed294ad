// Authenticated encryption by node:crypto. A cipher protects one record, and costs about a microsecond to
// make; `update` once, with everything, is the cheapest way through it.
import {
  type CipherGCM,
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  type DecipherGCM,
} from 'node:crypto';
import type { AeadKey, AeadName } from '../provider.ts';
import { type SecretKey, secretKeyCopy } from './secret-key.ts';

const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };
const KEY_BYTES: Readonly<Record<AeadName, number>> = {
  'aes-128-gcm': 16,
  'aes-256-gcm': 32,
  'chacha20-poly1305': 32,
};

/** A key of node:crypto. Throws RangeError for a key of the wrong length. */
export function nodeAeadKey(name: AeadName, key: Uint8Array): AeadKey {
  if (key.length !== KEY_BYTES[name]) {
    throw new RangeError(`a key for ${name} has ${KEY_BYTES[name]} bytes`);
  }
  return new NodeAeadKey(name, key);
}

/** The tag that is to verify, for the moment of a call; a view of it where it lies costs more. */
const expectedTag: Uint8Array = /* @__PURE__ */ new Uint8Array(TAG_BYTES);

class NodeAeadKey implements AeadKey {
  /** Types know the three names under different interfaces, which are alike in all that is used here. */
  private readonly name: CipherGCMTypes;
  private key: SecretKey;

  constructor(name: AeadName, key: Uint8Array) {
    this.name = name as CipherGCMTypes;
    this.key = secretKeyCopy(key);
  }

  seal(
    nonce: Uint8Array,
    additionalData: Uint8Array,
    plaintext: Uint8Array,
  ): readonly Uint8Array[] {
    const cipher: CipherGCM = createCipheriv(this.name, this.key, nonce, OPTIONS);
    cipher.setAAD(additionalData);
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    return [ciphertext, cipher.getAuthTag()];
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    const contentBytes = sealed.length - TAG_BYTES;
    const decipher: DecipherGCM = createDecipheriv(this.name, this.key, nonce, OPTIONS);
    decipher.setAAD(additionalData);
    for (let index = 0; index < TAG_BYTES; index += 1) {
      expectedTag[index] = sealed[contentBytes + index]!;
    }
    decipher.setAuthTag(expectedTag);
    const { buffer, byteOffset } = sealed;
    const plaintext = decipher.update(new Uint8Array(buffer, byteOffset, contentBytes));
    try {
      decipher.final();
    } catch {
      plaintext.fill(0);
      return null;
    }
    return plaintext;
  }

  destroy(): void {
    if (this.key instanceof Uint8Array) this.key.fill(0);
    else this.key = new Uint8Array(this.key.symmetricKeySize ?? 0);
  }
}
