// Private keys by node:crypto.
import { createPrivateKey, KeyObject, sign } from 'node:crypto';
import type { SigningKey } from '../provider.ts';
import type { SignatureScheme } from '../signature-scheme.ts';
import { SCHEME_PARAMETERS, schemesOfKey } from './key-schemes.ts';
import { plainBytes } from './plain-bytes.ts';

/** A KeyObject of node:crypto, said without the types of node, which not every consumer has. */
export interface NodeKeyObject {
  /** `private`, here. */
  readonly type: string;
}

/**
 * A private key of RSA (1024-8192 bits), RSASSA-PSS, P-256, P-384, P-521, Ed25519 or Ed448: PEM (PKCS #8,
 * PKCS #1 or SEC 1) or a KeyObject, as for keys with a passphrase. Throws TypeError for another kind of
 * key, and what node:crypto throws for text that is no key.
 */
export function signingKey(key: string | NodeKeyObject): SigningKey {
  const object = key instanceof KeyObject ? key : createPrivateKey(key as string);
  if (object.type !== 'private') throw new TypeError('A signing key must be a private key');
  const schemes = schemesOfKey(object);
  if (schemes.length === 0) {
    throw new TypeError(`TLS 1.3 cannot sign with this key of type ${object.asymmetricKeyType}`);
  }
  return new NodeSigningKey(object, schemes);
}

class NodeSigningKey implements SigningKey {
  readonly schemes: readonly SignatureScheme[];
  readonly #key: KeyObject;

  constructor(key: KeyObject, schemes: readonly SignatureScheme[]) {
    this.#key = key;
    this.schemes = schemes;
  }

  sign(scheme: SignatureScheme, content: Uint8Array): Uint8Array {
    if (!this.schemes.includes(scheme)) throw new TypeError(`The key does not sign by ${scheme}`);
    const { digest, ...parameters } = SCHEME_PARAMETERS[scheme];
    return plainBytes(sign(digest, content, { key: this.#key, ...parameters }));
  }
}
