// Signature schemes (RFC 9846 section 4.3.3).

/** Those that a CertificateVerify may use and that are implemented, and the number of each. */
export const SIGNATURE_SCHEME = {
  ecdsa_secp256r1_sha256: 0x0403,
  ecdsa_secp384r1_sha384: 0x0503,
  ecdsa_secp521r1_sha512: 0x0603,
  rsa_pss_rsae_sha256: 0x0804,
  rsa_pss_rsae_sha384: 0x0805,
  rsa_pss_rsae_sha512: 0x0806,
  ed25519: 0x0807,
  ed448: 0x0808,
  rsa_pss_pss_sha256: 0x0809,
  rsa_pss_pss_sha384: 0x080a,
  rsa_pss_pss_sha512: 0x080b,
} as const;

/** The RFC's name of a scheme. */
export type SignatureScheme = keyof typeof SIGNATURE_SCHEME;

/**
 * Schemes of PKCS #1 v1.5, which "refer solely to signatures which appear in certificates" (section 4.3.3):
 * they may be advertised, never used.
 */
const CERTIFICATE_SIGNATURE_SCHEMES: readonly number[] = [0x0401, 0x0501, 0x0601];

/**
 * What signature_algorithms says: the schemes under which the peer may sign and, behind them, those of
 * chains, most of which are still signed by PKCS #1 v1.5. Both in one list, since peers that know nothing
 * of signature_algorithms_cert would show no such chain; the policy being the same, we "MAY omit" that one.
 */
export function advertisedSchemes(schemes: readonly SignatureScheme[]): readonly number[] {
  return [...schemes.map((scheme) => SIGNATURE_SCHEME[scheme]), ...CERTIFICATE_SIGNATURE_SCHEMES];
}
