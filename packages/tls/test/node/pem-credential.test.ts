// Certificates and keys as files have them.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pemCredential, pinsFromPem } from '../../src/node/index.ts';

const file = (name: string): string =>
  readFileSync(new URL(`../support/credentials/${name}.pem`, import.meta.url), 'utf8');
const P256 = file('p256');
const P384 = file('p384');
const blocks = (pem: string, what: string): string =>
  pem
    .split(/(?=-----BEGIN )/)
    .filter((block) => block.includes(`BEGIN ${what}`))
    .join('');

test('one file may have both, in any order, and the issuers behind', () => {
  const certificate = blocks(P256, 'CERTIFICATE');
  const key = blocks(P256, 'PRIVATE KEY');
  for (const pem of [certificate + key, key + certificate]) {
    const credential = pemCredential({ cert: pem, key: Buffer.from(pem) });
    expect(credential.chain).toEqual(pinsFromPem(certificate));
    expect(credential.key.schemes).toEqual(['ecdsa_secp256r1_sha256']);
  }
  const long = pemCredential({ cert: certificate + blocks(P384, 'CERTIFICATE'), key });
  expect(long.chain).toEqual([...pinsFromPem(certificate), ...pinsFromPem(P384)]);
});

test('a key with its passphrase, and an OCSP response', () => {
  const ocspResponse = Uint8Array.of(1, 2);
  const key = createPrivateKey(blocks(P256, 'PRIVATE KEY')).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-128-cbc',
    passphrase: 'open',
  });
  const options = { cert: P256, key, ocspResponse };
  expect(pemCredential({ ...options, passphrase: 'open' })).toMatchObject({ ocspResponse });
  expect(() => pemCredential({ ...options, passphrase: 'shut' })).toThrow();
  expect(() => pemCredential(options)).toThrow();
});

test('what does not belong together is refused', () => {
  expect(() => pemCredential({ cert: P256, key: P384 })).toThrow('not the private key of');
  expect(() => pemCredential({ cert: 'no PEM', key: P256 })).toThrow('no certificate in PEM');
  expect(() => pemCredential({ cert: P256, key: 'no PEM' })).toThrow();
  expect(pinsFromPem('')).toEqual([]);
});
