// oid_filters (RFC 9846 section 4.3.5).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { PeerFault } from '../peer-fault.ts';
import type { OidFilter } from './extension-values.ts';

const LIST_BYTES_MAX = 0xffff;
const OID_BYTES_MAX = 0xff;

/** The filters, which may be none. "Any given OID MUST NOT appear more than once in the filters list." */
export function parseOidFilters(reader: ByteReader): OidFilter[] {
  const list = reader.list('filters', 0, LIST_BYTES_MAX);
  const filters: OidFilter[] = [];
  const seen = new Set<string>();
  while (list.left > 0) {
    const oid = list.opaque('certificate_extension_oid', 1, OID_BYTES_MAX);
    const values = list.opaque('certificate_extension_values', 0, LIST_BYTES_MAX);
    const key = oid.join();
    if (seen.has(key)) throw new PeerFault('TLS_INVALID_OID_FILTERS', 'one OID comes twice');
    seen.add(key);
    filters.push({ oid, values });
  }
  return filters;
}

/** The filters. */
export function writeOidFilters(writer: ByteWriter, filters: readonly OidFilter[]): void {
  writer.list('filters', 0, LIST_BYTES_MAX, () => {
    for (const { oid, values } of filters) {
      writer.opaque('certificate_extension_oid', 1, OID_BYTES_MAX, oid);
      writer.opaque('certificate_extension_values', 0, LIST_BYTES_MAX, values);
    }
  });
}
