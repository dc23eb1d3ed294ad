import { expect, it } from 'vitest';
import { DateField } from '../src/date-field.ts';

it('asks for the wall time once a second, at its turn', () => {
  let asked = 0;
  let wallMs = 1_767_225_600_400;
  const field = new DateField(() => {
    asked += 1;
    return wallMs;
  });
  const first = field.at(1000);
  expect(first).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  expect(field.at(1599)).toBe(first);
  expect(asked).toBe(1);
  wallMs += 600;
  expect(field.at(1600)).toBe('Thu, 01 Jan 2026 00:00:01 GMT');
  expect(asked).toBe(2);
});
