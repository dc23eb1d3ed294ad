// Extensions that are a list of opaque elements: certificate_authorities (RFC 9846 section 4.3.4) and the
// timestamps of a certificate (RFC 6962 section 3.3).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';

const BYTES_MAX = 0xffff;

function writeElements(
  writer: ByteWriter,
  list: string,
  floor: number,
  element: string,
  values: readonly Uint8Array[],
): void {
  writer.list(list, floor, BYTES_MAX, () => {
    for (const value of values) writer.opaque(element, 1, BYTES_MAX, value);
  });
}

/** DER of each distinguished name. */
export function parseCertificateAuthorities(reader: ByteReader): Uint8Array[] {
  return reader.list('authorities', 3, BYTES_MAX).opaques('DistinguishedName', 1, BYTES_MAX);
}

/** DER of each distinguished name, at least one. */
export function writeCertificateAuthorities(
  writer: ByteWriter,
  authorities: readonly Uint8Array[],
): void {
  writeElements(writer, 'authorities', 3, 'DistinguishedName', authorities);
}

/** A SignedCertificateTimestampList. */
export function parseSignedCertificateTimestamps(reader: ByteReader): Uint8Array[] {
  return reader.list('sct_list', 1, BYTES_MAX).opaques('SerializedSCT', 1, BYTES_MAX);
}

/** A SignedCertificateTimestampList, of at least one. */
export function writeSignedCertificateTimestamps(
  writer: ByteWriter,
  timestamps: readonly Uint8Array[],
): void {
  writeElements(writer, 'sct_list', 1, 'SerializedSCT', timestamps);
}
