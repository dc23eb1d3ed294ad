import { expect, test } from 'vitest';
import { Corpus } from '../corpus.mjs';
import { MAP_BYTES } from '../coverage.mjs';
import { Random } from '../random.mjs';

/** A map with these counts at these edges. */
function mapOf(counts: Readonly<Record<number, number>>): Uint8Array {
  const map = new Uint8Array(MAP_BYTES);
  for (const [edge, count] of Object.entries(counts)) map[Number(edge)] = count;
  return map;
}

test('keeps for each way the shortest input, and lets go what is shortest for nothing', () => {
  const corpus = new Corpus();
  const [long, middle, short] = [new Uint8Array(9), new Uint8Array(5), new Uint8Array(2)];
  expect(corpus.add(long, mapOf({ 1: 1, 2: 1 }))).toBe(true);
  expect(corpus.add(middle, mapOf({ 1: 1 }))).toBe(false);
  expect(corpus.inputs).toEqual([long, middle]);
  expect(corpus.add(short, mapOf({ 1: 1, 2: 1, 3: 1 }))).toBe(true);
  expect(corpus.inputs).toEqual([short]);
  expect(corpus.add(middle, mapOf({ 1: 1, 2: 1, 3: 1 }))).toBe(false);
  expect([corpus.size, corpus.edges, corpus.ways]).toEqual([1, 3, 3]);
});

test('counts of one order are one way', () => {
  const corpus = new Corpus();
  const news = [1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 127, 128, 255].map((count) =>
    corpus.add(Uint8Array.of(1), mapOf({ 7: count })),
  );
  expect(news).toEqual([
    ...[true, true, true, true, false, true, false, true, false],
    ...[true, false, true, false],
  ]);
  expect([corpus.edges, corpus.ways]).toEqual([1, 8]);
});

test('every input has its turn', () => {
  const corpus = new Corpus();
  for (let edge = 0; edge < 10; edge++) corpus.add(Uint8Array.of(edge), mapOf({ [edge]: 1 }));
  const random = new Random(1);
  const picked = new Set(Array.from({ length: 300 }, () => corpus.pick(random)[0]));
  expect(picked.size).toBe(10);
});
