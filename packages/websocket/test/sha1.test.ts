import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha1 } from '../src/sha1.ts';

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

test('RFC 3174 section 7.3: the test vectors', () => {
  const encoder = new TextEncoder();
  const vectors = [
    ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
    ],
    ['a'.repeat(1_000_000), '34aa973cd4c4daa4f61eeb2bdbad27316534016f'],
    ['01234567'.repeat(80), 'dea356a2cddd90c7a7ecedc5ebb563934f460452'],
  ] as const;
  for (const [message, digest] of vectors) expect(hex(sha1(encoder.encode(message)))).toBe(digest);
});

test('every length over several blocks, against the platform', () => {
  const data = Uint8Array.from({ length: 400 }, (_, index) => (index * 151 + 7) & 0xff);
  for (let length = 0; length <= data.length; length++) {
    const message = data.subarray(0, length);
    expect(hex(sha1(message))).toBe(createHash('sha1').update(message).digest('hex'));
  }
});

test('a view in the middle of a buffer is read alone, and left as it is', () => {
  const around = new Uint8Array(64).fill(0xee);
  const view = around.subarray(20, 23);
  view.set([0x61, 0x62, 0x63]);
  expect(hex(sha1(view))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  expect([...around.subarray(18, 25)]).toEqual([0xee, 0xee, 0x61, 0x62, 0x63, 0xee, 0xee]);
});
