import { expect, test } from 'vitest';
import { NEED_DATA, PAUSED } from '../src/connection.ts';

test('the two answers without news are told apart by type and shared by everybody', () => {
  expect(NEED_DATA).toEqual({ type: 'need-data' });
  expect(PAUSED).toEqual({ type: 'paused' });
  expect(Object.isFrozen(NEED_DATA)).toBe(true);
  expect(Object.isFrozen(PAUSED)).toBe(true);
});
