import { expect, test } from 'vitest';
import { reasonPhrase } from '../src/status.ts';

test('usual phrases, and none for the rest', () => {
  expect(reasonPhrase(200)).toBe('OK');
  expect(reasonPhrase(413)).toBe('Content Too Large');
  expect(reasonPhrase(299)).toBe('');
  expect(reasonPhrase(Number.NaN)).toBe('');
  for (let status = 0; status < 1000; status++)
    expect(reasonPhrase(status)).toMatch(/^[A-Za-z -]*$/);
});
