// The 2 to 14 bytes before a frame's payload (RFC 6455 section 5.2), read and written in place:
//
//    FIN RSV1-3 opcode | MASK length (7 bits) | length (0, 16 or 64 bits) | masking key (0 or 32)
//
// Only what no endpoint could mean otherwise is refused here: a length that has a shorter form, or
// one that no array can have. Opcodes, RSV bits and masking are rules between endpoints.

/** Payload of control frames, and of data frames whose length needs no further bytes. */
export const SHORT_PAYLOAD_BYTES_MAX = 125;
/** Payload of frames whose length is in 16 bits. */
const MEDIUM_PAYLOAD_BYTES_MAX = 65_535;
/** The longest header: 64-bit length and masking key. */
export const HEADER_BYTES_MAX = 14;

const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASK_BIT = 0x80;
const KEY_BYTES = 4;
const TWO_TO_32 = 0x1_0000_0000;

/** {@link parseFrameHeader}: more bytes are needed. */
export const HEADER_INCOMPLETE = 0;
/** {@link parseFrameHeader}: «the minimal number of bytes MUST be used to encode the length», section 5.2. */
export const LENGTH_NOT_MINIMAL = -1;
/** {@link parseFrameHeader}: more than 2^53-1 bytes, or the most significant bit is set (section 5.2). */
export const LENGTH_TOO_LARGE = -2;

/** What a frame's header says; made once and filled again and again. */
export interface FrameHeader {
  /** FIN, RSV1-3 and opcode as they are on the wire: 0-255. */
  bits: number;
  /** Bytes of payload: 0 to 2^53-1. */
  payloadBytes: number;
  /** The payload is masked. */
  isMasked: boolean;
  /** The masking key, first byte uppermost: 0 to 2^32-1; 0 when not masked. */
  maskingKey: number;
}

/** The last fragment of a message, or all of it. */
export const FIN = 0x80;
/** Reserved, or an extension's: permessage-deflate marks compressed messages by it (RFC 7692 section 6). */
export const RSV1 = 0x40;
/** All three reserved bits. */
export const RSV_BITS = 0x70;
/** The bits of the opcode. */
export const OPCODE_BITS = 0x0f;

/**
 * Reads the header at `bytes[start..end)` into `header`. Returns how many bytes it has (2-14), or
 * {@link HEADER_INCOMPLETE}, {@link LENGTH_NOT_MINIMAL} or {@link LENGTH_TOO_LARGE}; what `header`
 * has then is of no use.
 */
export function parseFrameHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
  header: FrameHeader,
): number {
  const available = end - start;
  if (available < 2) return HEADER_INCOMPLETE;
  const second = bytes[start + 1]!;
  const isMasked = second >= MASK_BIT;
  let at = start + 2;
  let payloadBytes = second & ~MASK_BIT;
  if (payloadBytes >= LENGTH_16) {
    const lengthBytes = payloadBytes === LENGTH_16 ? 2 : 8;
    if (available < 2 + lengthBytes) return HEADER_INCOMPLETE;
    payloadBytes = lengthBytes === 2 ? readUint16(bytes, at) : readUint64(bytes, at);
    if (payloadBytes < 0) return LENGTH_TOO_LARGE;
    const below = lengthBytes === 2 ? SHORT_PAYLOAD_BYTES_MAX : MEDIUM_PAYLOAD_BYTES_MAX;
    if (payloadBytes <= below) return LENGTH_NOT_MINIMAL;
    at += lengthBytes;
  }
  header.maskingKey = 0;
  if (isMasked) {
    if (end - at < KEY_BYTES) return HEADER_INCOMPLETE;
    header.maskingKey = readUint32(bytes, at);
    at += KEY_BYTES;
  }
  header.bits = bytes[start]!;
  header.isMasked = isMasked;
  header.payloadBytes = payloadBytes;
  return at - start;
}

/** Bytes that the header of such a frame has: 2-14. */
export function frameHeaderBytes(payloadBytes: number, isMasked: boolean): number {
  const plain =
    payloadBytes <= SHORT_PAYLOAD_BYTES_MAX ? 2 : payloadBytes <= MEDIUM_PAYLOAD_BYTES_MAX ? 4 : 10;
  return isMasked ? plain + KEY_BYTES : plain;
}

/**
 * Writes a header to `target[at..]` and returns the index behind it. `payloadBytes` is 0 to 2^53-1;
 * `maskingKey` is 0 to 2^32-1, or -1 for a frame that is not masked. Nothing is checked: there must
 * be room for {@link frameHeaderBytes}.
 */
export function serializeFrameHeader(
  target: Uint8Array,
  at: number,
  bits: number,
  payloadBytes: number,
  maskingKey: number,
): number {
  if (maskingKey < 0) return serializeStart(target, at, bits, payloadBytes, 0);
  return serializeMaskedHeader(target, at, bits, payloadBytes, maskingKey);
}

/** The same for a key of 32 bits that may be signed: then it is a small integer, which needs no memory. */
export function serializeMaskedHeader(
  target: Uint8Array,
  at: number,
  bits: number,
  payloadBytes: number,
  maskingKey: number,
): number {
  const keyAt = serializeStart(target, at, bits, payloadBytes, MASK_BIT);
  return writeUint32(target, keyAt, maskingKey);
}

/** All but the key. */
function serializeStart(
  target: Uint8Array,
  at: number,
  bits: number,
  payloadBytes: number,
  maskBit: number,
): number {
  target[at] = bits;
  if (payloadBytes <= SHORT_PAYLOAD_BYTES_MAX) {
    target[at + 1] = payloadBytes | maskBit;
    return at + 2;
  }
  if (payloadBytes <= MEDIUM_PAYLOAD_BYTES_MAX) {
    target[at + 1] = LENGTH_16 | maskBit;
    target[at + 2] = payloadBytes >>> 8;
    target[at + 3] = payloadBytes;
    return at + 4;
  }
  target[at + 1] = LENGTH_64 | maskBit;
  const lowerAt = writeUint32(target, at + 2, Math.floor(payloadBytes / TWO_TO_32));
  return writeUint32(target, lowerAt, payloadBytes % TWO_TO_32);
}

function readUint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** Four bytes as a number, the first uppermost: 0 to 2^32-1. */
export function readUint32(bytes: Uint8Array, at: number): number {
  const word = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return word >>> 0;
}

/** Negative for what is above 2^53-1. */
function readUint64(bytes: Uint8Array, at: number): number {
  const upper = readUint32(bytes, at);
  if (upper > 0x1f_ffff) return -1;
  return upper * TWO_TO_32 + readUint32(bytes, at + 4);
}

function writeUint32(target: Uint8Array, at: number, value: number): number {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
  return at + 4;
}
