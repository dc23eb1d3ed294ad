// The body of one extension, read and written alone.
import { ByteReader } from '../../src/bytes/byte-reader.ts';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import { decodeError } from '../../src/messages/handshake-message.ts';

/** Reads a whole body, and lets nothing be left over. */
export function readBody<Value>(parse: (reader: ByteReader) => Value, body: Uint8Array): Value {
  const reader = new ByteReader(body, 0, body.length, decodeError);
  const value = parse(reader);
  reader.finish('body');
  return value;
}

/** What the value is on the wire. */
export function writeBody<Value>(
  write: (writer: ByteWriter, value: Value) => void,
  value: Value,
): Uint8Array {
  const writer = new ByteWriter();
  write(writer, value);
  return writer.take();
}

/** The value that comes back, which is to be the one that was given. */
export function roundTrip<Value>(
  write: (writer: ByteWriter, value: Value) => void,
  parse: (reader: ByteReader) => Value,
  value: Value,
): Value {
  return readBody(parse, writeBody(write, value));
}
