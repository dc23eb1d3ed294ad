// Of an end-entity certificate, what the handshake itself has to know: which key it certifies, and
// whether that key may sign. Paths, names and dates are another's work.

/** The longest certificate that is looked into; `cert_data<1..2^24-1>` would allow 16 MiB. */
export const CERTIFICATE_BYTES_MAX = 65_536;

/** What a leaf says. */
export interface Leaf {
  /** 1, 2 or 3; "The certificate type MUST be X.509v3" (RFC 9846 section 4.5.1.2). */
  readonly version: number;
  /** SubjectPublicKeyInfo as it stands there, DER; a view of the certificate. */
  readonly subjectPublicKeyInfo: Uint8Array;
  /** "The digitalSignature bit MUST be set if the Key Usage extension is present": false where it is not. */
  readonly canSign: boolean;
}

/** Reads a certificate (RFC 5280 section 4.1), DER; null for what is not one. */
export function readLeaf(certificate: Uint8Array): Leaf | null {
  void certificate;
  throw new Error('not yet');
}
