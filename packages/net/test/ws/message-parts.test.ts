// Parts of messages: nothing is lost, and single bytes are not kept as objects.
import { describe, expect, it } from 'vitest';
import { binaryData, joined, MessageParts } from '../../src/ws/message-parts.ts';

function filled(byteCount: number, start: number): Uint8Array {
  return Uint8Array.from({ length: byteCount }, (_, index) => start + index);
}

describe('MessageParts', () => {
  it('keeps the order of small and large parts', () => {
    const sizes = [1, 1023, 1024, 3, 5000, 70_000, 1, 1, 900, 900, 900, 900, 900, 2000];
    const parts = new MessageParts();
    const given = sizes.map((size, index) => filled(size, index * 7));
    for (let round = 0; round < 2; round++) {
      for (const part of given) parts.add(part);
      expect(joined(parts.take()).equals(Buffer.concat(given))).toBe(true);
    }
    expect(parts.take()).toEqual([]);
  });

  it('holds a hundred thousand single bytes in a few buffers', () => {
    const parts = new MessageParts();
    for (let count = 0; count < 100_000; count++) parts.add(filled(1, count));
    const taken = parts.take();
    expect(joined(taken).length).toBe(100_000);
    expect(joined(taken)[99_999]).toBe(99_999 % 256);
    expect(taken.length).toBeLessThan(20);
  });

  it('hands over a message of one part without a copy', () => {
    const parts = new MessageParts();
    const part = filled(5, 1);
    parts.add(part);
    expect(joined(parts.take()).buffer).toBe(part.buffer);
  });

  it('gives exactly its bytes as an ArrayBuffer', () => {
    const view = filled(10, 0).subarray(2, 5);
    const buffer = Buffer.from(view.buffer, view.byteOffset, view.length);
    expect(binaryData([buffer], 'arraybuffer')).toEqual(Uint8Array.of(2, 3, 4).buffer);
    expect(binaryData([], 'arraybuffer')).toEqual(new ArrayBuffer(0));
  });
});
