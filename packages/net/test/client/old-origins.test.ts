import { expect, it } from 'vitest';
import { OldOrigins } from '../../src/client/old-origins.ts';
import { parseUrl } from '../../src/client/origin.ts';

it('remembers a thousand origins, and then begins anew', () => {
  const old = new OldOrigins();
  const origins = Array.from({ length: 1001 }, (_, index) => {
    return parseUrl(`http://${index}.example/`).origin;
  });
  const [first, second] = origins;
  expect(first !== undefined && old.has(first)).toBe(false);
  for (const origin of origins.slice(0, 1000)) old.add(origin);
  expect(first !== undefined && old.has(first)).toBe(true);
  for (const origin of origins.slice(1000)) {
    old.add(origin);
    expect(old.has(origin)).toBe(true);
  }
  expect(second !== undefined && old.has(second)).toBe(false);
});
