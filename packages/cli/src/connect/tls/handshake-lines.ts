// What a handshake has shown and agreed on, in lines.
import { X509Certificate } from 'node:crypto';
import type { TlsConnection } from '@holdline/net/tls';
import { escapeInvisible, escapePeerText } from '../../escape.ts';

/** Certificates of a chain that are shown. */
const CERTIFICATES_MAX = 10;

/** `TLS 1.3, TLS_AES_128_GCM_SHA256, X25519MLKEM768, ecdsa_secp256r1_sha256, ALPN http/1.1` */
export function agreementLine({ handshake }: Pick<TlsConnection, 'handshake'>): string {
  if (handshake === null) return 'no handshake';
  const { version, cipherSuite, group, signatureScheme, protocol, wasRetried } = handshake;
  const parts: string[] = [version, cipherSuite];
  if (group !== null) parts.push(group);
  if (signatureScheme !== null) parts.push(signatureScheme);
  parts.push(protocol === null ? 'no ALPN' : `ALPN ${escapePeerText(protocol)}`);
  if (wasRetried) parts.push('after a HelloRetryRequest');
  if (handshake.heartbeat.sends) parts.push('heartbeats');
  return parts.join(', ');
}

/** A line for each certificate, the server's own first. */
export function chainLines(chain: readonly Uint8Array[]): string[] {
  const shown = chain.slice(0, CERTIFICATES_MAX).map((der, index) => {
    return `certificate ${index + 1}: ${certificateText(der)}`;
  });
  if (chain.length > shown.length) shown.push(`and ${chain.length - shown.length} more`);
  return shown;
}

/** `CN=localhost by CN=some authority, 2026-11-22 to 2027-11-23, SHA-256 F2:89:…` */
function certificateText(der: Uint8Array): string {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(der);
  } catch {
    return `${der.length} bytes that Node does not take for one`;
  }
  const { subject, issuer, validFrom, validTo, fingerprint256 } = certificate;
  const by = subject === issuer ? 'itself' : name(issuer);
  return `${name(subject)} by ${by}, ${day(validFrom)} to ${day(validTo)}, SHA-256 ${fingerprint256}`;
}

/** Node has a line for each part. */
function name(distinguished: string | undefined): string {
  const parts = (distinguished ?? '').split('\n').filter((part) => part !== '');
  return parts.length === 0 ? 'no name' : escapeInvisible(parts.join(', '));
}

function day(date: string): string {
  const unixMs = Date.parse(date);
  return Number.isNaN(unixMs) ? escapeInvisible(date) : new Date(unixMs).toISOString().slice(0, 10);
}
