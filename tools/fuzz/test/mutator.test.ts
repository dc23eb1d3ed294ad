import { expect, test } from 'vitest';
import { Corpus } from '../corpus.mjs';
import { MAP_BYTES } from '../coverage.mjs';
import { mutate, splice } from '../mutator.mjs';
import { Random } from '../random.mjs';

const text = (characters: string) => Uint8Array.from(characters, (unit) => unit.charCodeAt(0));
const INPUT = text('\0\0\0\0GET / HTTP/1.1\r\nContent-Length: 15\r\nHost: a\r\n\r\nhello');
const TARGET = { tokens: [text('<token>')], headerBytes: 4 };

/** A corpus of just this input. */
function corpusOf(input: Uint8Array): Corpus {
  const corpus = new Corpus();
  corpus.add(input, new Uint8Array(MAP_BYTES).fill(1));
  return corpus;
}

/** As text, one character a byte. */
function mutants(seed: number, count: number, input: Uint8Array): string[] {
  const random = new Random(seed);
  const corpus = corpusOf(input);
  return Array.from({ length: count }, () =>
    String.fromCharCode(...mutate(random, corpus, TARGET)),
  );
}

test('the generator repeats itself by seed, and differs by seed', () => {
  const series = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => random.next());
  };
  expect(series(5)).toEqual(series(5));
  expect(series(5)).not.toEqual(series(6));
  expect(series(5).every((number) => number >= 0 && number < 2 ** 32)).toBe(true);
  expect(new Set(series(5)).size).toBe(50);
});

test('the same seed changes the same input in the same way', () => {
  expect(mutants(1, 300, INPUT)).toEqual(mutants(1, 300, INPUT));
  expect(mutants(1, 300, INPUT)).not.toEqual(mutants(2, 300, INPUT));
});

test('all kinds of changes occur: tokens, lines, numbers, the header, other lengths', () => {
  const all = mutants(3, 3_000, INPUT);
  const has = (pattern: RegExp) => all.some((mutant) => pattern.test(mutant));
  expect(has(/<token>/)).toBe(true);
  expect(has(/Length: 1[46]\r/)).toBe(true);
  expect(has(/Length: 18446744073709551616/)).toBe(true);
  expect(has(/^\0{4}GET \/ HTTP\/1.1\r\nHost: a\r\n\r\nhello$/)).toBe(true);
  expect(has(/Host: a\r\nHost: a\r\n/)).toBe(true);
  expect(has(/^\0*[^\0]\0*GET \/ HTTP\/1.1\r\nContent-Length: 15\r\nHost: a\r\n\r\nhello$/)).toBe(
    true,
  );
});

test('the header keeps its length and the rest stays within bounds, even when there is none', () => {
  const input = INPUT.slice(0, 4);
  for (const mutant of mutants(4, 2_000, input)) expect(mutant.length).toBeGreaterThanOrEqual(4);
  const large = new Uint8Array(2_048).fill(65);
  for (const mutant of mutants(5, 500, large)) expect(mutant.length).toBeLessThanOrEqual(2_048);
});

test('splice never changes its input and forgives a stretch beyond the end', () => {
  const input = Uint8Array.of(1, 2, 3);
  expect([...splice(input, 1, 1, Uint8Array.of(8, 9))]).toEqual([1, 8, 9, 3]);
  expect([...splice(input, 2, 5, Uint8Array.of(7))]).toEqual([1, 2, 7]);
  expect([...splice(input, 3, 1, Uint8Array.of(7))]).toEqual([1, 2, 3, 7]);
  expect([...input]).toEqual([1, 2, 3]);
});
