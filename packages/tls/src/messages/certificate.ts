// Certificate (RFC 9846 section 4.5.1).
import type { CertificateEntryExtensions } from '../extensions/extension-values.ts';

/** A certificate and what is stapled to it. */
export interface CertificateEntry {
  /** DER of an X.509 certificate. */
  readonly data: Uint8Array;
  readonly extensions: CertificateEntryExtensions;
}

/** A chain, the sender's own certificate first. */
export interface CertificateMessage {
  readonly context: Uint8Array;
  /** May be empty from a client; that a server's is not is the client's to check (section 4.5.1.3). */
  readonly entries: readonly CertificateEntry[];
}

/**
 * Reads the whole message, header included. `requested` has the types of the extensions in the ClientHello
 * or the CertificateRequest, but GREASE: any other is unsupported_extension. Throws PeerFault.
 */
export declare function parseCertificate(
  message: Uint8Array,
  requested: readonly number[],
): CertificateMessage;

/** The message, with header. */
export declare function serializeCertificate(certificate: CertificateMessage): Uint8Array;
