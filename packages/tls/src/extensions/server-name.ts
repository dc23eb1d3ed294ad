// server_name (RFC 6066 section 3).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { decodeLatin1 } from '../bytes/latin1.ts';
import { PeerFault } from '../peer-fault.ts';
import { textBytes } from './byte-text.ts';

const HOST_NAME = 0;
const NAME_BYTES_MAX = 0xffff;
/** RFC 1035 section 2.3.4: 255 bytes with the lengths of the labels and the root, which is 253 in text. */
const HOST_NAME_BYTES_MAX = 253;
/** Labels of letters, digits and hyphens (RFC 1123 section 2.1), and the underscores that names in use have. */
const HOST_NAME_PATTERN = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
/** No top-level domain is all digits (RFC 3696 section 2), so this is an IPv4 address or wants to be one. */
const NUMERIC_ENDING = /(?:^|\.)[0-9]+$/;

/** Whether a name, in lower case, can stand in the extension: a DNS name without a trailing dot, no address. */
export function isHostName(name: string): boolean {
  return (
    name.length <= HOST_NAME_BYTES_MAX && HOST_NAME_PATTERN.test(name) && !NUMERIC_ENDING.test(name)
  );
}

/**
 * A client's ServerNameList: its host_name in lower case, as names compare without case. Null when it has
 * other types of name only, or an IPv4 address: "Literal IPv4 and IPv6 addresses are not permitted", but
 * clients that send one mean that they have no name.
 */
export function parseServerNameList(reader: ByteReader): string | null {
  const list = reader.list('server_name_list', 1, NAME_BYTES_MAX);
  const types = new Set<number>();
  let hostName: string | null = null;
  while (list.left > 0) {
    const type = list.uint8('name_type');
    // "All future data structures associated with new NameTypes MUST begin with a 16-bit length field".
    const name = list.opaque('name', 1, NAME_BYTES_MAX);
    // "MUST NOT contain more than one name of the same name_type".
    if (types.has(type)) throw new PeerFault('TLS_INVALID_SERVER_NAME', 'two names of one type');
    types.add(type);
    if (type === HOST_NAME) hostName = parseHostName(name);
  }
  return hostName;
}

function parseHostName(bytes: Uint8Array): string | null {
  const name = decodeLatin1(bytes, 0, bytes.length, false).toLowerCase();
  if (isHostName(name)) return name;
  if (name.length <= HOST_NAME_BYTES_MAX && HOST_NAME_PATTERN.test(name)) return null;
  throw new PeerFault('TLS_INVALID_SERVER_NAME', 'host_name is not a DNS name');
}

/** The list with the one host_name; null is written as an empty list and so refused. */
export function writeServerNameList(writer: ByteWriter, hostName: string | null): void {
  writer.list('server_name_list', 1, NAME_BYTES_MAX, () => {
    if (hostName === null) return;
    writer.uint8('name_type', HOST_NAME);
    writer.opaque('host_name', 1, NAME_BYTES_MAX, textBytes('host_name', hostName));
  });
}
