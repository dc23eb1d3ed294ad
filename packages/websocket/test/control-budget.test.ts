import { expect, test } from 'vitest';
import { ControlBudget } from '../src/control-budget.ts';

test('a second’s worth may come at once, and one more is too many', () => {
  const budget = new ControlBudget(3, 1000);
  expect([1, 2, 3, 4].map(() => budget.spend(1000))).toEqual([true, true, true, false]);
});

test('what is earned comes back by the rate, up to a second’s worth', () => {
  const budget = new ControlBudget(4, 0);
  for (let count = 0; count < 4; count++) expect(budget.spend(0)).toBe(true);
  expect(budget.spend(249)).toBe(false);
  // That attempt has cost one, too.
  expect(budget.spend(750)).toBe(true);
  const rested = new ControlBudget(2, 0);
  expect([1, 2, 3].map(() => rested.spend(3_600_000))).toEqual([true, true, false]);
});

test('a clock that goes back earns nothing, and nothing twice', () => {
  const budget = new ControlBudget(2, 1000);
  expect([budget.spend(1000), budget.spend(1000)]).toEqual([true, true]);
  expect(budget.spend(0)).toBe(false);
  expect(budget.spend(1000)).toBe(false);
});

test('no limit is Infinity; 0 allows none', () => {
  const free = new ControlBudget(Number.POSITIVE_INFINITY, 0);
  for (let count = 0; count < 10_000; count++) expect(free.spend(0)).toBe(true);
  expect(new ControlBudget(0, 0).spend(1e9)).toBe(false);
});
