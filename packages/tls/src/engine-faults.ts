// What a peer can do wrong that shows only beside what was said before: in negotiation, in
// authentication and in the use of a connection.
import { type Fault, fault } from './fault.ts';

/** The codes of negotiation. */
type NegotiationFaultCode =
  | 'TLS_INAPPROPRIATE_FALLBACK'
  | 'TLS_DOWNGRADED'
  | 'TLS_INVALID_SELECTED_VERSION'
  | 'TLS_SESSION_ID_MISMATCH'
  | 'TLS_INVALID_CIPHER_SUITE'
  | 'TLS_NO_COMMON_CIPHER_SUITE'
  | 'TLS_NO_COMMON_GROUP'
  | 'TLS_NO_COMMON_SIGNATURE_SCHEME'
  | 'TLS_NO_COMMON_PROTOCOL'
  | 'TLS_INVALID_SELECTED_PROTOCOL'
  | 'TLS_SECOND_RETRY'
  | 'TLS_POINTLESS_RETRY'
  | 'TLS_INVALID_SELECTED_GROUP'
  | 'TLS_INVALID_KEY_EXCHANGE'
  | 'TLS_INVALID_SELECTED_PSK'
  | 'TLS_UNKNOWN_PSK'
  | 'TLS_MISSING_SERVER_NAME';

/** The codes of authentication. */
type AuthenticationFaultCode =
  | 'TLS_BINDER_MISMATCH'
  | 'TLS_NO_CERTIFICATE'
  | 'TLS_CERTIFICATE_REQUIRED'
  | 'TLS_INVALID_CERTIFICATE'
  | 'TLS_UNSUPPORTED_CERTIFICATE'
  | 'TLS_CERTIFICATE_NOT_PINNED'
  | 'TLS_INVALID_CERTIFICATE_CONTEXT'
  | 'TLS_INVALID_SIGNATURE_SCHEME'
  | 'TLS_SIGNATURE_MISMATCH'
  | 'TLS_SIGNING_FAILED'
  | 'TLS_FINISHED_MISMATCH'
  | 'TLS_REFUSED';

/** The codes of a connection in use. */
type UseFaultCode =
  | 'TLS_UNEXPECTED_DATA'
  | 'TLS_TOO_MANY_KEY_UPDATES'
  | 'TLS_TOO_MANY_HEARTBEATS'
  | 'TLS_TOO_MANY_CERTIFICATE_REQUESTS'
  | 'TLS_ALERT_RECEIVED'
  | 'TLS_KEY_SPENT';

/** All of these. */
export type EngineFaultCode = NegotiationFaultCode | AuthenticationFaultCode | UseFaultCode;

/** What each code means to the wire. */
export const ENGINE_FAULTS: Readonly<Record<EngineFaultCode, Fault>> = {
  /** A client that retries with an older version than it can, which this server would not have asked of it. */
  TLS_INAPPROPRIATE_FALLBACK: fault('inappropriate_fallback', 'RFC 7507 section 3'),
  /** A server that could have chosen TLS 1.3, by its random, and chose something older. */
  TLS_DOWNGRADED: fault('illegal_parameter', 'RFC 9846 section 4.2.3'),
  /** A version that was not offered, or is before TLS 1.3, or not the same as in the HelloRetryRequest. */
  TLS_INVALID_SELECTED_VERSION: fault('illegal_parameter', 'RFC 9846 section 4.3.1'),
  /** A legacy_session_id_echo that is not the client's. */
  TLS_SESSION_ID_MISMATCH: fault('illegal_parameter', 'RFC 9846 section 4.2.3'),
  /** A cipher suite that was not offered, or is another than in the HelloRetryRequest. */
  TLS_INVALID_CIPHER_SUITE: fault('illegal_parameter', 'RFC 9846 sections 4.2.3 and 4.2.4'),
  /** No cipher suite that both sides have. */
  TLS_NO_COMMON_CIPHER_SUITE: fault('handshake_failure', 'RFC 9846 section 4.2.1'),
  /** No group that both sides have. */
  TLS_NO_COMMON_GROUP: fault('handshake_failure', 'RFC 9846 section 4.2.1'),
  /** No certificate whose key signs under a scheme that the peer accepts. */
  TLS_NO_COMMON_SIGNATURE_SCHEME: fault('handshake_failure', 'RFC 9846 section 4.2.1'),
  /** None of the client's protocols is one of the server's. */
  TLS_NO_COMMON_PROTOCOL: fault('no_application_protocol', 'RFC 7301 section 3.2'),
  /** A protocol that the client has not offered. */
  TLS_INVALID_SELECTED_PROTOCOL: fault('illegal_parameter', 'RFC 7301 section 3.1'),
  /** A second HelloRetryRequest. */
  TLS_SECOND_RETRY: fault('unexpected_message', 'RFC 9846 section 4.2.4'),
  /** A HelloRetryRequest that would change nothing in the ClientHello. */
  TLS_POINTLESS_RETRY: fault('illegal_parameter', 'RFC 9846 section 4.2.4'),
  /** A group that was not offered, or has had its share already, or is another than in the HelloRetryRequest. */
  TLS_INVALID_SELECTED_GROUP: fault('illegal_parameter', 'RFC 9846 section 4.3.8'),
  /** A key share that is not a public value of its group. */
  TLS_INVALID_KEY_EXCHANGE: fault('illegal_parameter', 'RFC 9846 section 4.3.8.2'),
  /** A pre-shared key that was not offered, of another hash than the cipher suite, or without the key exchange asked for. */
  TLS_INVALID_SELECTED_PSK: fault('illegal_parameter', 'RFC 9846 section 4.3.11'),
  /** None of the client's pre-shared keys is known, and there is no certificate to show instead. */
  TLS_UNKNOWN_PSK: fault('unknown_psk_identity', 'RFC 9846 section 6.2'),
  /** A client that names no server, where one has to be named. */
  TLS_MISSING_SERVER_NAME: fault('missing_extension', 'RFC 9846 section 9.2'),
  /** A binder that was not made with the pre-shared key. */
  TLS_BINDER_MISMATCH: fault('decrypt_error', 'RFC 9846 sections 4.3.11 and 6.2'),
  /** A server's Certificate message without a certificate. */
  TLS_NO_CERTIFICATE: fault('decode_error', 'RFC 9846 section 4.5.1.3'),
  /** A client without a certificate, where one has to be shown. */
  TLS_CERTIFICATE_REQUIRED: fault('certificate_required', 'RFC 9846 section 4.5.1.3'),
  /** What stands for the peer's own certificate is none. */
  TLS_INVALID_CERTIFICATE: fault('bad_certificate', 'RFC 9846 section 6.2'),
  /** A certificate of another version than 3, of a key that cannot be used here, or that may not sign. */
  TLS_UNSUPPORTED_CERTIFICATE: fault('unsupported_certificate', 'RFC 9846 section 4.5.1.2'),
  /** A certificate that is none of those that were pinned. */
  TLS_CERTIFICATE_NOT_PINNED: fault('unknown_ca', 'RFC 9846 section 4.5.1.3'),
  /** A certificate_request_context that is not that of a request, or not empty within the handshake. */
  TLS_INVALID_CERTIFICATE_CONTEXT: fault('illegal_parameter', 'RFC 9846 sections 4.4.2 and 4.5.1'),
  /** A signature under a scheme that was not offered, that TLS 1.3 does not sign with, or that is not the key's. */
  TLS_INVALID_SIGNATURE_SCHEME: fault('illegal_parameter', 'RFC 9846 section 4.5.2'),
  /** A signature that is not that of the certificate's key over this handshake. */
  TLS_SIGNATURE_MISMATCH: fault('decrypt_error', 'RFC 9846 section 4.5.2'),
  /** Our own signing key threw, which is the `cause` of the event. */
  TLS_SIGNING_FAILED: fault('internal_error', 'RFC 9846 section 6.2'),
  /** A Finished that does not fit this handshake. */
  TLS_FINISHED_MISMATCH: fault('decrypt_error', 'RFC 9846 section 4.5.3'),
  /** The caller has refused the peer, with an alert of its choice. */
  TLS_REFUSED: fault('general_error', 'RFC 9846 section 6.2'),
  /** Application data before the peer has proved who it is. */
  TLS_UNEXPECTED_DATA: fault('unexpected_message', 'RFC 9846 sections 4.5.3 and 4.7.2'),
  /** More key updates than `keyUpdatesPerSecondMax`. */
  TLS_TOO_MANY_KEY_UPDATES: fault('unexpected_message', 'RFC 9846 section 4.7.3'),
  /** More heartbeat messages than `heartbeatsPerSecondMax`. */
  TLS_TOO_MANY_HEARTBEATS: fault('unexpected_message', 'RFC 6520 section 4'),
  /** More requests for certificates than `certificateRequestsMax` that wait for an answer, or with `outputBytesMax` unread. */
  TLS_TOO_MANY_CERTIFICATE_REQUESTS: fault('unexpected_message', 'RFC 9846 section 4.7.2'),
  /** The peer has sent an alert that ends the connection. */
  TLS_ALERT_RECEIVED: fault(null, 'RFC 9846 section 6.2'),
  /** The sending key has protected as much as it may, and no key update is left. */
  TLS_KEY_SPENT: fault(null, 'RFC 9846 section 5.5'),
};
