// The hello of SSL 2.0, which older clients sent to negotiate newer versions (RFC 9846 appendix E.5).

const HEADER_BYTES = 5;
const TWO_BYTE_LENGTH = 0x80;
const CLIENT_HELLO = 1;

/**
 * Whether a connection's first bytes are an SSL 2.0 compatible CLIENT-HELLO (RFC 5246 appendix E.2): a
 * length of two bytes with the high bit set, the type and a version that is 0.2 or 3.x. False as long as
 * there are fewer than five. No record of TLS begins so, as its first byte is 20 to 24.
 */
export function isSsl2Hello(firstBytes: Uint8Array): boolean {
  if (firstBytes.length < HEADER_BYTES) return false;
  const [length = 0, , type, major, minor] = firstBytes;
  if ((length & TWO_BYTE_LENGTH) === 0 || type !== CLIENT_HELLO) return false;
  return major === 3 || (major === 0 && minor === 2);
}
