// What anybody may know of the TLS under a connection, whichever engine it is.

/** TLS under a connection; the members change with it. */
export interface TlsInfo {
  /** Whose TLS it is: holdline's, or OpenSSL's through node:tls. */
  readonly engine: 'holdline' | 'node';
  /** Such as `TLS 1.3`. */
  readonly version: string;
  /** The RFC's name of the cipher suite, such as `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuite: string;
  /** The group of the key exchange; null for none, or when the engine does not say. */
  readonly group: string | null;
  /** The protocol agreed on by ALPN (RFC 7301); null for none. */
  readonly protocol: string | null;
  /** The name the client asked for (RFC 6066 section 3); null for none. */
  readonly serverName: string | null;
  /** How often our sending keys were updated (RFC 9846 section 4.7.3); 0 when the engine does not say. */
  readonly sendingEpoch: number;
  /** How often the peer's were. */
  readonly receivingEpoch: number;
  /** Milliseconds that the latest heartbeat (RFC 6520) took; null before any. */
  readonly heartbeatRoundTripMs: number | null;
}
