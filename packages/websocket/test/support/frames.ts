// Frames as a peer would write them, byte by byte and without any of the code under test.

/** What a frame is made of; unmasked, final and without reserved bits unless said. */
export interface FrameOptions {
  readonly isFinal?: boolean;
  /** RSV1-3 as they stand in the first byte: 0x40, 0x20, 0x10. */
  readonly rsv?: number;
  /** Four bytes; null or absent for a frame that is not masked. */
  readonly key?: readonly number[] | null;
  /** How many bytes the length is written in: 0, 2 or 8; as few as possible when absent. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** What the header says instead of the payload's length. */
  readonly length?: number;
}

/** A key as a client would draw it. */
const KEY: readonly number[] = [0x37, 0xfa, 0x21, 0x3d];

/** One code unit per byte. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}

/** Hexadecimal digits, spaces ignored. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}

/** Bytes behind one another. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** One frame. */
function frame(
  opcode: number,
  payload: Uint8Array | string = '',
  options: FrameOptions = {},
): Uint8Array {
  const data = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const { isFinal = true, rsv = 0, key = null, length = data.length } = options;
  const lengthBytes = options.lengthBytes ?? (length <= 125 ? 0 : length <= 65_535 ? 2 : 8);
  const maskBit = key === null ? 0 : 0x80;
  const short = lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127;
  const frameBytes = [(isFinal ? 0x80 : 0) | rsv | opcode, short | maskBit];
  for (let index = lengthBytes - 1; index >= 0; index--) {
    frameBytes.push(Math.floor(length / 256 ** index) % 256);
  }
  if (key !== null) frameBytes.push(...key);
  const head = Uint8Array.from(frameBytes);
  const masked = key === null ? data : data.map((byte, index) => byte ^ key[index % 4]!);
  const whole = new Uint8Array(head.length + masked.length);
  whole.set(head);
  whole.set(masked, head.length);
  return whole;
}

/** A frame as the peer of this role writes it: masked when it goes to a server. */
export function frameTo(
  role: 'server' | 'client',
  opcode: number,
  payload: Uint8Array | string = '',
  options: FrameOptions = {},
): Uint8Array {
  return frame(opcode, payload, { key: role === 'server' ? KEY : null, ...options });
}

/** The payload of a Close frame. */
export function closePayload(code: number, reason: Uint8Array | string = ''): Uint8Array {
  const text = typeof reason === 'string' ? new TextEncoder().encode(reason) : reason;
  return joined(Uint8Array.of(code >> 8, code & 255), text);
}

/** A frame that was read naively. */
export interface ReadFrame {
  readonly isFinal: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly payload: Uint8Array;
}

/** All frames of an output; throws when the last is not whole. */
export function framesOf(bytes: Uint8Array): ReadFrame[] {
  const frames: ReadFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    const second = bytes[at + 1]!;
    let length = second & 0x7f;
    at += 2;
    const lengthBytes = length === 126 ? 2 : length === 127 ? 8 : 0;
    if (lengthBytes > 0) length = 0;
    for (let index = 0; index < lengthBytes; index++) length = length * 256 + bytes[at++]!;
    const key = second >= 0x80 ? bytes.subarray(at, at + 4) : null;
    if (key !== null) at += 4;
    const payload = Uint8Array.from(bytes.subarray(at, at + length));
    if (payload.length !== length) throw new Error('the last frame is not whole');
    at += length;
    const plain = key === null ? payload : payload.map((byte, index) => byte ^ key[index % 4]!);
    const rsv = first & 0x70;
    frames.push({
      isFinal: first >= 0x80,
      rsv,
      opcode: first & 15,
      isMasked: key !== null,
      payload: plain,
    });
  }
  return frames;
}

/** The codes of the Close frames in an output, 1005 for one without. */
export function closeCodesOf(bytes: Uint8Array): number[] {
  const closes = framesOf(bytes).filter(({ opcode }) => opcode === 8);
  return closes.map(({ payload }) =>
    payload.length === 0 ? 1005 : (payload[0]! << 8) | payload[1]!,
  );
}
