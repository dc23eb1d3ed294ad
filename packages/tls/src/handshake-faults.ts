// What a peer can do wrong in handshake messages and in their order.
import { type Fault, fault } from './fault.ts';

/** The codes of messages: what one alone can have wrong. */
type MessageFaultCode =
  | 'TLS_DECODE_ERROR'
  | 'TLS_UNKNOWN_MESSAGE'
  | 'TLS_MESSAGE_TOO_LARGE'
  | 'TLS_EMPTY_HANDSHAKE_FRAGMENT'
  | 'TLS_INTERLEAVED_HANDSHAKE'
  | 'TLS_KEY_CHANGE_IN_RECORD'
  | 'TLS_UNSUPPORTED_VERSION'
  | 'TLS_INVALID_LEGACY_VERSION'
  | 'TLS_INVALID_COMPRESSION'
  | 'TLS_CLIENT_HELLO_CHANGED'
  | 'TLS_INVALID_KEY_UPDATE';

/** The codes of extensions. */
type ExtensionFaultCode =
  | 'TLS_DUPLICATE_EXTENSION'
  | 'TLS_MISPLACED_EXTENSION'
  | 'TLS_UNSOLICITED_EXTENSION'
  | 'TLS_MISSING_EXTENSION'
  | 'TLS_PRE_SHARED_KEY_NOT_LAST'
  | 'TLS_WRONG_BINDER_COUNT'
  | 'TLS_INVALID_SERVER_NAME'
  | 'TLS_INVALID_MAX_FRAGMENT_LENGTH'
  | 'TLS_INVALID_RECORD_SIZE_LIMIT'
  | 'TLS_INVALID_HEARTBEAT_MODE'
  | 'TLS_INVALID_STATUS_TYPE'
  | 'TLS_INVALID_OID_FILTERS'
  | 'TLS_DUPLICATE_GROUP'
  | 'TLS_INVALID_KEY_SHARE';

/** The codes of the handshake. */
export type HandshakeFaultCode = MessageFaultCode | ExtensionFaultCode | 'TLS_UNEXPECTED_MESSAGE';

/** What each code means to the wire. */
export const HANDSHAKE_FAULTS: Readonly<Record<HandshakeFaultCode, Fault>> = {
  /** A message or extension whose lengths do not fit what is in it. */
  TLS_DECODE_ERROR: fault('decode_error', 'RFC 9846 section 6.2'),
  /** A message that may not come at this point. */
  TLS_UNEXPECTED_MESSAGE: fault('unexpected_message', 'RFC 9846 section 4'),
  /** A type of handshake message that TLS 1.3 does not have. */
  TLS_UNKNOWN_MESSAGE: fault('unexpected_message', 'RFC 9846 section 4'),
  /** A message beyond the limit set here, though within what its format allows. */
  TLS_MESSAGE_TOO_LARGE: fault('illegal_parameter', 'RFC 9846 section 4'),
  /** A handshake record with nothing in it. */
  TLS_EMPTY_HANDSHAKE_FRAGMENT: fault('unexpected_message', 'RFC 9846 section 5.1'),
  /** A record of another type in the middle of a handshake message. */
  TLS_INTERLEAVED_HANDSHAKE: fault('unexpected_message', 'RFC 9846 section 5.1'),
  /** More handshake bytes in the record whose message changes the keys. */
  TLS_KEY_CHANGE_IN_RECORD: fault('unexpected_message', 'RFC 9846 section 5.1'),
  /** No version that both sides speak. */
  TLS_UNSUPPORTED_VERSION: fault('protocol_version', 'RFC 9846 section 4.3.1'),
  /** A hello of TLS 1.3 whose legacy_version is not 0x0303. */
  TLS_INVALID_LEGACY_VERSION: fault('protocol_version', 'RFC 9846 section 4.2.2'),
  /** A hello of TLS 1.3 with a compression method other than null. */
  TLS_INVALID_COMPRESSION: fault('illegal_parameter', 'RFC 9846 section 4.2.2'),
  /** A second ClientHello that differs from the first where it may not, or ignores what was asked. */
  TLS_CLIENT_HELLO_CHANGED: fault('illegal_parameter', 'RFC 9846 section 4.2.2'),
  /** A KeyUpdate whose request_update is neither 0 nor 1. */
  TLS_INVALID_KEY_UPDATE: fault('illegal_parameter', 'RFC 9846 section 4.7.3'),
  /** Two extensions of one type in one block. */
  TLS_DUPLICATE_EXTENSION: fault('illegal_parameter', 'RFC 9846 section 4.3'),
  /** An extension that is known, in a message it is not specified for. */
  TLS_MISPLACED_EXTENSION: fault('illegal_parameter', 'RFC 9846 section 4.3'),
  /** An extension that answers a request which was not made. */
  TLS_UNSOLICITED_EXTENSION: fault('unsupported_extension', 'RFC 9846 section 4.3'),
  /** An extension is absent without which the handshake cannot go on. */
  TLS_MISSING_EXTENSION: fault('missing_extension', 'RFC 9846 section 9.2'),
  /** A ClientHello with an extension behind pre_shared_key. */
  TLS_PRE_SHARED_KEY_NOT_LAST: fault('illegal_parameter', 'RFC 9846 section 4.3.11'),
  /** More or fewer binders than identities. */
  TLS_WRONG_BINDER_COUNT: fault('illegal_parameter', 'RFC 9846 section 4.3.11'),
  /** A server_name that is no host name, or that has two. */
  TLS_INVALID_SERVER_NAME: fault('illegal_parameter', 'RFC 6066 section 3'),
  /** A max_fragment_length that is not one of the four, or beside record_size_limit in an answer. */
  TLS_INVALID_MAX_FRAGMENT_LENGTH: fault('illegal_parameter', 'RFC 6066 section 4'),
  /** A record_size_limit below 64, or a server's beyond what TLS 1.3 has. */
  TLS_INVALID_RECORD_SIZE_LIMIT: fault('illegal_parameter', 'RFC 8449 section 4'),
  /** A HeartbeatMode that is neither of the two. */
  TLS_INVALID_HEARTBEAT_MODE: fault('illegal_parameter', 'RFC 6520 section 2'),
  /** A CertificateStatus of a type that was not asked for. */
  TLS_INVALID_STATUS_TYPE: fault('illegal_parameter', 'RFC 6066 section 8'),
  /** One OID twice in oid_filters. */
  TLS_INVALID_OID_FILTERS: fault('illegal_parameter', 'RFC 9846 section 4.3.5'),
  /** One group twice in supported_groups. */
  TLS_DUPLICATE_GROUP: fault('illegal_parameter', 'RFC 9846 section 4.3.7'),
  /** Key shares that are two of a group, of a group not listed, or in another order than the groups. */
  TLS_INVALID_KEY_SHARE: fault('illegal_parameter', 'RFC 9846 section 4.3.8'),
};
