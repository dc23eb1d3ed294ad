// Bytes as tests write them.
import type { Extension } from '../../src/extensions/extension-values.ts';
import { HANDSHAKE_TYPE, type HandshakeName } from '../../src/messages/handshake-type.ts';

/** Bytes of hexadecimal digits; spaces do not count. */
export function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
}

/** Hexadecimal digits of bytes. */
export function hex(data: Uint8Array): string {
  return Buffer.from(data).toString('hex');
}

/** All of them, one behind the other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** That many bytes of one value. */
export function filled(byteCount: number, value = 0x61): Uint8Array {
  return new Uint8Array(byteCount).fill(value);
}

/** A number in that many bytes. */
export function number(byteCount: number, value: number): Uint8Array {
  return bytes(value.toString(16).padStart(byteCount * 2, '0'));
}

/** A list: its length in that many bytes, and what is in it. */
export function list(lengthBytes: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = join(...parts);
  return join(number(lengthBytes, content.length), content);
}

/** A handshake message with a true length. */
export function message(name: HandshakeName, ...body: readonly Uint8Array[]): Uint8Array {
  return join(number(1, HANDSHAKE_TYPE[name]), list(3, ...body));
}

/** A block of extensions. */
export function block(extensions: readonly Extension[]): Uint8Array {
  return list(2, ...extensions.map(({ type, data }) => join(number(2, type), list(2, data))));
}

/** An extension whose data is given in hexadecimal digits. */
export function extension(type: number, data = ''): Extension {
  return { type, data: bytes(data) };
}
