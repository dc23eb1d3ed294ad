// What limits the size of records: max_fragment_length (RFC 6066 section 4) and record_size_limit (RFC 8449).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { PeerFault } from '../peer-fault.ts';

/** MaxFragmentLength: 2^9(1) to 2^12(4). */
const FRAGMENT_LENGTHS = [512, 1024, 2048, 4096];
/** "An endpoint MUST treat receipt of a smaller value as a fatal error" (RFC 8449 section 4). */
const RECORD_SIZE_LIMIT_MIN = 64;

/** Bytes of plaintext. */
export function parseMaxFragmentLength(reader: ByteReader): number {
  const code = reader.uint8('max_fragment_length');
  const length = FRAGMENT_LENGTHS[code - 1];
  if (length === undefined) {
    throw new PeerFault('TLS_INVALID_MAX_FRAGMENT_LENGTH', `max_fragment_length ${code}`);
  }
  return length;
}

/** Of 512, 1024, 2048 or 4096 bytes; RangeError for others. */
export function writeMaxFragmentLength(writer: ByteWriter, length: number): void {
  const index = FRAGMENT_LENGTHS.indexOf(length);
  if (index < 0) throw new RangeError(`max_fragment_length: ${length} is none of the four`);
  writer.uint8('max_fragment_length', index + 1);
}

/** Bytes of plaintext, in TLS 1.3 with the inner type and padding. */
export function parseRecordSizeLimit(reader: ByteReader): number {
  const limit = reader.uint16('record_size_limit');
  if (limit < RECORD_SIZE_LIMIT_MIN) {
    throw new PeerFault('TLS_INVALID_RECORD_SIZE_LIMIT', `record_size_limit ${limit} is below 64`);
  }
  return limit;
}

/** Of 64 bytes or more; RangeError for fewer. */
export function writeRecordSizeLimit(writer: ByteWriter, limit: number): void {
  if (limit < RECORD_SIZE_LIMIT_MIN) {
    throw new RangeError(`record_size_limit: ${limit} is below ${RECORD_SIZE_LIMIT_MIN}`);
  }
  writer.uint16('record_size_limit', limit);
}
