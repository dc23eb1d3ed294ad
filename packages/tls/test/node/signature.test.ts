import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nodeCrypto, signingKey } from '../../src/node/index.ts';
import type { SignatureScheme } from '../../src/signature-scheme.ts';

const CONTENT = Buffer.from('TLS 1.3, server CertificateVerify');

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const rsa = (modulusLength: number): Pair => generateKeyPairSync('rsa', { modulusLength });
const rsa1024 = rsa(1024);

/** A key of each kind, and the schemes that are expected of it. */
const KEYS: readonly (readonly [string, Pair, readonly SignatureScheme[]])[] = [
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), ['ecdsa_secp256r1_sha256']],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), ['ecdsa_secp384r1_sha384']],
  ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }), ['ecdsa_secp521r1_sha512']],
  ['Ed25519', generateKeyPairSync('ed25519'), ['ed25519']],
  ['Ed448', generateKeyPairSync('ed448'), ['ed448']],
  ['RSA', rsa(2048), ['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha512']],
  // SHA-512 with its salt does not fit into 128 bytes.
  ['RSA of 1024 bits', rsa1024, ['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384']],
  [
    'RSASSA-PSS without parameters',
    generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
    ['rsa_pss_pss_sha256', 'rsa_pss_pss_sha384', 'rsa_pss_pss_sha512'],
  ],
  ['RSASSA-PSS for SHA-384', pssPair('sha384', 'sha384', 48), ['rsa_pss_pss_sha384']],
];

function pssPair(hashAlgorithm: string, mgf1HashAlgorithm: string, saltLength: number): Pair {
  const options = { modulusLength: 2048, hashAlgorithm, mgf1HashAlgorithm, saltLength };
  // Its types want the salt's length as text, which it refuses.
  return generateKeyPairSync('rsa-pss', options as object as { modulusLength: number });
}

const infoOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(key.export({ format: 'der', type: 'spki' }));

describe.each(KEYS)('%s', (_name, { privateKey, publicKey }, schemes) => {
  const signing = signingKey(privateKey);
  const verifying = nodeCrypto.verifyingKey(infoOf(publicKey))!;

  test('both halves know the schemes', () => {
    expect(signing.schemes).toEqual(schemes);
    expect(verifying.schemes).toEqual(schemes);
  });

  test('what is signed is verified, by this scheme, content and key alone', () => {
    for (const scheme of schemes) {
      const signature = signing.sign(scheme, CONTENT);
      expect(signature.constructor).toBe(Uint8Array);
      expect(verifying.verify(scheme, CONTENT, signature)).toBe(true);
      expect(verifying.verify(scheme, CONTENT.subarray(1), signature)).toBe(false);
      for (const other of nodeCrypto.schemes) {
        if (other !== scheme) expect(verifying.verify(other, CONTENT, signature)).toBe(false);
      }
      for (const wrong of [signature.subarray(1), new Uint8Array(0), reversed(signature)]) {
        expect(verifying.verify(scheme, CONTENT, wrong)).toBe(false);
      }
    }
  });

  test('another scheme is the caller’s fault', () => {
    const other = schemes[0] === 'ed25519' ? 'ed448' : 'ed25519';
    expect(() => signing.sign(other, CONTENT)).toThrow(TypeError);
  });

  test('PEM does as well as an object', () => {
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    const signature = signingKey(pem).sign(schemes[0]!, CONTENT);
    expect(verifying.verify(schemes[0]!, CONTENT, signature)).toBe(true);
  });
});

function reversed(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes).reverse();
}

describe('RSASSA-PSS', () => {
  const [, { privateKey, publicKey }] = KEYS.find(([name]) => name === 'RSA')!;
  const padding = constants.RSA_PKCS1_PSS_PADDING;

  test('is verified with a salt of the digest’s length, and no other', () => {
    const verifying = nodeCrypto.verifyingKey(infoOf(publicKey))!;
    for (const saltLength of [0, 20, 31, 32, 33, 64]) {
      const signature = sign('sha256', CONTENT, { key: privateKey, padding, saltLength });
      const isVerified = verifying.verify('rsa_pss_rsae_sha256', CONTENT, signature);
      expect(isVerified, `${saltLength} bytes`).toBe(saltLength === 32);
    }
  });

  test('is signed with such a salt', () => {
    const signature = signingKey(privateKey).sign('rsa_pss_rsae_sha384', CONTENT);
    const key = { key: publicKey, padding, saltLength: 48 };
    expect(verify('sha384', CONTENT, key, signature)).toBe(true);
  });

  test('is as long as the modulus, leading zeros included', () => {
    const signing = signingKey(privateKey);
    const verifying = nodeCrypto.verifyingKey(infoOf(publicKey))!;
    const scheme = 'rsa_pss_rsae_sha256';
    let signature = signing.sign(scheme, CONTENT);
    while (signature[0] !== 0) signature = signing.sign(scheme, CONTENT);
    expect(verifying.verify(scheme, CONTENT, signature)).toBe(true);
    expect(verifying.verify(scheme, CONTENT, signature.subarray(1))).toBe(false);
    expect(verifying.verify(scheme, CONTENT, Uint8Array.of(0, ...signature))).toBe(false);
  });

  test('is not PKCS #1 v1.5', () => {
    const signature = sign('sha256', CONTENT, privateKey);
    const verifying = nodeCrypto.verifyingKey(infoOf(publicKey))!;
    for (const scheme of verifying.schemes) {
      expect(verifying.verify(scheme, CONTENT, signature)).toBe(false);
    }
  });
});

test('an ECDSA signature is DER, without a byte more', () => {
  const [, { privateKey, publicKey }] = KEYS[0]!;
  const verifying = nodeCrypto.verifyingKey(infoOf(publicKey))!;
  const signature = signingKey(privateKey).sign('ecdsa_secp256r1_sha256', CONTENT);
  const raw = sign('sha256', CONTENT, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  for (const wrong of [Uint8Array.of(...signature, 0), new Uint8Array(raw)]) {
    expect(verifying.verify('ecdsa_secp256r1_sha256', CONTENT, wrong)).toBe(false);
  }
});

describe('keys that TLS 1.3 cannot use', () => {
  const UNUSABLE: readonly (readonly [string, Pair])[] = [
    ['x25519', generateKeyPairSync('x25519')],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
    ['RSA of 768 bits', rsa(768)],
    ['RSASSA-PSS for SHA-1', pssPair('sha1', 'sha1', 20)],
    ['RSASSA-PSS with two hashes', pssPair('sha256', 'sha384', 32)],
    ['RSASSA-PSS with a longer salt', pssPair('sha256', 'sha256', 40)],
  ];

  test.each(UNUSABLE)('%s', (_name, { privateKey, publicKey }) => {
    expect(nodeCrypto.verifyingKey(infoOf(publicKey))).toBeNull();
    expect(() => signingKey(privateKey)).toThrow(TypeError);
  });

  test('what is no key at all', () => {
    expect(nodeCrypto.verifyingKey(new Uint8Array(0))).toBeNull();
    expect(nodeCrypto.verifyingKey(infoOf(rsa1024.publicKey).subarray(1))).toBeNull();
    expect(() => signingKey('no key')).toThrow();
    expect(() => signingKey(rsa1024.publicKey)).toThrow(TypeError);
  });
});

test('a curve is told by its name, not spelled out', () => {
  for (const namedCurve of ['prime256v1', 'secp384r1', 'secp521r1']) {
    for (const paramEncoding of ['named', 'explicit'] as const) {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve, paramEncoding });
      const key = nodeCrypto.verifyingKey(infoOf(publicKey));
      expect(key === null, `${namedCurve}, ${paramEncoding}`).toBe(paramEncoding === 'explicit');
    }
  }
});

test('the last keys are remembered, and not more', () => {
  const infos = Array.from({ length: 66 }, (_unused, index) => {
    const x = Buffer.alloc(32, index + 1).toString('base64url');
    return infoOf(createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }));
  });
  const [first, second] = infos.map((info) => nodeCrypto.verifyingKey(info));
  // The first 66 have pushed two out; another copy of the bytes finds what is still there.
  expect(nodeCrypto.verifyingKey(new Uint8Array(infos[65]!))).toBe(
    nodeCrypto.verifyingKey(infos[65]!),
  );
  expect(nodeCrypto.verifyingKey(infos[0]!)).not.toBe(first);
  expect(nodeCrypto.verifyingKey(infos[1]!)).not.toBe(second);
  // Asked for again, a key is the last to go.
  const kept = nodeCrypto.verifyingKey(infos[0]!);
  for (const info of infos.slice(2, 60)) {
    nodeCrypto.verifyingKey(info);
    expect(nodeCrypto.verifyingKey(infos[0]!)).toBe(kept);
  }
});
