// CertificateRequest (RFC 9846 section 4.4.2).
import type { CertificateRequestExtensions, Extension } from '../extensions/extension-values.ts';

/** A request for a client's certificate. */
export interface CertificateRequest {
  /** 0 to 255 bytes; empty in the handshake itself, which the client checks. */
  readonly context: Uint8Array;
  /** `signatureAlgorithms` is there: its absence is missing_extension. */
  readonly extensions: CertificateRequestExtensions;
  /** The types of all extensions, those unknown included: what the Certificate may answer. */
  readonly extensionTypes: readonly number[];
}

/** Reads the whole message, header included. Throws PeerFault. */
export declare function parseCertificateRequest(message: Uint8Array): CertificateRequest;

/** The message, with header. `otherExtensions` is for GREASE. */
export declare function serializeCertificateRequest(
  context: Uint8Array,
  extensions: CertificateRequestExtensions,
  otherExtensions?: readonly Extension[],
): Uint8Array;
