// CertificateVerify (RFC 9846 section 4.5.2).

/** A signature and its scheme. */
export interface CertificateVerify {
  /** The number of the SignatureScheme, which may be one that is unknown. */
  readonly scheme: number;
  readonly signature: Uint8Array;
}

/** Reads the whole message, header included. Throws PeerFault. */
export declare function parseCertificateVerify(message: Uint8Array): CertificateVerify;

/** The message, with header. */
export declare function serializeCertificateVerify(verify: CertificateVerify): Uint8Array;
