// Public keys of certificates by node:crypto.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { DER_TAG, DerReader } from '../certificate/der-reader.ts';
import type { VerifyingKey } from '../provider.ts';
import type { SignatureScheme } from '../signature-scheme.ts';
import { SCHEME_PARAMETERS, schemesOfKey } from './key-schemes.ts';

/** Keys that are remembered: a client meets the same few servers again and again. */
const REMEMBERED_KEYS_MAX = 64;

/** By the text of SubjectPublicKeyInfo, those that were used last at the end. */
const remembered: Map<string, VerifyingKey> = /* @__PURE__ */ new Map();

/**
 * The key of a SubjectPublicKeyInfo, or null for one that cannot be used. Reading one takes 90
 * microseconds on Node 20, as long as verifying a signature, so the last few are remembered.
 */
export function verifyingKey(subjectPublicKeyInfo: Uint8Array): VerifyingKey | null {
  const { buffer, byteOffset, length } = subjectPublicKeyInfo;
  const bytes = Buffer.from(buffer, byteOffset, length);
  const name = bytes.toString('latin1');
  const known = remembered.get(name);
  if (known !== undefined) {
    remembered.delete(name);
    remembered.set(name, known);
    return known;
  }
  const key = readKey(bytes);
  if (key !== null) remember(name, key);
  return key;
}

function remember(name: string, key: VerifyingKey): void {
  remembered.set(name, key);
  if (remembered.size <= REMEMBERED_KEYS_MAX) return;
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest);
    return;
  }
}

function readKey(subjectPublicKeyInfo: Buffer): VerifyingKey | null {
  try {
    const key = createPublicKey({ key: subjectPublicKeyInfo, format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ec' && !namesCurve(subjectPublicKeyInfo)) return null;
    const schemes = schemesOfKey(key);
    return schemes.length === 0 ? null : new NodeVerifyingKey(key, schemes);
  } catch {
    return null;
  }
}

/**
 * Whether the curve is told by its name: "implicitCurve and specifiedCurve MUST NOT be used in PKIX"
 * (RFC 5480 section 2.1.1), and OpenSSL takes a curve that is spelled out for the one that it equals.
 */
function namesCurve(subjectPublicKeyInfo: Uint8Array): boolean {
  const algorithm = new DerReader(subjectPublicKeyInfo)
    .enter(DER_TAG.sequence)
    .enter(DER_TAG.sequence);
  algorithm.contents(DER_TAG.objectIdentifier);
  return algorithm.isNext(DER_TAG.objectIdentifier);
}

class NodeVerifyingKey implements VerifyingKey {
  readonly schemes: readonly SignatureScheme[];
  readonly rsaBits: number;
  private readonly key: KeyObject;

  constructor(key: KeyObject, schemes: readonly SignatureScheme[]) {
    this.key = key;
    this.rsaBits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    this.schemes = schemes;
  }

  verify(scheme: SignatureScheme, content: Uint8Array, signature: Uint8Array): boolean {
    // A scheme that is not the key's would be taken for another one of the same algorithm.
    if (!this.schemes.includes(scheme)) return false;
    // "If the length of the signature S is not k octets, output 'invalid signature' and stop" (RFC 8017
    // section 8.1.2): OpenSSL takes one from which leading zeros are missing.
    if (this.rsaBits !== 0 && signature.length !== Math.ceil(this.rsaBits / 8)) return false;
    const { digest, ...parameters } = SCHEME_PARAMETERS[scheme];
    try {
      return verify(digest, content, { key: this.key, ...parameters }, signature);
    } catch {
      return false;
    }
  }
}
