// The Certificate message of the peer (RFC 9846 section 4.5.1.3), as far as the handshake looks into it.
import { readLeaf } from '../certificate/leaf.ts';
import type { CertificateMessage } from '../messages/certificate.ts';
import { PeerFault } from '../peer-fault.ts';
import type { VerifyingKey } from '../provider.ts';
import type { CommonSettings } from '../settings.ts';

/** A chain whose first certificate has a key that can be used; nothing else of it is known yet. */
export interface PeerCertificate {
  /** DER, the peer's own first. */
  readonly chain: readonly Uint8Array[];
  /** An OCSPResponse in DER; null when none came. */
  readonly ocspResponse: Uint8Array | null;
  /** The key of the first certificate. */
  readonly key: VerifyingKey;
}

/**
 * Finds the key of a chain that is not empty. "The certificate type MUST be X.509v3"; its key "MUST be
 * compatible with some supported signature scheme", one of those offered, and allowed to sign (section
 * 4.5.1.2); an RSA key as large as `rsaBitsMin` wants it. Throws PeerFault otherwise.
 */
export function peerCertificate(
  { crypto, signatureSchemes, rsaBitsMin }: CommonSettings,
  { entries }: CertificateMessage,
): PeerCertificate {
  const first = entries[0]!;
  const leaf = readLeaf(first.data);
  if (leaf === null) throw new PeerFault('TLS_INVALID_CERTIFICATE', 'it is not X.509');
  if (leaf.version !== 3) throw unsupported(`X.509 version ${leaf.version}`);
  if (!leaf.canSign) throw unsupported('its key usage is without digitalSignature');
  const key = crypto.verifyingKey(leaf.subjectPublicKeyInfo);
  if (key === null) throw unsupported('its key is of no kind that is known here');
  if (key.rsaBits > 0 && key.rsaBits < rsaBitsMin) {
    throw unsupported(`its RSA key has ${key.rsaBits} bits, fewer than ${rsaBitsMin}`);
  }
  if (!key.schemes.some((scheme) => signatureSchemes.includes(scheme))) {
    throw unsupported('its key cannot sign under any scheme that was offered');
  }
  return {
    chain: entries.map((entry) => entry.data),
    ocspResponse: first.extensions.ocspResponse ?? null,
    key,
  };
}

function unsupported(detail: string): PeerFault {
  return new PeerFault('TLS_UNSUPPORTED_CERTIFICATE', detail);
}
