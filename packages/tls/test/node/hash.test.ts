import { createHash, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeCrypto, nodeRandom } from '../../src/node/index.ts';
import { toHex } from '../rfc8448/trace.ts';

const names = fc.constantFrom('sha256' as const, 'sha384' as const);
const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 });

test('a running hash is that of all bytes so far, whenever it is asked', () => {
  fc.assert(
    fc.property(names, pieces, (name, parts) => {
      const running = nodeCrypto.startHash(name);
      for (const [index, part] of parts.entries()) {
        running.update(part);
        const whole = Buffer.concat(parts.slice(0, index + 1));
        expect(toHex(running.digest())).toBe(createHash(name).update(whole).digest('hex'));
      }
    }),
  );
});

test('a copy and its origin go on by themselves', () => {
  const origin = nodeCrypto.startHash('sha256');
  origin.update(Uint8Array.of(1));
  const copy = origin.copy();
  copy.update(Uint8Array.of(2));
  expect(toHex(origin.digest())).toBe(createHash('sha256').update('\x01').digest('hex'));
  expect(toHex(copy.digest())).toBe(createHash('sha256').update('\x01\x02').digest('hex'));
});

test('what is handed out is no Buffer, and the caller’s own', () => {
  const running = nodeCrypto.startHash('sha256');
  const results = [running.digest(), nodeCrypto.hmac('sha256', Uint8Array.of(1), Uint8Array.of())];
  for (const result of results) expect(result.constructor).toBe(Uint8Array);
  const first = running.digest();
  first.fill(0);
  expect(running.digest()).not.toEqual(first);
});

test('HMAC of RFC 4231, test case 2, and with an empty key', () => {
  const [key, data] = [Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?')];
  expect(toHex(nodeCrypto.hmac('sha256', key, data))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  expect(toHex(nodeCrypto.hmac('sha384', key, data))).toBe(
    'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  );
  // HKDF with an empty salt begins with one, and goes on with its output as the key.
  const secret = nodeCrypto.hmac('sha256', new Uint8Array(0), data);
  const expected = new Uint8Array(hkdfSync('sha256', data, new Uint8Array(0), 'x', 32));
  expect(nodeCrypto.hmac('sha256', secret, Uint8Array.of(0x78, 1))).toEqual(expected);
});

test('random bytes fill the target and nothing else', () => {
  const whole = new Uint8Array(66);
  nodeRandom(whole.subarray(1, 65));
  expect([whole[0], whole[65]]).toEqual([0, 0]);
  expect(new Set(whole).size).toBeGreaterThan(8);
});
