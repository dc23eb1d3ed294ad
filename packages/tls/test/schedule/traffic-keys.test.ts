import { expect, test } from 'vitest';
import { nodeCrypto } from '../../src/node/index.ts';
import { expandLabel, NO_CONTEXT } from '../../src/schedule/hkdf-label.ts';
import {
  AEAD_KEY_BYTES,
  IV_BYTES,
  nextTrafficSecret,
  trafficKeys,
  verifyData,
  verifyDataMatches,
} from '../../src/schedule/traffic-keys.ts';
import { fromHex, TRACES, Trace, toHex } from '../rfc8448/trace.ts';

test('write keys of RFC 8448', () => {
  for (const name of TRACES) {
    const steps = new Trace(name).steps.filter(({ does }) => /^derive .* traffic keys/.test(does));
    expect(steps.length).toBeGreaterThanOrEqual(4);
    for (const { values } of steps) {
      const keys = trafficKeys(nodeCrypto, 'sha256', 'aes-128-gcm', fromHex(values['PRK']!));
      expect(toHex(keys.key)).toBe(values['key expanded']);
      expect(toHex(keys.iv)).toBe(values['iv expanded']);
    }
  }
});

test('each AEAD has keys of its own length', () => {
  const secret = new Uint8Array(48).fill(7);
  for (const aead of ['aes-128-gcm', 'aes-256-gcm', 'chacha20-poly1305'] as const) {
    const { key, iv } = trafficKeys(nodeCrypto, 'sha384', aead, secret);
    expect(key).toHaveLength(AEAD_KEY_BYTES[aead]);
    expect(iv).toHaveLength(IV_BYTES);
    // A key may be handed on: no bytes of the block behind it hang on.
    expect(key.buffer.byteLength).toBe(AEAD_KEY_BYTES[aead]);
  }
});

test('the next secret is another, and leaves the old one to its owner', () => {
  const secret = new Uint8Array(32).fill(1);
  const next = nextTrafficSecret(nodeCrypto, 'sha256', secret);
  const expected = expandLabel(nodeCrypto, 'sha256', secret, 'traffic upd', NO_CONTEXT, 32);
  expect(next).toEqual(expected);
  expect(secret).toEqual(new Uint8Array(32).fill(1));
  expect(nextTrafficSecret(nodeCrypto, 'sha256', next)).not.toEqual(next);
});

test('verify_data of RFC 8448 matches, and with any bit changed does not', () => {
  const trace = new Trace('simple-1-rtt');
  const step = 'calculate finished';
  const baseKey = trace.value(step, 'PRK', 'client');
  const finished = trace.value(step, 'finished', 'client');
  // What it covers: everything up to the server's Finished.
  const hash = trace.value('derive secret "tls13 c ap traffic"', 'hash');
  const matches = (received: Uint8Array) =>
    verifyDataMatches(nodeCrypto, 'sha256', baseKey, hash, received);
  expect(toHex(verifyData(nodeCrypto, 'sha256', baseKey, hash))).toBe(toHex(finished));
  expect(matches(finished)).toBe(true);
  for (let bit = 0; bit < 8 * finished.length; bit += 1) {
    const wrong = new Uint8Array(finished);
    wrong[bit >> 3]! ^= 1 << (bit & 7);
    expect(matches(wrong)).toBe(false);
  }
  expect(matches(finished.subarray(1))).toBe(false);
  expect(matches(new Uint8Array(0))).toBe(false);
});

test('what would have been right is overwritten', () => {
  const made: Uint8Array[] = [];
  const crypto = {
    ...nodeCrypto,
    hmac: (...parts: Parameters<typeof nodeCrypto.hmac>): Uint8Array => {
      const output = nodeCrypto.hmac(...parts);
      made.push(output);
      return output;
    },
  };
  const zeros = new Uint8Array(32);
  expect(verifyDataMatches(crypto, 'sha256', zeros, zeros, zeros)).toBe(false);
  expect(made).toEqual([zeros, zeros]);
});
