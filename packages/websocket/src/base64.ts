// Base64 with padding (RFC 4648 section 4), as in `Sec-WebSocket-Key` and `Sec-WebSocket-Accept`.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;
const NONE = 255;

/** ASCII code to the character's six bits, or `NONE`. */
const SEXTETS: Uint8Array = /* @__PURE__ */ sextets();

function sextets(): Uint8Array {
  const values = new Uint8Array(128).fill(NONE);
  for (let value = 0; value < 64; value++) values[ALPHABET.charCodeAt(value)] = value;
  return values;
}

/** Bytes to text, padded to whole groups of four characters. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const second = bytes[at + 1];
    const third = bytes[at + 2];
    const group = (bytes[at]! << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
    text += second === undefined ? '=' : ALPHABET[(group >> 6) & 63]!;
    text += third === undefined ? '=' : ALPHABET[group & 63]!;
  }
  return text;
}

/**
 * Text to bytes; null when it has another character, or not the padding that it needs. Bits that
 * the last character has too many are ignored, as the example of RFC 6455 section 4.1 has some.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const { length } = text;
  if (length % 4 !== 0) return null;
  let characters = length;
  while (characters > length - 2 && text.charCodeAt(characters - 1) === PADDING) characters--;
  const bytes = new Uint8Array((characters * 3) >> 2);
  let bits = 0;
  let written = 0;
  for (let at = 0; at < characters; at++) {
    const sextet = SEXTETS[text.charCodeAt(at)] ?? NONE;
    if (sextet === NONE) return null;
    bits = (bits << 6) | sextet;
    // Of four characters, each but the first completes a byte.
    if (at % 4 !== 0) bytes[written++] = bits >> (6 - 2 * (at % 4));
  }
  return bytes;
}
