// What an endpoint shows and how it proves that it is its own: a chain and a key, or a key known to both.
import type { HashName, SigningKey } from './provider.ts';
import type { SignatureScheme } from './signature-scheme.ts';

/** A private key that is elsewhere: each signature is asked for by a `sign` event. */
export interface RemoteSigningKey {
  /** The schemes under which it can sign, in order of preference. */
  readonly schemes: readonly SignatureScheme[];
}

/** A certificate with its chain and its key. */
export interface Credential {
  /** Certificates in DER: the own one first, then each the issuer of the one before (RFC 9846 section 4.5.1). */
  readonly chain: readonly Uint8Array[];
  /** The private key of the first certificate. */
  readonly key: SigningKey | RemoteSigningKey;
  /** An OCSPResponse in DER for the first certificate, sent to whoever asks for it (section 4.5.1.1). */
  readonly ocspResponse?: Uint8Array;
}

/** A key that both sides have been given (an external PSK, RFC 9846 section 2.2). */
export interface PreSharedKey {
  /** Its name on the wire, 1-65535 bytes, seen by everybody. */
  readonly identity: Uint8Array;
  /** The key, 1-255 bytes, with at least 128 bits of entropy; it remains the caller's. */
  readonly secret: Uint8Array;
  /** The hash it is bound to; sha256 (section 4.3.11). */
  readonly hash?: HashName;
}
