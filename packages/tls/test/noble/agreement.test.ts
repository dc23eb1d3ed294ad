// Every operation of one provider against the other, so that the interface, and not node:crypto, is what
// the engine relies on.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeCrypto, signingKey } from '../../src/node/index.ts';
import type { AeadKey, AeadName, CryptoProvider } from '../../src/provider.ts';
import { toHex } from '../rfc8448/trace.ts';
import { nobleCrypto, nobleRandom } from './noble-crypto.ts';
import { type NobleScheme, nobleSigningKey } from './signatures.ts';

const PAIRS = [
  ['node:crypto', nodeCrypto, '@noble', nobleCrypto],
  ['@noble', nobleCrypto, 'node:crypto', nodeCrypto],
] as const;

const bytes = (maxLength = 300) => fc.uint8Array({ maxLength });
const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hashes = fc.constantFrom('sha256' as const, 'sha384' as const);

test('hashes, copies of them, and HMAC', () => {
  fc.assert(
    fc.property(hashes, bytes(), bytes(), (name, first, second) => {
      const results = [nodeCrypto, nobleCrypto].map((provider) => {
        const running = provider.startHash(name);
        running.update(first);
        const copy = running.copy();
        running.update(second);
        return [
          running.digest(),
          running.digest(),
          copy.digest(),
          provider.hmac(name, first, second),
        ];
      });
      expect(results[0]!.map(toHex)).toEqual(results[1]!.map(toHex));
    }),
  );
});

describe.each([
  ['aes-128-gcm', 16],
  ['aes-256-gcm', 32],
  ['chacha20-poly1305', 32],
] as const)('%s', (name: AeadName, keyBytes) => {
  const sealed = (key: AeadKey, ...[nonce, additional, text]: Uint8Array[]) =>
    Buffer.concat(key.seal(nonce!, additional!, text!));

  test('seals alike, and each opens what the other sealed', () => {
    fc.assert(
      fc.property(sized(keyBytes), sized(12), bytes(), bytes(), (raw, nonce, additional, text) => {
        const keys = [nodeCrypto, nobleCrypto].map((provider) => provider.aeadKey(name, raw));
        const [byNode, byNoble] = keys.map((key) => sealed(key, nonce, additional, text));
        expect(toHex(byNode!)).toBe(toHex(byNoble!));
        for (const key of keys) {
          // In place it may be, so each gets bytes of its own.
          const opened = key.open(nonce, additional, new Uint8Array(byNode!));
          expect(toHex(opened!)).toBe(toHex(text));
        }
      }),
    );
  });

  test('opens nothing that was changed', () => {
    fc.assert(
      fc.property(sized(keyBytes), sized(12), bytes(40), fc.nat(), (raw, nonce, text, at) => {
        const additional = Uint8Array.of(23, 3, 3, 0, 17);
        for (const provider of [nodeCrypto, nobleCrypto]) {
          const key = provider.aeadKey(name, raw);
          const wrong = new Uint8Array(sealed(key, nonce, additional, text));
          wrong[at % wrong.length]! ^= 1;
          expect(key.open(nonce, additional, wrong)).toBeNull();
        }
      }),
    );
  });

  test('takes keys of its own length alone', () => {
    for (const provider of [nodeCrypto, nobleCrypto]) {
      expect(() => provider.aeadKey(name, new Uint8Array(keyBytes - 1))).toThrow(RangeError);
      provider.aeadKey(name, new Uint8Array(keyBytes)).destroy();
    }
  });
});

const bothGroups = nobleCrypto.groups.filter((group) => nodeCrypto.groups.includes(group));

describe.each(PAIRS)('a client by %s, a server by %s', (_a, client, _b, server) => {
  test.each(bothGroups)('%s', (group) => {
    const half = client.startKeyExchange(group);
    const answer = server.answerKeyExchange(group, half.share)!;
    expect(toHex(half.finish(answer.share)!)).toBe(toHex(answer.secret));
    const shares = badShares(half.share);
    for (const [name, share] of Object.entries(shares)) {
      expect(server.answerKeyExchange(group, share), name).toBeNull();
    }
    for (const [name, share] of Object.entries(badShares(answer.share))) {
      // Only a ciphertext of ML-KEM has no wrong value; its x25519 part has.
      const isFree = group === 'X25519MLKEM768' && !['short', 'long', 'zeros'].includes(name);
      if (!isFree) expect(half.finish(share), name).toBeNull();
    }
  });
});

/** Shares that no group takes: of another length, nothing but zeros, nothing but ones but for x25519. */
function badShares(share: Uint8Array): Readonly<Record<string, Uint8Array>> {
  const wrong = { short: share.subarray(1), long: Uint8Array.of(...share, 0) };
  const zeros = new Uint8Array(share.length);
  if (share.length === 32) return { ...wrong, zeros };
  const hybridForm = Uint8Array.of(6 | (share[share.length - 1]! & 1), ...share.subarray(1));
  const ones = new Uint8Array(share.length).fill(0xff);
  const isPoint = share[0] === 4 && share.length < 200;
  return isPoint ? { ...wrong, zeros, ones, hybridForm } : { ...wrong, zeros, ones };
}

describe('signatures', () => {
  const content = Buffer.from('TLS 1.3, client CertificateVerify');
  const KEYS: readonly (readonly [NobleScheme, { privateKey: KeyObject; publicKey: KeyObject }])[] =
    [
      ['ecdsa_secp256r1_sha256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
      ['ecdsa_secp384r1_sha384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
      ['ecdsa_secp521r1_sha512', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
      ['ed25519', generateKeyPairSync('ed25519')],
      ['ed448', generateKeyPairSync('ed448')],
    ];
  const infoOf = (key: KeyObject) => new Uint8Array(key.export({ format: 'der', type: 'spki' }));

  test.each(KEYS)('%s', (scheme, { privateKey, publicKey }) => {
    const secretKey = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url');
    const signers = [signingKey(privateKey), nobleSigningKey(scheme, new Uint8Array(secretKey))];
    for (let run = 0; run < 4; run += 1) {
      for (const signature of signers.map((signer) => signer.sign(scheme, content))) {
        for (const provider of [nodeCrypto, nobleCrypto]) {
          checkSignature(provider, infoOf(publicKey), [scheme], content, signature);
        }
      }
    }
  });

  test.each([1024, 1025, 2048, 3072])('RSASSA-PSS with %i bits', (modulusLength) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
    const signer = signingKey(privateKey);
    for (const scheme of signer.schemes) {
      const signature = signer.sign(scheme, content);
      for (const provider of [nodeCrypto, nobleCrypto]) {
        checkSignature(provider, infoOf(publicKey), signer.schemes, content, signature, scheme);
      }
    }
  });

  test('keys that neither can use', () => {
    const infos = [
      infoOf(generateKeyPairSync('x25519').publicKey),
      infoOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
      infoOf(generateKeyPairSync('rsa', { modulusLength: 768 }).publicKey),
      infoOf(KEYS[0]![1].publicKey).subarray(1),
      new Uint8Array(0),
    ];
    for (const info of infos) {
      expect(nodeCrypto.verifyingKey(info)).toBeNull();
      expect(nobleCrypto.verifyingKey(info)).toBeNull();
    }
  });

  function checkSignature(
    provider: CryptoProvider,
    info: Uint8Array,
    schemes: readonly string[],
    signed: Uint8Array,
    signature: Uint8Array,
    scheme = schemes[0] as NobleScheme | (typeof nodeCrypto.schemes)[number],
  ): void {
    const key = provider.verifyingKey(info)!;
    expect(key.schemes).toEqual(schemes);
    expect(key.verify(scheme, signed, signature)).toBe(true);
    for (const other of nodeCrypto.schemes) {
      if (other !== scheme) expect(key.verify(other, signed, signature)).toBe(false);
    }
    const changed = new Uint8Array(signature);
    changed[changed.length - 1]! ^= 1;
    for (const wrong of [changed, signature.subarray(1), Uint8Array.of(...signature, 0)]) {
      expect(key.verify(scheme, signed, wrong)).toBe(false);
    }
    expect(key.verify(scheme, signed.subarray(1), signature)).toBe(false);
  }
});

test('randomness fills its target', () => {
  const whole = new Uint8Array(66);
  nobleRandom(whole.subarray(1, 65));
  expect([whole[0], whole[65]]).toEqual([0, 0]);
  expect(new Set(whole).size).toBeGreaterThan(8);
});
