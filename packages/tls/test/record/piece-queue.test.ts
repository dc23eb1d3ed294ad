import { expect, test } from 'vitest';
import { PieceQueue } from '../../src/record/piece-queue.ts';

test('pieces are taken as they are where that is enough, else joined for a moment', () => {
  const queue = new PieceQueue(true);
  expect(queue.take(10).length).toBe(0);
  const [one, two, three] = [
    Uint8Array.of(1, 2, 3),
    Uint8Array.of(4),
    Uint8Array.of(5, 6),
  ] as const;
  for (const piece of [one, two, three]) queue.push(piece);
  const view = queue.take(2);
  expect([view.buffer, [...view]]).toEqual([one.buffer, [1, 2]]);
  const joined = queue.take(3);
  expect([...joined]).toEqual([3, 4, 5]);
  queue.release();
  expect([...joined]).toEqual([0, 0, 0]);
  expect([queue.bytes, ...queue.take(3)]).toEqual([1, 6]);
  queue.release();
  expect([one, two, three].map((piece) => [...piece])).toEqual([[1, 2, 3], [4], [5, 6]]);
});
