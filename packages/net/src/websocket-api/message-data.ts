// What a program hands over to be sent.
import { types } from 'node:util';

/** «(BufferSource or Blob or USVString)»; bytes are read at once, since they may change. */
export function contentOf(data: unknown): string | Uint8Array | Blob {
  if (data instanceof Blob) return data;
  if (types.isArrayBuffer(data)) return new Uint8Array(data);
  if (!ArrayBuffer.isView(data)) return String(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Bytes of content, as `bufferedAmount` counts them. */
export function byteCountOf(content: string | Uint8Array | Blob): number {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return content instanceof Blob ? content.size : content.length;
}
