// cookie (RFC 9846 section 4.3.2).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';

const BYTES_MAX = 0xffff;

/** 1 to 65 535 bytes. */
export function parseCookie(reader: ByteReader): Uint8Array {
  return reader.opaque('cookie', 1, BYTES_MAX);
}

/** 1 to 65 535 bytes. */
export function writeCookie(writer: ByteWriter, cookie: Uint8Array): void {
  writer.opaque('cookie', 1, BYTES_MAX, cookie);
}
