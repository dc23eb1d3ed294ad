// Extensions that are a list of numbers, unknown ones of which are kept: whoever chooses ignores them.
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { PeerFault } from '../peer-fault.ts';

const EVEN_BYTES_MAX = 0xfffe;
const GROUPS_BYTES_MAX = 0xffff;
const VERSIONS_BYTES_MAX = 254;
const MODES_BYTES_MAX = 255;

/** A NamedGroupList, which "MUST NOT contain any duplicate entries" (RFC 9846 section 4.3.7). */
export function parseSupportedGroups(reader: ByteReader): number[] {
  const groups = reader.uint16s('named_group_list', 2, GROUPS_BYTES_MAX);
  if (new Set(groups).size < groups.length) {
    throw new PeerFault('TLS_DUPLICATE_GROUP', 'named_group_list has a group twice');
  }
  return groups;
}

/** A NamedGroupList. */
export function writeSupportedGroups(writer: ByteWriter, groups: readonly number[]): void {
  writer.uint16s('named_group_list', 2, GROUPS_BYTES_MAX, groups);
}

/** A SignatureSchemeList, of signature_algorithms or signature_algorithms_cert (section 4.3.3). */
export function parseSignatureSchemes(reader: ByteReader): number[] {
  return reader.uint16s('supported_signature_algorithms', 2, EVEN_BYTES_MAX);
}

/** A SignatureSchemeList. */
export function writeSignatureSchemes(writer: ByteWriter, schemes: readonly number[]): void {
  writer.uint16s('supported_signature_algorithms', 2, EVEN_BYTES_MAX, schemes);
}

/** The versions of a client (section 4.3.1). */
export function parseSupportedVersions(reader: ByteReader): number[] {
  return reader.uint16s('versions', 2, VERSIONS_BYTES_MAX);
}

/** The versions of a client. */
export function writeSupportedVersions(writer: ByteWriter, versions: readonly number[]): void {
  writer.uint16s('versions', 2, VERSIONS_BYTES_MAX, versions);
}

/** PskKeyExchangeModes (section 4.3.9). */
export function parsePskKeyExchangeModes(reader: ByteReader): number[] {
  return [...reader.opaque('ke_modes', 1, MODES_BYTES_MAX)];
}

/** PskKeyExchangeModes. */
export function writePskKeyExchangeModes(writer: ByteWriter, modes: readonly number[]): void {
  writer.list('ke_modes', 1, MODES_BYTES_MAX, () => {
    for (const mode of modes) writer.uint8('ke_modes', mode);
  });
}
