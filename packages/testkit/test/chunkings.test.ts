import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOf, exhaustiveSplits, splitAt, splitPoints } from '../src/chunkings.ts';
import { joinBytes } from '../src/guard-bytes.ts';

test('exhaustive splits are whole, byte by byte and every single one', () => {
  expect(exhaustiveSplits(4)).toEqual([[], [1, 2, 3], [1], [2], [3]]);
  expect(exhaustiveSplits(1)).toEqual([[], []]);
  expect(exhaustiveSplits(0)).toEqual([[], []]);
});

test('splitAt keeps every byte, copies, and makes no empty chunk', () => {
  const data = Uint8Array.of(1, 2, 3, 4);
  const chunks = splitAt(data, [0, 1, 1, 3, 9]);
  expect(chunks.map((chunk) => [...chunk])).toEqual([[1], [2, 3], [4]]);
  expect(chunks.every((chunk) => chunk.buffer !== data.buffer)).toBe(true);
});

test('arbitrary chunks join to the same bytes', () => {
  const dataAndChunks = fc
    .uint8Array({ maxLength: 200 })
    .chain((data) => fc.tuple(fc.constant(data), chunksOf(data)));
  fc.assert(
    fc.property(dataAndChunks, ([data, chunks]) => {
      expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
      expect(joinBytes(chunks)).toEqual(new Uint8Array(data));
    }),
  );
});

test('split points ascend and lie inside', () => {
  fc.assert(
    fc.property(splitPoints(50), (points) => {
      expect(points.every((point, index) => point > (points[index - 1] ?? 0) && point < 50)).toBe(
        true,
      );
    }),
  );
});
