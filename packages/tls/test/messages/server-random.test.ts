import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import {
  downgradeSentinel,
  isHelloRetryRequestRandom,
  writeHelloRetryRequestRandom,
} from '../../src/messages/server-random.ts';
import { bytes, filled, join } from '../support/wire.ts';

test('a HelloRetryRequest has the hash of its name (RFC 9846 section 4.2.3)', () => {
  const random = new Uint8Array(createHash('sha256').update('HelloRetryRequest').digest());
  expect(isHelloRetryRequestRandom(random)).toBe(true);
  const writer = new ByteWriter();
  writeHelloRetryRequestRandom(writer);
  expect(writer.take()).toEqual(random);
  for (let at = 0; at < 32; at += 1) {
    const other = random.slice();
    other[at] = (other[at] ?? 0) ^ 1;
    expect(isHelloRetryRequestRandom(other)).toBe(false);
  }
});

describe('downgrade sentinels', () => {
  test.each([
    ['444f574e47524401', 'tls1.2'],
    ['444f574e47524400', 'tls1.1'],
    ['444f574e47524402', null],
    ['444f574e47524501', null],
    ['544f574e47524401', null],
  ])('%s', (last, expected) => {
    expect(downgradeSentinel(join(filled(24), bytes(last)))).toBe(expected);
  });

  test('stand at the end only', () => {
    expect(downgradeSentinel(join(bytes('444f574e47524401'), filled(24)))).toBeNull();
  });
});
