import { expect, test } from 'vitest';
import { Corpus } from '../corpus.mjs';
import { coverage } from '../coverage.mjs';
import { instrumentText } from '../instrument.mjs';

const SOURCE = `
export function grade(mark) {
  if (mark > 9) return 'much'; else if (mark > 5) return 'some';
  for (let at = 0; at < 3; at++) mark = mark > 2 ? mark - 1 : mark;
  while (mark > 100) mark--;
  do mark = mark || 0; while (mark > 100);
  switch (mark) { case 1: return mark && 'one'; case 2: case 3: return 'few'; default: }
  const short = (value) => value ?? ({ none: 'none' }).none;
  return short(null);
}
export function forever(count) {
  for (let at = 0; at < count; at++);
}`;

interface Graded {
  grade(mark: number): string;
  forever(count: number): void;
}

/** The module that an instrumented text makes. */
function load(text: string): Promise<Graded> {
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

test('an instrumented module does the same and counts', async () => {
  const plain = await load(SOURCE);
  const counted = await load(instrumentText(SOURCE));
  for (let mark = -1; mark < 12; mark++) {
    coverage.clear();
    expect(counted.grade(mark)).toBe(plain.grade(mark));
    expect(coverage.edges).toBeGreaterThan(1);
  }
});

test('the edge map tells new ways from old ones, and a loop taken oftener from one taken once', async () => {
  const counted = await load(instrumentText(SOURCE));
  const corpus = new Corpus();
  const isNew = (work: () => void) => {
    coverage.clear();
    work();
    return corpus.add(Uint8Array.of(1), coverage.map);
  };
  const marks = [10, 10, 11, 6, 6, 0, 1].map((mark) => isNew(() => counted.grade(mark)));
  expect(marks).toEqual([true, false, false, true, false, true, true]);
  const counts = [1, 1, 2, 5, 6, 200].map((count) => isNew(() => counted.forever(count)));
  expect(counts).toEqual([true, false, true, true, false, true]);
});

test('work beyond the limit is stopped, once', async () => {
  const counted = await load(instrumentText(SOURCE));
  coverage.clear();
  coverage.limit(1_000, Number.POSITIVE_INFINITY);
  expect(() => counted.forever(10_000)).toThrow('more than 1000 edges of work');
  expect(() => counted.forever(10_000)).not.toThrow();
});

test('the bytes of arrays are counted, those of views are not, and too many are stopped', async () => {
  const source = `export function make(count) {
    const bytes = new Uint8Array(count);
    new Uint32Array(bytes.buffer, 4, 1);
    return new Int16Array(count);
  }`;
  const counted = await import(
    `data:text/javascript,${encodeURIComponent(instrumentText(source))}`
  );
  coverage.clear();
  expect(counted.make(100)).toBeInstanceOf(Int16Array);
  expect(coverage.madeBytes).toBe(300);
  coverage.limit(Number.POSITIVE_INFINITY, 400);
  expect(() => counted.make(100)).toThrow('more than 400 bytes of arrays');
});
