// Under which schemes a key can sign, and how node:crypto is told so (RFC 9846 section 4.3.3).
import { constants, createPublicKey, type KeyObject } from 'node:crypto';
import type { SignatureScheme } from '../signature-scheme.ts';

/** The sizes of RSA keys that are worked with: less is no protection, more costs the other side only. */
const MODULUS_BITS_MIN = 1024;
const MODULUS_BITS_MAX = 8192;

/** What `sign` and `verify` of node:crypto are given beside the key. */
export interface SchemeParameters {
  /** The digest, or null where the algorithm has its own. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null;
  /** Padding and salt of RSASSA-PSS. */
  readonly padding?: number;
  readonly saltLength?: number;
}

/** RSASSA-PSS: "The length of the Salt MUST be equal to the length of the output of the digest algorithm." */
function pss(digest: 'sha256' | 'sha384' | 'sha512'): SchemeParameters {
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  return { digest, padding, saltLength };
}

/** The parameters of each scheme. */
export const SCHEME_PARAMETERS: Readonly<Record<SignatureScheme, SchemeParameters>> = {
  ecdsa_secp256r1_sha256: { digest: 'sha256' },
  ecdsa_secp384r1_sha384: { digest: 'sha384' },
  ecdsa_secp521r1_sha512: { digest: 'sha512' },
  rsa_pss_rsae_sha256: /* @__PURE__ */ pss('sha256'),
  rsa_pss_rsae_sha384: /* @__PURE__ */ pss('sha384'),
  rsa_pss_rsae_sha512: /* @__PURE__ */ pss('sha512'),
  ed25519: { digest: null },
  ed448: { digest: null },
  rsa_pss_pss_sha256: /* @__PURE__ */ pss('sha256'),
  rsa_pss_pss_sha384: /* @__PURE__ */ pss('sha384'),
  rsa_pss_pss_sha512: /* @__PURE__ */ pss('sha512'),
};

/** The one scheme of each named curve. */
const CURVE_SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  prime256v1: 'ecdsa_secp256r1_sha256',
  secp384r1: 'ecdsa_secp384r1_sha384',
  secp521r1: 'ecdsa_secp521r1_sha512',
};

const DIGEST_BYTES = { sha256: 32, sha384: 48, sha512: 64 } as const;
const DIGESTS = ['sha256', 'sha384', 'sha512'] as const;

/** The schemes of a public or private key, in order of preference; none for a key that TLS 1.3 cannot use. */
export function schemesOfKey(key: KeyObject): readonly SignatureScheme[] {
  switch (key.asymmetricKeyType) {
    case 'ec': {
      const scheme = CURVE_SCHEMES[key.asymmetricKeyDetails?.namedCurve ?? ''];
      return scheme === undefined ? [] : [scheme];
    }
    case 'rsa':
      return rsaDigests(key).map((digest) => `rsa_pss_rsae_${digest}` as const);
    case 'rsa-pss':
      return rsaDigests(key)
        .filter((digest) => allowsDigest(key, digest))
        .map((digest) => `rsa_pss_pss_${digest}` as const);
    case 'ed25519':
    case 'ed448':
      return [key.asymmetricKeyType];
    default:
      return [];
  }
}

/** The digests that fit: "emLen < hLen + sLen + 2" is an error (RFC 8017 section 9.1.1). */
function rsaDigests(key: KeyObject): readonly (typeof DIGESTS)[number][] {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MODULUS_BITS_MIN || bits > MODULUS_BITS_MAX) return [];
  const encodedBytes = Math.ceil((bits - 1) / 8);
  return DIGESTS.filter((digest) => encodedBytes >= 2 * DIGEST_BYTES[digest] + 2);
}

/** Whether the parameters of an RSASSA-PSS key, if it has any, allow the digest (RFC 4055 section 3.3). */
function allowsDigest(key: KeyObject, digest: (typeof DIGESTS)[number]): boolean {
  const { hashAlgorithm, mgf1HashAlgorithm, saltLength } = key.asymmetricKeyDetails ?? {};
  if (hashAlgorithm === undefined) return true;
  // The salt's length in the parameters is the least that a signature may have.
  const saltFits = saltLength === undefined || saltLength <= DIGEST_BYTES[digest];
  return hashAlgorithm === digest && mgf1HashAlgorithm === digest && saltFits;
}

let usable: readonly SignatureScheme[] | null = null;

/** The schemes of this runtime, in order of preference; not all have Ed448. */
export function usableSchemes(): readonly SignatureScheme[] {
  usable ??= PREFERENCE.filter((scheme) => scheme !== 'ed448' || hasEd448());
  return usable;
}

/** The quick ones first; PSS with its own kind of key is rare. */
const PREFERENCE: readonly SignatureScheme[] = [
  'ecdsa_secp256r1_sha256',
  'ed25519',
  'rsa_pss_rsae_sha256',
  'ecdsa_secp384r1_sha384',
  'rsa_pss_rsae_sha384',
  'ecdsa_secp521r1_sha512',
  'rsa_pss_rsae_sha512',
  'ed448',
  'rsa_pss_pss_sha256',
  'rsa_pss_pss_sha384',
  'rsa_pss_pss_sha512',
];

/** Ed448 takes any 57 bytes for a key, where it is known. */
function hasEd448(): boolean {
  try {
    const x = 'A'.repeat(76);
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed448', x }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
