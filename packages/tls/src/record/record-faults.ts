// What a peer can do wrong in records, whatever they carry.
import { type Fault, fault } from '../fault.ts';

/** The codes of the record layer. */
export type RecordFaultCode =
  | 'TLS_BAD_RECORD_MAC'
  | 'TLS_RECORD_OVERFLOW'
  | 'TLS_UNKNOWN_CONTENT_TYPE'
  | 'TLS_UNEXPECTED_RECORD'
  | 'TLS_UNPROTECTED_RECORD'
  | 'TLS_UNEXPECTED_CHANGE_CIPHER_SPEC'
  | 'TLS_NO_CONTENT_TYPE'
  | 'TLS_EMPTY_RECORD'
  | 'TLS_ALERT_LENGTH'
  | 'TLS_TOO_MANY_EMPTY_RECORDS'
  | 'TLS_TOO_MANY_WARNING_ALERTS'
  | 'TLS_TOO_MUCH_EARLY_DATA';

/** What each code means to the wire. */
export const RECORD_FAULTS: Readonly<Record<RecordFaultCode, Fault>> = {
  /** A record's tag does not verify: damaged, forged, or sealed under another key. */
  TLS_BAD_RECORD_MAC: fault('bad_record_mac', 'RFC 9846 section 5.2'),
  /** A record with more bytes than its kind, or the limit that was agreed, may have. */
  TLS_RECORD_OVERFLOW: fault(
    'record_overflow',
    'RFC 9846 sections 5.1 and 5.2, RFC 8449 section 4',
  ),
  /** A content type that nobody has defined; often it is not TLS at all that came. */
  TLS_UNKNOWN_CONTENT_TYPE: fault('unexpected_message', 'RFC 9846 section 5'),
  /** A known content type where it may not be: data before the handshake, a heartbeat that was not agreed. */
  TLS_UNEXPECTED_RECORD: fault('unexpected_message', 'RFC 9846 section 5'),
  /** A record in the clear after protection has begun. */
  TLS_UNPROTECTED_RECORD: fault('unexpected_message', 'RFC 9846 section 5'),
  /** A change_cipher_spec that is protected, is not the one byte 1, or comes before the first ClientHello or after Finished. */
  TLS_UNEXPECTED_CHANGE_CIPHER_SPEC: fault('unexpected_message', 'RFC 9846 section 5'),
  /** A protected record of nothing but zeros. */
  TLS_NO_CONTENT_TYPE: fault('unexpected_message', 'RFC 9846 section 5.4'),
  /** A handshake or alert record without content. */
  TLS_EMPTY_RECORD: fault('unexpected_message', 'RFC 9846 section 5.4'),
  /** An alert record that does not have exactly two bytes. */
  TLS_ALERT_LENGTH: fault('decode_error', 'RFC 9846 sections 5.1 and 6'),
  /** More records without content than `emptyRecordsPerSecondMax`. */
  TLS_TOO_MANY_EMPTY_RECORDS: fault('unexpected_message', 'RFC 9846 section 5'),
  /** More alerts that end nothing than `warningAlertsMax`. */
  TLS_TOO_MANY_WARNING_ALERTS: fault('unexpected_message', 'RFC 9846 section 6'),
  /** More bytes of early data, which was not accepted, than are skipped. */
  TLS_TOO_MUCH_EARLY_DATA: fault('unexpected_message', 'RFC 9846 section 4.3.10'),
};
