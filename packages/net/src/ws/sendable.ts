// What a program hands over to be sent, as text, bytes or a Blob.
import type { BufferLike } from './websocket-options.ts';

const NO_BYTES: Buffer = Buffer.alloc(0);

/** Text, bytes or a Blob. Throws TypeError for what is none, as `Buffer.from` does; nothing is no bytes. */
export function sendable(data: BufferLike | null | undefined): string | Uint8Array | Blob {
  if (typeof data === 'string') return data;
  if (typeof data === 'number') return String(data);
  return data instanceof Blob ? data : bytes(data);
}

/** The bytes of a ping or pong. */
export function controlPayload(data: BufferLike | null | undefined): Uint8Array {
  const content = sendable(data);
  if (content instanceof Blob) throw new TypeError('a ping or pong cannot be a Blob');
  const payload = typeof content === 'string' ? Buffer.from(content) : content;
  if (payload.length > 125) {
    throw new RangeError('The data size must not be greater than 125 bytes');
  }
  return payload;
}

/** Bytes of what would have been sent. */
export function byteCountOf(content: string | Uint8Array | Blob): number {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return content instanceof Blob ? content.size : content.length;
}

function bytes(data: Exclude<BufferLike, string | number | Blob> | null | undefined): Uint8Array {
  if (data === null || data === undefined) return NO_BYTES;
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(data as ArrayBuffer);
}
