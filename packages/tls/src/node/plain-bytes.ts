// Buffers as the plain class that every other file expects.

/** A view of a Buffer's bytes that is no Buffer, whose `slice` and `toString` mean something else. */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
