// Names of protocols (RFC 7301): bytes on the wire, strings of one code unit per byte in options and events.

/** A protocol's bytes; throws RangeError unless it has 1-255 code units below 256. */
export function latin1Bytes(protocol: string): Uint8Array {
  if (protocol.length < 1 || protocol.length > 255) {
    throw new RangeError('a protocol must have 1-255 bytes');
  }
  const bytes = new Uint8Array(protocol.length);
  for (let index = 0; index < protocol.length; index++) {
    const code = protocol.charCodeAt(index);
    if (code > 0xff) throw new RangeError('a protocol must have code units below 256');
    bytes[index] = code;
  }
  return bytes;
}
