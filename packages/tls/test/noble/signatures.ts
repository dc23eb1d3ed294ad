// Signatures (RFC 9846 section 4.3.3) by @noble/curves, and RSASSA-PSS beside them.

import { ed448 } from '@noble/curves/ed448.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { DER_TAG, DerFault, DerReader } from '../../src/certificate/der-reader.ts';
import type { SigningKey, VerifyingKey } from '../../src/provider.ts';
import type { SignatureScheme } from '../../src/signature-scheme.ts';
import {
  bitLength,
  PSS_HASHES,
  type PssHash,
  type RsaPublicKey,
  toNumber,
  verifyPss,
} from './rsa-pss.ts';

/** What can be verified. RSASSA-PSS keys with an identifier of their own are too rare for an example. */
export const schemes: readonly SignatureScheme[] = [
  'ed25519',
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
  'ed448',
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
];

/** Schemes by curves: ECDSA with the digest that the curve brings along. */
const ECDSA = {
  ecdsa_secp256r1_sha256: p256,
  ecdsa_secp384r1_sha384: p384,
  ecdsa_secp521r1_sha512: p521,
} as const;
const EDDSA = { ed25519, ed448 } as const;

/** The schemes of which a key of noble's can sign. */
export type NobleScheme = keyof typeof ECDSA | keyof typeof EDDSA;

// TLS does not know the rule of one s, which would refuse half of all signatures.
const DER_SIGNATURE = { format: 'der', lowS: false } as const;

/** A private key as noble has it: a scalar of a NIST curve, or the seed of an Edwards curve. */
export function nobleSigningKey(scheme: NobleScheme, secretKey: Uint8Array): SigningKey {
  const own = scheme;
  return {
    schemes: [own],
    sign(scheme: SignatureScheme, content: Uint8Array): Uint8Array {
      if (scheme !== own) throw new TypeError(`The key does not sign by ${scheme}`);
      if (own === 'ed25519' || own === 'ed448') return EDDSA[own].sign(content, secretKey);
      return ECDSA[own].sign(content, secretKey, DER_SIGNATURE);
    },
  };
}

/** Object identifiers in hexadecimal: of algorithms, and of curves as their parameters. */
const EC_PUBLIC_KEY = '2a8648ce3d0201';
const RSA_ENCRYPTION = '2a864886f70d010101';
const BY_IDENTIFIER: Readonly<Record<string, NobleScheme>> = {
  '2a8648ce3d030107': 'ecdsa_secp256r1_sha256',
  '2b81040022': 'ecdsa_secp384r1_sha384',
  '2b81040023': 'ecdsa_secp521r1_sha512',
  '2b6570': 'ed25519',
  '2b6571': 'ed448',
};

/** The key of a SubjectPublicKeyInfo, or null. */
export function verifyingKey(subjectPublicKeyInfo: Uint8Array): VerifyingKey | null {
  try {
    return readKey(subjectPublicKeyInfo);
  } catch (fault) {
    if (fault instanceof DerFault) return null;
    throw fault;
  }
}

/** SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING } */
function readKey(subjectPublicKeyInfo: Uint8Array): VerifyingKey | null {
  const outer = new DerReader(subjectPublicKeyInfo);
  const fields = outer.enter(DER_TAG.sequence);
  outer.finish();
  const algorithm = fields.enter(DER_TAG.sequence);
  const name = hex(algorithm.contents(DER_TAG.objectIdentifier));
  const bits = fields.contents(DER_TAG.bitString);
  fields.finish();
  if (bits[0] !== 0) return null;
  const key = bits.subarray(1);
  if (name === RSA_ENCRYPTION) return rsaKey(key);
  const isNamedCurve = name === EC_PUBLIC_KEY && algorithm.isNext(DER_TAG.objectIdentifier);
  const identifier = isNamedCurve ? hex(algorithm.contents(DER_TAG.objectIdentifier)) : name;
  algorithm.finish();
  const scheme = BY_IDENTIFIER[identifier];
  return scheme === undefined ? null : curveKey(scheme, key);
}

function curveKey(own: NobleScheme, key: Uint8Array): VerifyingKey | null {
  const isEdwards = own === 'ed25519' || own === 'ed448';
  const isValid = isEdwards
    ? key.length === EDDSA[own].lengths.publicKey
    : ECDSA[own].utils.isValidPublicKey(key);
  if (!isValid) return null;
  const verify = (content: Uint8Array, signature: Uint8Array): boolean => {
    if (isEdwards) return EDDSA[own].verify(signature, content, key);
    return ECDSA[own].verify(signature, content, key, DER_SIGNATURE);
  };
  return {
    schemes: [own],
    rsaBits: 0,
    verify(scheme: SignatureScheme, content: Uint8Array, signature: Uint8Array): boolean {
      try {
        return scheme === own && verify(content, signature);
      } catch {
        return false;
      }
    },
  };
}

/** RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 section A.1.1) */
function rsaKey(bytes: Uint8Array): VerifyingKey | null {
  const outer = new DerReader(bytes);
  const fields = outer.enter(DER_TAG.sequence);
  outer.finish();
  const modulus = toNumber(fields.contents(DER_TAG.integer));
  const exponent = toNumber(fields.contents(DER_TAG.integer));
  fields.finish();
  const bits = bitLength(modulus);
  if (bits < 1024 || bits > 8192) return null;
  const key: RsaPublicKey = { modulus, exponent };
  const fits = (name: PssHash) => Math.ceil((bits - 1) / 8) >= 2 * PSS_HASHES[name].outputLen + 2;
  const names = (Object.keys(PSS_HASHES) as PssHash[]).filter(fits);
  return {
    schemes: names.map((name) => `rsa_pss_rsae_${name}` as const),
    rsaBits: bits,
    verify(scheme: SignatureScheme, content: Uint8Array, signature: Uint8Array): boolean {
      const name = names.find((candidate) => scheme === `rsa_pss_rsae_${candidate}`);
      return name !== undefined && verifyPss(key, name, content, signature);
    },
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
