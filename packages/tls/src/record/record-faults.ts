// What a peer can do wrong in records, whatever they carry.
import { type Fault, fault } from '../fault.ts';

/** The codes of the record layer. */
export type RecordFaultCode = 'TLS_BAD_RECORD_MAC' | 'TLS_RECORD_OVERFLOW';

/** What each code means to the wire. */
export const RECORD_FAULTS: Readonly<Record<RecordFaultCode, Fault>> = {
  /** A record's tag does not verify: damaged, forged, or sealed under another key. */
  TLS_BAD_RECORD_MAC: fault('bad_record_mac', 'RFC 9846 section 5.2'),
  /** A record with more bytes than its kind may have. */
  TLS_RECORD_OVERFLOW: fault('record_overflow', 'RFC 9846 section 5.1'),
};
