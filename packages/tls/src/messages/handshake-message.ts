// What all handshake messages have in common: a type and a length in front (RFC 9846 section 4).
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { PeerFault } from '../peer-fault.ts';
import { HANDSHAKE_HEADER_BYTES } from './handshake-type.ts';

const BODY_BYTES_MAX = 0xffffff;

/** Lengths that do not fit what is in them (section 6.2). */
export function decodeError(detail: string): PeerFault {
  return new PeerFault('TLS_DECODE_ERROR', detail);
}

/** A reader of what is behind the header of a whole message. */
export function bodyReader(message: Uint8Array): ByteReader {
  return new ByteReader(message, HANDSHAKE_HEADER_BYTES, message.length, decodeError);
}

/** A message, header included, of the body that `write` writes. */
export function handshakeMessage(type: number, write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  writer.uint8('msg_type', type);
  writer.list('handshake message', 0, BODY_BYTES_MAX, write);
  return writer.take();
}
