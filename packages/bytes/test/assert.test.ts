import { expect, test } from 'vitest';
import { assert, InvariantViolation } from '../src/assert.ts';

test('what holds passes without a word', () => {
  expect(assert(true, 'never read')).toBeUndefined();
});

test('what does not hold is our own bug, and says so', () => {
  const violated = () => assert(false, 'two and two are five');
  expect(violated).toThrow(InvariantViolation);
  expect(violated).toThrow(/^two and two are five: .*please report/);
  const error = new InvariantViolation('x');
  expect([error.name, error instanceof Error]).toEqual(['InvariantViolation', true]);
});
