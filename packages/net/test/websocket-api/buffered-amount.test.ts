// What `bufferedAmount` and the arguments of `close` are, by their sentences.
import { describe, expect, it } from 'vitest';
import { clampedCode } from '../../src/websocket-api/arguments.ts';
import { BufferedAmount } from '../../src/websocket-api/buffered-amount.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('BufferedAmount', () => {
  it('counts what was sent in this turn, even if it has left', async () => {
    const amount = new BufferedAmount();
    amount.addSent(10, 12, 0);
    amount.addSent(20, 34, 12);
    expect(amount.value(34)).toBe(30);
    await turn();
    expect(amount.value(33)).toBe(20);
    expect(amount.value(34)).toBe(0);
  });

  it('counts for ever what will never leave', async () => {
    const amount = new BufferedAmount();
    amount.add(7);
    await turn();
    expect(amount.value(1000)).toBe(7);
    amount.remove(7);
    expect(amount.value(1000)).toBe(0);
  });
});

describe('a close code', () => {
  const cases: [unknown, number][] = [
    [-1, 0],
    [70_000, 65_535],
    [Number.NaN, 0],
    [null, 0],
    ['3000', 3000],
    [2999.5, 3000],
    [3000.5, 3000],
    [2999.4, 2999],
    [Number.POSITIVE_INFINITY, 65_535],
  ];
  for (const [given, code] of cases) {
    it(`${String(given)} is ${code}`, () => expect(clampedCode(given)).toBe(code));
  }
});
