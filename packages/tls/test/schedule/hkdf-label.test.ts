import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/node/index.ts';
import type { HashName } from '../../src/provider.ts';
import {
  CONTEXT_BYTES_MAX,
  deriveSecret,
  expandBytesMax,
  expandLabel,
  extract,
  HASH_BYTES,
  hashOf,
  LABEL_BYTES_MAX,
  NO_CONTEXT,
} from '../../src/schedule/hkdf-label.ts';
import { fromHex, TRACES, Trace, toHex } from '../rfc8448/trace.ts';

const HASHES: readonly HashName[] = ['sha256', 'sha384'];

describe('known answers of RFC 8448', () => {
  for (const name of TRACES) {
    test(`every expansion of ${name}`, () => {
      let count = 0;
      for (const { does, values } of new Trace(name).steps) {
        const expect_ = (secret: string, label: string, context: string, expanded: string) => {
          const output = expandLabel(
            nodeCrypto,
            'sha256',
            fromHex(secret),
            label,
            fromHex(context),
            expanded.length / 2,
          );
          expect(toHex(output), does).toBe(expanded);
          count += 1;
        };
        const { PRK, hash, expanded } = values;
        if (PRK === undefined) continue;
        if (expanded !== undefined) {
          const label = /"tls13 (.*)"/.exec(does)?.[1] ?? 'finished';
          expect_(PRK, label, hash ?? '', expanded);
        } else {
          expect_(PRK, 'key', '', values['key expanded']!);
          expect_(PRK, 'iv', '', values['iv expanded']!);
        }
      }
      expect(count).toBeGreaterThanOrEqual(19);
    });

    test(`every extraction of ${name}`, () => {
      const steps = new Trace(name).all('extract secret');
      expect(steps.length).toBeGreaterThanOrEqual(3);
      for (const { values } of steps) {
        const salt = fromHex(values['salt'] ?? '00'.repeat(32));
        const secret = extract(nodeCrypto, 'sha256', salt, fromHex(values['IKM']!));
        expect(toHex(secret)).toBe(values['secret']);
      }
    });
  }
});

test('expansions are those of the HKDF of node:crypto with the same info', () => {
  const cases = fc.record({
    hash: fc.constantFrom(...HASHES),
    secret: fc.uint8Array({ minLength: 32, maxLength: 48 }),
    label: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: LABEL_BYTES_MAX }),
    context: fc.uint8Array({ maxLength: CONTEXT_BYTES_MAX }),
    lengthBytes: fc.integer({ min: 0, max: 1000 }),
  });
  fc.assert(
    fc.property(cases, ({ hash, secret, label, context, lengthBytes }) => {
      const output = expandLabel(nodeCrypto, hash, secret, label, context, lengthBytes);
      expect(toHex(output)).toBe(toHex(naive(hash, secret, label, context, lengthBytes)));
    }),
  );
});

/** HKDF-Expand of RFC 5869, all of T at once, by the HMAC that `hkdfSync` is made of. */
function naive(
  hash: HashName,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  lengthBytes: number,
): Uint8Array {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([
    Buffer.of(lengthBytes >> 8, lengthBytes & 255, name.length),
    name,
    Buffer.of(context.length),
    context,
  ]);
  let blocks = Buffer.alloc(0);
  let last: Uint8Array = new Uint8Array(0);
  for (let counter = 1; blocks.length < lengthBytes; counter += 1) {
    last = nodeCrypto.hmac(hash, secret, Buffer.concat([last, info, Buffer.of(counter)]));
    blocks = Buffer.concat([blocks, last]);
  }
  return blocks.subarray(0, lengthBytes);
}

test('extraction and expansion together are the HKDF of node:crypto', () => {
  const [salt, key] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)];
  for (const hash of HASHES) {
    const info = Uint8Array.of(0, HASH_BYTES[hash], 7, ...Buffer.from('tls13 x'), 0);
    const expected = hkdfSync(hash, key, salt, info, HASH_BYTES[hash]);
    const secret = extract(nodeCrypto, hash, salt, key);
    const output = deriveSecret(nodeCrypto, hash, secret, 'x', NO_CONTEXT);
    expect(output).toEqual(new Uint8Array(expected));
  }
});

test('what HkdfLabel cannot say, or HKDF cannot make, is a RangeError', () => {
  const secret = new Uint8Array(32);
  const long = new Uint8Array(CONTEXT_BYTES_MAX + 1);
  const call = (label: string, context: Uint8Array, lengthBytes: number) => () =>
    expandLabel(nodeCrypto, 'sha256', secret, label, context, lengthBytes);
  expect(call('', NO_CONTEXT, 32)).toThrow(RangeError);
  expect(call('x'.repeat(LABEL_BYTES_MAX + 1), NO_CONTEXT, 32)).toThrow(RangeError);
  expect(call('é', NO_CONTEXT, 32)).toThrow(RangeError);
  expect(call('x', long, 32)).toThrow(RangeError);
  for (const lengthBytes of [expandBytesMax('sha256') + 1, -1, 1.5, Number.NaN]) {
    expect(call('x', NO_CONTEXT, lengthBytes), String(lengthBytes)).toThrow(RangeError);
  }
  expect(call('x', NO_CONTEXT, expandBytesMax('sha256'))()).toHaveLength(8160);
  expect(expandBytesMax('sha384')).toBe(12240);
});

test('the hash of nothing', () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect(toHex(hashOf(nodeCrypto, 'sha256', NO_CONTEXT))).toBe(empty);
});
