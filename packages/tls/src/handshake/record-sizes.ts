// What was agreed about the sizes of records, in force for protected records from here on.
import type { Channel } from '../channel.ts';
import { INNER_PLAINTEXT_BYTES_MAX } from '../record/record-header.ts';

/**
 * record_size_limit (RFC 8449 section 4): each side says what it can receive, and "in TLS 1.3, the limit
 * includes the content type and padding".
 */
export function applyRecordSizeLimit(channel: Channel, own: number, peer: number): void {
  channel.reader.plaintextBytesMax = own;
  channel.output.plaintextBytesMax = Math.min(peer, INNER_PLAINTEXT_BYTES_MAX);
}

/** max_fragment_length (RFC 6066 section 4): both sides keep to what the client said, content alone. */
export function applyMaxFragmentLength(channel: Channel, contentBytesMax: number): void {
  channel.reader.plaintextBytesMax = contentBytesMax + 1;
  channel.output.plaintextBytesMax = contentBytesMax + 1;
}
