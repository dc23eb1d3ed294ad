import { expect, test } from 'vitest';
import { coverage } from '../coverage.mjs';
import { fuzz } from '../fuzzer.mjs';
import { instrumentText } from '../instrument.mjs';
import { mutate, Random } from '../mutator.mjs';

const SOURCE = `
export function grade(mark) {
  if (mark > 9) return 'much'; else if (mark > 5) return 'some';
  for (let at = 0; at < 3; at++) mark = mark > 2 ? mark - 1 : mark;
  while (mark > 100) mark--;
  switch (mark) { case 1: return mark && 'one'; case 2: case 3: return 'few'; default: }
  const short = (value) => value ?? 'none';
  return short(null);
}`;

/** The module that an instrumented text makes. */
function load(text: string): Promise<{ grade(mark: number): string }> {
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

test('an instrumented module does the same and counts', async () => {
  const plain = await load(SOURCE);
  const counted = await load(instrumentText(SOURCE));
  coverage.reset();
  for (let mark = -1; mark < 12; mark++) {
    coverage.clear();
    expect(counted.grade(mark)).toBe(plain.grade(mark));
    expect(coverage.edges).toBeGreaterThan(1);
  }
});

test('new ways are told from old ones', async () => {
  const counted = await load(instrumentText(SOURCE));
  const isNew = (mark: number) => {
    coverage.clear();
    counted.grade(mark);
    return coverage.isNew();
  };
  coverage.reset();
  expect([10, 10, 11, 6, 6, 0, 1].map(isNew)).toEqual([
    true,
    false,
    false,
    true,
    false,
    true,
    true,
  ]);
});

test('the same seed changes the same input in the same way', () => {
  const corpus = [Uint8Array.from({ length: 50 }, (_, index) => index)];
  const series = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 200 }, () => [...mutate(random, corpus, [Uint8Array.of(1, 2)])]);
  };
  expect(series(1)).toEqual(series(1));
  expect(series(1)).not.toEqual(series(2));
});

test('a finding is reported once, and as small as it can be', () => {
  const target = {
    seeds: [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3, 7, 4, 5)],
    dictionary: [Uint8Array.of(7)],
    run(data: Uint8Array) {
      if (data.includes(7)) throw new Error('seven');
    },
  };
  const { findings, executions } = fuzz(target, {
    seed: 1,
    executionsMax: 500,
    seconds: 60,
    findingsMax: 5,
  });
  expect(executions).toBe(500);
  expect(findings.map(({ data }: { data: Uint8Array }) => [...data])).toEqual([[7]]);
});
