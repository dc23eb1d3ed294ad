// The proof that a server has read the opening handshake (RFC 6455 sections 1.3 and 4.2.2).
import { decodeBase64, encodeBase64 } from './base64.ts';
import { sha1 } from './sha1.ts';

/** «A nonce consisting of a randomly selected 16-byte value», RFC 6455 section 4.1. */
export const NONCE_BYTES = 16;

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * The value of `Sec-WebSocket-Accept` for one of `Sec-WebSocket-Key`: base64 of the SHA-1 of the key,
 * as it was written, and a fixed GUID. The key must be ASCII; whether it is a key, {@link isKey} says.
 */
export function acceptKey(key: string): string {
  const text = key + GUID;
  const message = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) message[at] = text.charCodeAt(at);
  return encodeBase64(sha1(message));
}

/** «A base64-encoded value that, when decoded, is 16 bytes in length», RFC 6455 section 4.2.1. */
export function isKey(text: string): boolean {
  return decodeBase64(text)?.length === NONCE_BYTES;
}
