// A certificate with its chain and key, as files have them.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Credential } from '../credential.ts';
import { plainBytes } from './plain-bytes.ts';
import { signingKey } from './signing-key.ts';

/** What makes a credential. */
export interface PemCredential {
  /** PEM of the own certificate, then of each issuer of the one before. */
  readonly cert: string | Uint8Array;
  /** PEM of the private key. */
  readonly key: string | Uint8Array;
  /** What the key is encrypted with, if it is. */
  readonly passphrase?: string;
  /** An OCSPResponse in DER for the own certificate. */
  readonly ocspResponse?: Uint8Array;
}

const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]+?-----END \1-----/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * A credential from PEM. Throws TypeError when there is no certificate or the key is not the first
 * one's, and what node:crypto throws for text that is neither.
 */
export function pemCredential(options: PemCredential): Credential {
  const { passphrase, ocspResponse } = options;
  const certificates = pemCertificates(options.cert);
  const [own] = certificates;
  if (own === undefined) throw new TypeError('cert: there is no certificate in PEM');
  const key = createPrivateKey({
    key: keyBlock(text(options.key)),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  if (!own.checkPrivateKey(key)) {
    throw new TypeError("key: it is not the private key of cert's first certificate");
  }
  const chain = certificates.map(({ raw }) => plainBytes(raw));
  const credential = { chain, key: signingKey(key) };
  return ocspResponse === undefined ? credential : { ...credential, ocspResponse };
}

/** The certificates of a PEM text in DER, as `pinnedCertificates` wants them. Throws what node:crypto throws. */
export function pinsFromPem(pem: string | Uint8Array): readonly Uint8Array[] {
  return pemCertificates(pem).map(({ raw }) => plainBytes(raw));
}

function pemCertificates(pem: string | Uint8Array): X509Certificate[] {
  const blocks = text(pem).match(CERTIFICATE) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** The key alone: Deno (2.9.6) finds none in a text that has certificates, too. */
function keyBlock(pem: string): string {
  return PRIVATE_KEY.exec(pem)?.[0] ?? pem;
}

function text(pem: string | Uint8Array): string {
  return typeof pem === 'string' ? pem : new TextDecoder().decode(pem);
}
