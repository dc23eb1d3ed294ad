// The five bytes before every record, and the sizes of what may follow (RFC 9846 section 5.1).

/** Bytes of a header: type, legacy_record_version, length. */
export const HEADER_BYTES = 5;
/** TLSPlaintext.length at most (section 5.1). */
export const PLAINTEXT_BYTES_MAX = 16_384;
/** Content with its type and padding, TLSInnerPlaintext, at most (section 5.4). */
export const INNER_PLAINTEXT_BYTES_MAX: number = PLAINTEXT_BYTES_MAX + 1;
/** What TLS 1.3 allows protection to add to a TLSInnerPlaintext (section 5.2). */
export const TLS13_EXPANSION_BYTES_MAX = 255;
/** What TLS 1.2 allows protection to add to a TLSPlaintext (RFC 5246 section 6.2.3). */
export const TLS12_EXPANSION_BYTES_MAX = 2_048;

/** Bytes of the tag behind every ciphertext of the algorithms that TLS uses here (RFC 5116 section 5). */
export const TAG_BYTES = 16;

/** legacy_record_version of everything but a first ClientHello. */
export const RECORD_VERSION = 0x0303;
/** legacy_record_version of a first ClientHello, "for compatibility purposes" (section 5.1). */
export const FIRST_RECORD_VERSION = 0x0301;

/** Writes a header at `bytes[offset..offset + 5)`. */
export function writeHeader(
  bytes: Uint8Array,
  offset: number,
  type: number,
  version: number,
  length: number,
): void {
  bytes[offset] = type;
  bytes[offset + 1] = version >>> 8;
  bytes[offset + 2] = version;
  bytes[offset + 3] = length >>> 8;
  bytes[offset + 4] = length;
}
