// What was agreed about the sizes of records, in force for protected records from here on.
import type { Channel } from '../channel.ts';
import { INNER_PLAINTEXT_BYTES_MAX } from '../record/record-header.ts';

/** record_size_limit (RFC 8449 section 4): the peer says what it can receive, "content type and padding" included. */
export function limitSending(channel: Channel, peer: number): void {
  channel.output.plaintextBytesMax = Math.min(peer, INNER_PLAINTEXT_BYTES_MAX);
}

/** What we have said that we can receive. */
export function limitReceiving(channel: Channel, own: number): void {
  channel.reader.plaintextBytesMax = own;
}
