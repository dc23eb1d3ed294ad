import { describe, expect, test } from 'vitest';
import { RateBudget } from '../src/rate-budget.ts';

describe('a budget', () => {
  test('has a burst, then what time brings', () => {
    const budget = new RateBudget(2, 3, 1_000);
    expect([1, 2, 3].map(() => budget.spend(1_000))).toEqual([true, true, true]);
    expect(budget.spend(1_000)).toBe(false);
    const later = new RateBudget(2, 3, 1_000);
    for (let count = 0; count < 3; count += 1) later.spend(1_000);
    expect(later.spend(1_500)).toBe(true);
    expect(later.spend(1_500)).toBe(false);
  });

  test('saves no more than the burst, and takes nothing for time that runs back', () => {
    const budget = new RateBudget(10, 2, 0);
    expect([1, 2].map(() => budget.spend(1_000_000))).toEqual([true, true]);
    expect(budget.spend(5)).toBe(false);
  });

  test('of an infinite rate never ends', () => {
    const budget = new RateBudget(Number.POSITIVE_INFINITY, 0, 0);
    expect(budget.spend(0)).toBe(true);
  });
});
