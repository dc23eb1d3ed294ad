// Text of one code unit for each byte, as bytes.

/** Throws RangeError for text with code units that are no bytes. */
export function textBytes(what: string, text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new RangeError(`${what}: not one byte for each character`);
    bytes[at] = code;
  }
  return bytes;
}
