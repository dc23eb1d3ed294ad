import { expect, test } from 'vitest';
import { greaseCode, isGrease } from '../../src/extensions/grease.ts';

test('sixteen values and no others (RFC 8701 section 2)', () => {
  const made = Array.from({ length: 16 }, (_, random) => greaseCode(random));
  const recognized = Array.from({ length: 0x10000 }, (_, code) => code).filter(isGrease);
  expect(made).toEqual(recognized);
  expect(recognized.map((code) => code.toString(16).padStart(4, '0')).join(' ')).toBe(
    '0a0a 1a1a 2a2a 3a3a 4a4a 5a5a 6a6a 7a7a 8a8a 9a9a aaaa baba caca dada eaea fafa',
  );
  expect(greaseCode(0xff)).toBe(0xfafa);
});
