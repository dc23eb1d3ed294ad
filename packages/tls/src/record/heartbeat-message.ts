// Heartbeat messages (RFC 6520 section 4).
import type { RandomSource } from '../provider.ts';

/** "The sender of a HeartbeatMessage MUST use a random padding of at least 16 bytes." */
export const HEARTBEAT_PADDING_BYTES_MIN = 16;
/** The total length "MUST NOT exceed 2^14", nor a max_fragment_length that was agreed. */
export const HEARTBEAT_BYTES_MAX = 16_384;

const TYPE = { request: 1, response: 2 } as const;
/** Type and payload_length. */
const PREFIX_BYTES = 3;

/** A heartbeat message whose lengths fit; the padding is not shown. */
export interface HeartbeatMessage {
  readonly type: keyof typeof TYPE;
  /** A view of the content. */
  readonly payload: Uint8Array;
}

/** Bytes of a message with such a payload and padding. */
export function heartbeatBytes(payloadBytes: number, paddingBytes: number): number {
  return PREFIX_BYTES + payloadBytes + paddingBytes;
}

/**
 * Reads the content of a heartbeat record. Null for a message that "MUST be discarded silently": its
 * payload_length says more than came with at least 16 bytes of padding behind it (what Heartbleed made of
 * such a message were bytes that nobody had sent); and for a type that is not known.
 */
export function parseHeartbeat(content: Uint8Array): HeartbeatMessage | null {
  const payloadBytesMax = content.length - PREFIX_BYTES - HEARTBEAT_PADDING_BYTES_MIN;
  if (payloadBytesMax < 0) return null;
  const type = content[0];
  const payloadBytes = (content[1]! << 8) | content[2]!;
  if (payloadBytes > payloadBytesMax) return null;
  if (type !== TYPE.request && type !== TYPE.response) return null;
  const payload = content.subarray(PREFIX_BYTES, PREFIX_BYTES + payloadBytes);
  return { type: type === TYPE.request ? 'request' : 'response', payload };
}

/** A message as it is sent. The payload, copied, has 0-16365 bytes, the padding, which is random, 16 or more. */
export function serializeHeartbeat(
  type: HeartbeatMessage['type'],
  payload: Uint8Array,
  paddingBytes: number,
  random: RandomSource,
): Uint8Array {
  const message = new Uint8Array(heartbeatBytes(payload.length, paddingBytes));
  message[0] = TYPE[type];
  message[1] = payload.length >>> 8;
  message[2] = payload.length;
  message.set(payload, PREFIX_BYTES);
  random(message.subarray(PREFIX_BYTES + payload.length));
  return message;
}
