// A list of extensions as it stands in a message (RFC 9846 section 4.3).
import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { PeerFault } from '../peer-fault.ts';
import type { Extension } from './extension-values.ts';

const LIST_BYTES_MAX = 0xffff;
const DATA_BYTES_MAX = 0xffff;

/** Properties that are still being found. */
export type Found<Values> = { -readonly [Name in keyof Values]: Values[Name] };

/** Reads one extension's data into `found`; false for a type that is unknown, whose data is then not judged. */
export type ExtensionReader<Values> = (
  type: number,
  data: ByteReader,
  found: Found<Values>,
) => boolean;

/** `Extension extensions<floor..2^16-1>`; "there MUST NOT be more than one extension of the same type". */
export function parseExtensionBlock(reader: ByteReader, floor: number): Extension[] {
  const list = reader.list('extensions', floor, LIST_BYTES_MAX);
  const extensions: Extension[] = [];
  const types = new Set<number>();
  while (list.left > 0) {
    const type = list.uint16('extension_type');
    const data = list.opaque('extension_data', 0, DATA_BYTES_MAX);
    if (types.has(type)) {
      throw new PeerFault('TLS_DUPLICATE_EXTENSION', `extension ${type} comes twice`);
    }
    types.add(type);
    extensions.push({ type, data });
  }
  return extensions;
}

/**
 * What the extensions say. "Receivers MUST abort the handshake with a 'decode_error' alert if there is data
 * left over after parsing the structure", which "does not apply if the receiver does not implement" it.
 */
export function readExtensions<Values extends object>(
  extensions: readonly Extension[],
  fault: (detail: string) => Error,
  read: ExtensionReader<Values>,
): Values {
  const found = {} as Found<Values>;
  for (const { type, data } of extensions) {
    const reader = new ByteReader(data, 0, data.length, fault);
    if (read(type, reader, found)) reader.finish(`extension ${type}`);
  }
  return found;
}

/** `Extension extensions<floor..2^16-1>` of what `write` writes. */
export function writeExtensionBlock(
  writer: ByteWriter,
  floor: number,
  write: (writer: ByteWriter) => void,
): void {
  writer.list('extensions', floor, LIST_BYTES_MAX, write);
}

/** An extension, unless there is nothing to say. */
export function writeExtension<Value>(
  writer: ByteWriter,
  type: number,
  value: Value | undefined,
  write: (writer: ByteWriter, value: Value) => void,
): void {
  if (value === undefined) return;
  writer.uint16('extension_type', type);
  writer.list('extension_data', 0, DATA_BYTES_MAX, () => write(writer, value));
}

/** Extensions that are given as bytes. */
export function writeRawExtensions(writer: ByteWriter, extensions: readonly Extension[]): void {
  for (const { type, data } of extensions) {
    writeExtension(writer, type, data, (target, bytes) => target.append(bytes));
  }
}

/** The body of an extension whose presence says it all. */
export function writeNothing(): void {
  // An empty extension_data.
}
