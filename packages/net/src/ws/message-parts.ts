// The content of a message as it came, until all of it is there. A peer that sends single bytes must
// not make each of them an object: small parts are copied together.
import type { BinaryType, RawData } from './websocket-options.ts';

/** Below this a part is copied to others. */
const SMALL_BYTES = 1_024;
const TAIL_BYTES_MIN = 4_096;
const TAIL_BYTES_MAX = 65_536;

/** The parts of one message after the other. */
export class MessageParts {
  #parts: Buffer[] = [];
  /** Where small parts are copied to; null when there were none since the last large one. */
  #tail: Buffer | null = null;
  #tailBytes = 0;

  /** The next part, which is ours. */
  add(data: Uint8Array): void {
    const part = asBuffer(data);
    if (this.#parts.length === 0 && this.#tail === null) this.#parts.push(part);
    else if (part.length < SMALL_BYTES) this.#addSmall(part);
    else {
      this.#endTail();
      this.#parts.push(part);
    }
  }

  /** All of them, at the end of the message; the next one may begin. */
  take(): Buffer[] {
    this.#endTail();
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  #addSmall(part: Buffer): void {
    if (this.#tail !== null && this.#tailBytes + part.length > this.#tail.length) this.#endTail();
    if (this.#tail === null) {
      const byteCount = TAIL_BYTES_MIN * 2 ** Math.min(this.#parts.length, 4);
      this.#tail = Buffer.allocUnsafeSlow(Math.min(byteCount, TAIL_BYTES_MAX));
    }
    this.#tail.set(part, this.#tailBytes);
    this.#tailBytes += part.length;
  }

  #endTail(): void {
    if (this.#tail === null) return;
    this.#parts.push(this.#tail.subarray(0, this.#tailBytes));
    this.#tail = null;
    this.#tailBytes = 0;
  }
}

/** A binary message as the program wants it. */
export function binaryData(parts: readonly Buffer[], binaryType: BinaryType): RawData | Blob {
  switch (binaryType) {
    case 'nodebuffer':
      return joined(parts);
    case 'arraybuffer':
      return exactArrayBuffer(joined(parts));
    case 'blob':
      return new Blob(parts as Buffer<ArrayBuffer>[]);
    case 'fragments':
      return [...parts];
  }
}

/** One buffer, which is a part itself where there is only one. */
export function joined(parts: readonly Buffer[]): Buffer {
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

/** A view with the methods of a Buffer. */
export function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.length);
}

function exactArrayBuffer(buffer: Buffer): ArrayBuffer {
  const { byteOffset, length } = buffer;
  const memory = buffer.buffer as ArrayBuffer;
  if (byteOffset === 0 && length === memory.byteLength) return memory;
  return memory.slice(byteOffset, byteOffset + length);
}
