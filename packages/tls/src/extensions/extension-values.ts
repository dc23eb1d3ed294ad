// What extensions say, in each of the messages that may carry them (the table of RFC 9846 section 4.3).
// A property that is absent stands for an extension that is; `true` for one whose presence says it all.

/** An extension as it stands on the wire. */
export interface Extension {
  readonly type: number;
  readonly data: Uint8Array;
}

/** A group and the sender's public value in it (section 4.3.8). */
export interface KeyShareEntry {
  readonly group: number;
  readonly keyExchange: Uint8Array;
}

/** A pre-shared key that a client offers (section 4.3.11). */
export interface PskIdentity {
  readonly identity: Uint8Array;
  /** 0 to 2^32-1. */
  readonly obfuscatedTicketAge: number;
}

/** All pre-shared keys that a client offers: as many binders as identities, each of 32 to 255 bytes. */
export interface OfferedPsks {
  readonly identities: readonly PskIdentity[];
  readonly binders: readonly Uint8Array[];
}

/** HeartbeatMode: whether the sender is willing to receive requests (RFC 6520 section 2). */
export type HeartbeatMode = 'peer_allowed_to_send' | 'peer_not_allowed_to_send';

/** CertificateStatusRequest of type ocsp (RFC 6066 section 8). */
export interface OcspRequest {
  readonly responderIds: readonly Uint8Array[];
  /** DER of Extensions, empty for none. */
  readonly requestExtensions: Uint8Array;
}

/** A certificate extension that a client's certificate is to have (section 4.3.5). */
export interface OidFilter {
  readonly oid: Uint8Array;
  readonly values: Uint8Array;
}

/** Of a ClientHello (section 4.2.2). */
export interface ClientHelloExtensions {
  /** The host_name, in lower case; null when the list has no name that is one (other types, an address). */
  readonly serverName?: string | null;
  /** Bytes: 512, 1024, 2048 or 4096 (RFC 6066 section 4). */
  readonly maxFragmentLength?: number;
  /** Null for a type of status other than ocsp. */
  readonly statusRequest?: OcspRequest | null;
  readonly supportedGroups?: readonly number[];
  readonly signatureAlgorithms?: readonly number[];
  readonly heartbeat?: HeartbeatMode;
  /** ALPN: one code unit for each byte (RFC 7301). */
  readonly protocols?: readonly string[];
  readonly signedCertificateTimestamp?: true;
  /** Bytes, 64 or more (RFC 8449). */
  readonly recordSizeLimit?: number;
  readonly earlyData?: true;
  readonly supportedVersions?: readonly number[];
  readonly cookie?: Uint8Array;
  readonly pskKeyExchangeModes?: readonly number[];
  /** DER of distinguished names. */
  readonly certificateAuthorities?: readonly Uint8Array[];
  readonly postHandshakeAuth?: true;
  readonly signatureAlgorithmsCert?: readonly number[];
  readonly keyShares?: readonly KeyShareEntry[];
  /** Last of all: it MUST be the last extension (section 4.3.11). */
  readonly preSharedKey?: OfferedPsks;
}

/** Of a ServerHello of TLS 1.3 (section 4.2.3). */
export interface ServerHelloExtensions {
  readonly supportedVersion?: number;
  readonly keyShare?: KeyShareEntry;
  /** selected_identity: an index into the identities offered. */
  readonly preSharedKey?: number;
}

/** Of a HelloRetryRequest (section 4.2.4). */
export interface HelloRetryRequestExtensions {
  readonly supportedVersion?: number;
  readonly cookie?: Uint8Array;
  /** selected_group. */
  readonly keyShare?: number;
}

/** Of EncryptedExtensions (section 4.4.1). */
export interface EncryptedExtensions {
  readonly serverName?: true;
  /** Bytes; the client checks that it is what it asked for. */
  readonly maxFragmentLength?: number;
  readonly supportedGroups?: readonly number[];
  readonly heartbeat?: HeartbeatMode;
  /** The one protocol selected (ALPN). */
  readonly protocol?: string;
  readonly recordSizeLimit?: number;
  readonly earlyData?: true;
}

/** Of a CertificateRequest (section 4.4.2). */
export interface CertificateRequestExtensions {
  readonly statusRequest?: true;
  readonly signatureAlgorithms?: readonly number[];
  readonly signedCertificateTimestamp?: true;
  readonly certificateAuthorities?: readonly Uint8Array[];
  readonly oidFilters?: readonly OidFilter[];
  readonly signatureAlgorithmsCert?: readonly number[];
}

/** Of a CertificateEntry (section 4.5.1). */
export interface CertificateEntryExtensions {
  /** An OCSPResponse, DER (RFC 6066 section 8). */
  readonly ocspResponse?: Uint8Array;
  /** SerializedSCTs (RFC 6962 section 3.3). */
  readonly signedCertificateTimestamps?: readonly Uint8Array[];
}

/** Of a NewSessionTicket (section 4.7.1). */
export interface NewSessionTicketExtensions {
  /** max_early_data_size, bytes: 0 to 2^32-1. */
  readonly earlyData?: number;
}
