// X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem, ML-KEM by FIPS 203), where the runtime has it: Node 24.7
// and later. ML-KEM's part stands before that of x25519 in shares and in the secret.
import * as crypto from 'node:crypto';
import type { KeyExchange, KeyExchangeAnswer } from '../provider.ts';
import { wipe } from '../secret-bytes.ts';
import { answerCurve, CurveKeyExchange } from './curve-key-exchange.ts';
import { plainBytes } from './plain-bytes.ts';

/** An encapsulation key, a ciphertext and a shared secret of ML-KEM-768. */
const ENCAPSULATION_KEY_BYTES = 1184;
const CIPHERTEXT_BYTES = 1088;
const X25519_BYTES = 32;

/** SubjectPublicKeyInfo of ML-KEM-768 (RFC 9935 section 4) up to the key. */
const KEY_PREFIX: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  ...[0x30, 0x82, 0x04, 0xb2, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48],
  ...[0x01, 0x65, 0x03, 0x04, 0x04, 0x02, 0x03, 0x82, 0x04, 0xa1, 0x00],
);

/** What newer runtimes have, of which the types of older ones know nothing. */
type MaybeKem = Partial<Pick<typeof crypto, 'encapsulate' | 'decapsulate'>>;

let isKnown: boolean | null = null;

/** Whether the runtime has ML-KEM; tried once, with a key pair. */
export function hasHybrid(): boolean {
  isKnown ??= tryKem();
  return isKnown;
}

function tryKem(): boolean {
  if (typeof (crypto as MaybeKem).encapsulate !== 'function') return false;
  try {
    exportKey(crypto.generateKeyPairSync('ml-kem-768').publicKey);
    return true;
  } catch {
    return false;
  }
}

/** Both key pairs of a client. */
export class HybridKeyExchange implements KeyExchange {
  readonly share: Uint8Array;
  private readonly curve: CurveKeyExchange;
  private decapsulationKey: crypto.KeyObject | null;

  constructor() {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('ml-kem-768');
    this.decapsulationKey = privateKey;
    this.curve = new CurveKeyExchange('x25519');
    this.share = join(exportKey(publicKey), this.curve.share);
  }

  finish(serverShare: Uint8Array): Uint8Array | null {
    const key = this.decapsulationKey;
    if (key === null || serverShare.length !== CIPHERTEXT_BYTES + X25519_BYTES) return null;
    const curveSecret = this.curve.finish(serverShare.subarray(CIPHERTEXT_BYTES));
    if (curveSecret === null) return null;
    // A ciphertext that was tampered with gives a secret that nobody shares: implicit rejection.
    const kemSecret = crypto.decapsulate(key, serverShare.subarray(0, CIPHERTEXT_BYTES));
    return joinSecrets(kemSecret, curveSecret);
  }

  destroy(): void {
    this.decapsulationKey = null;
    this.curve.destroy();
  }
}

/** Answers a client's share; null if either part is not valid. */
export function answerHybrid(clientShare: Uint8Array): KeyExchangeAnswer | null {
  if (clientShare.length !== ENCAPSULATION_KEY_BYTES + X25519_BYTES) return null;
  const curve = answerCurve('x25519', clientShare.subarray(ENCAPSULATION_KEY_BYTES));
  if (curve === null) return null;
  const encapsulationKey = importKey(clientShare.subarray(0, ENCAPSULATION_KEY_BYTES));
  if (encapsulationKey === null) {
    wipe(curve.secret);
    return null;
  }
  const { ciphertext, sharedKey } = crypto.encapsulate(encapsulationKey);
  return { share: join(ciphertext, curve.share), secret: joinSecrets(sharedKey, curve.secret) };
}

function exportKey(publicKey: crypto.KeyObject): Uint8Array {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(KEY_PREFIX.length);
}

/** Null for a key that fails the check of its modulus (FIPS 203 section 7.2). */
function importKey(encapsulationKey: Uint8Array): crypto.KeyObject | null {
  const key = Buffer.from(join(KEY_PREFIX, encapsulationKey).buffer);
  try {
    return crypto.createPublicKey({ key, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** Joins the secrets and overwrites the two. */
function joinSecrets(kemSecret: Uint8Array, curveSecret: Uint8Array): Uint8Array {
  const secret = join(plainBytes(kemSecret), curveSecret);
  wipe(kemSecret);
  wipe(curveSecret);
  return secret;
}
