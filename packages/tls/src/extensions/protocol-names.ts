// application_layer_protocol_negotiation (RFC 7301).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { decodeLatin1 } from '../bytes/latin1.ts';
import { textBytes } from './byte-text.ts';

const LIST_BYTES_MAX = 0xffff;
const NAME_BYTES_MAX = 0xff;

function parseName(list: ByteReader): string {
  const name = list.opaque('ProtocolName', 1, NAME_BYTES_MAX);
  return decodeLatin1(name, 0, name.length, false);
}

/** A client's ProtocolNameList, in order of preference. */
export function parseProtocolNames(reader: ByteReader): string[] {
  const list = reader.list('protocol_name_list', 2, LIST_BYTES_MAX);
  const names: string[] = [];
  while (list.left > 0) names.push(parseName(list));
  return names;
}

/** A server's, which "MUST contain exactly one 'ProtocolName'" (section 3.1). */
export function parseProtocolName(reader: ByteReader): string {
  const list = reader.list('protocol_name_list', 2, LIST_BYTES_MAX);
  const name = parseName(list);
  list.finish('protocol_name_list of one');
  return name;
}

/** The list. */
export function writeProtocolNames(writer: ByteWriter, names: readonly string[]): void {
  writer.list('protocol_name_list', 2, LIST_BYTES_MAX, () => {
    for (const name of names) {
      writer.opaque('ProtocolName', 1, NAME_BYTES_MAX, textBytes('ProtocolName', name));
    }
  });
}

/** The list of a server's one. */
export function writeProtocolName(writer: ByteWriter, name: string): void {
  writeProtocolNames(writer, [name]);
}
