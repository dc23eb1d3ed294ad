// What a caller can do wrong.

/** The codes of `LocalProtocolError`. */
export type TlsLocalCode =
  /** The handshake is not complete. */
  | 'TLS_NOT_SECURED'
  /** close_notify was sent or asked for, or the connection has ended. */
  | 'TLS_CLOSED'
  /** The peer has not agreed to that: heartbeats, or certificates after the handshake. */
  | 'TLS_NOT_AGREED'
  /** As many of that as may be are under way: a heartbeat, or requests for certificates. */
  | 'TLS_OUTSTANDING'
  /** No more key updates than 2^48-1 (RFC 9846 section 4.7.3). */
  | 'TLS_KEY_UPDATES_SPENT'
  /** The certificate's key cannot sign under any scheme that the peer accepts. */
  | 'TLS_CREDENTIAL_NOT_SUITABLE';

/** The caller broke the protocol; nothing has changed. */
export class LocalProtocolError extends Error {
  override readonly name: string = 'LocalProtocolError';
  /** What the caller did wrong. */
  readonly code: TlsLocalCode;

  constructor(code: TlsLocalCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
