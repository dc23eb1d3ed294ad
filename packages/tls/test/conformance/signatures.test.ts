// Signatures that a key can make and that its scheme does not allow, of either role (RFC 9846 sections 4.3.3,
// 4.5.2): another salt, another hash, another padding, another curve's form.
import { constants, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { type CredentialName, credential } from '../support/engine-pair.ts';
import { behindExtensions, type ClientCase, clientConversations } from './client-cases.ts';
import { type ServerCase, serverConversations } from './server-cases.ts';

const PSS = constants.RSA_PKCS1_PSS_PADDING;
const PKCS1 = constants.RSA_PKCS1_PADDING;

/** How a signature is made by node:crypto. */
interface Making {
  readonly digest: string | null;
  readonly padding?: number;
  readonly saltLength?: number;
  readonly dsaEncoding?: 'ieee-p1363';
}

/** A signature and the alert that answers it. */
interface Signature {
  readonly name: string;
  readonly kind: CredentialName;
  readonly scheme: number;
  readonly making: Making;
  readonly alert: string | null;
}

const rsa = (name: string, scheme: number, making: Making, alert: string | null): Signature => ({
  name: `rsa: ${name}`,
  kind: 'rsa',
  scheme,
  making,
  alert,
});

const SIGNATURES: readonly Signature[] = [
  rsa('SHA-256', 0x0804, { digest: 'sha256', padding: PSS, saltLength: 32 }, null),
  rsa('SHA-384', 0x0805, { digest: 'sha384', padding: PSS, saltLength: 48 }, null),
  rsa('SHA-512', 0x0806, { digest: 'sha512', padding: PSS, saltLength: 64 }, null),
  ...[0, 1, 20, 31, 33, 48, 64].map((saltLength) =>
    rsa(
      `a salt of ${saltLength}`,
      0x0804,
      { digest: 'sha256', padding: PSS, saltLength },
      'decrypt_error',
    ),
  ),
  rsa(
    'SHA-384 as SHA-256',
    0x0804,
    { digest: 'sha384', padding: PSS, saltLength: 32 },
    'decrypt_error',
  ),
  rsa(
    'SHA-1 as SHA-256',
    0x0804,
    { digest: 'sha1', padding: PSS, saltLength: 32 },
    'decrypt_error',
  ),
  rsa('PKCS #1 as PSS', 0x0804, { digest: 'sha256', padding: PKCS1 }, 'decrypt_error'),
  rsa('PKCS #1 as such', 0x0401, { digest: 'sha256', padding: PKCS1 }, 'illegal_parameter'),
  rsa('PKCS #1 of SHA-384', 0x0501, { digest: 'sha384', padding: PKCS1 }, 'illegal_parameter'),
  rsa('PKCS #1 of SHA-512', 0x0601, { digest: 'sha512', padding: PKCS1 }, 'illegal_parameter'),
  rsa('PKCS #1 of SHA-1', 0x0201, { digest: 'sha1', padding: PKCS1 }, 'illegal_parameter'),
  rsa(
    'the scheme of RSASSA-PSS keys',
    0x0809,
    { digest: 'sha256', padding: PSS, saltLength: 32 },
    'illegal_parameter',
  ),
  {
    name: 'p256: SHA-256',
    kind: 'p256',
    scheme: 0x0403,
    making: { digest: 'sha256' },
    alert: null,
  },
  {
    name: 'p256: SHA-384 as SHA-256',
    kind: 'p256',
    scheme: 0x0403,
    making: { digest: 'sha384' },
    alert: 'decrypt_error',
  },
  {
    name: 'p256: two numbers without DER',
    kind: 'p256',
    scheme: 0x0403,
    making: { digest: 'sha256', dsaEncoding: 'ieee-p1363' },
    alert: 'decrypt_error',
  },
  {
    name: 'p256: SHA-384 as secp384r1 does',
    kind: 'p256',
    scheme: 0x0503,
    making: { digest: 'sha384' },
    alert: 'illegal_parameter',
  },
  {
    name: 'p384: SHA-256 as secp256r1 does',
    kind: 'p384',
    scheme: 0x0403,
    making: { digest: 'sha256' },
    alert: 'illegal_parameter',
  },
  { name: 'ed25519', kind: 'ed25519', scheme: 0x0807, making: { digest: null }, alert: null },
];

function signer({ kind, making }: Signature): (content: Uint8Array) => Uint8Array {
  const url = new URL(`../support/credentials/${kind}.pem`, import.meta.url);
  const key = readFileSync(url, 'utf8');
  const { digest, ...parameters } = making;
  return (content) => new Uint8Array(sign(digest, content, { key, ...parameters }));
}

describe('of a client', () => {
  const cases = SIGNATURES.map((one): ServerCase => {
    const { name, kind, scheme, alert } = one;
    return {
      name,
      alert,
      options: { clientCertificate: 'require' },
      play: (peer) => {
        peer.sendHello();
        peer.send(peer.certificate(credential(kind)));
        peer.send(peer.certificateVerify(credential(kind), { scheme, sign: signer(one) }));
        if (alert === null) peer.finish();
      },
    };
  });
  serverConversations(cases);
});

describe('of a server', () => {
  const cases = SIGNATURES.map((one): ClientCase => {
    const { name, kind, scheme, alert } = one;
    return behindExtensions(name, alert, (peer) => {
      peer.credential = credential(kind);
      peer.send(peer.certificate());
      peer.send(peer.certificateVerify({ scheme, sign: signer(one) }));
      if (alert === null) peer.finish();
    });
  });
  clientConversations(cases);
});
