import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nodeAeadKey } from '../../src/node/aead.ts';
import { nodeCrypto } from '../../src/node/index.ts';
import { AEADS, bytesOf } from '../record/support/directions.ts';

const NONCE = bytesOf('nonce', 12);
const DATA = bytesOf('additional data', 13);

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

describe.each(AEADS)('%s of node:crypto', (name) => {
  const key = bytesOf('key', name === 'aes-128-gcm' ? 16 : 32);

  test.each([0, 1, 16, 1000, 16_385])('seals and opens %i bytes', (byteCount) => {
    const aead = nodeAeadKey(name, key);
    const plaintext = bytesOf('plaintext', byteCount);
    const sealed = join(aead.seal(NONCE, DATA, plaintext));
    expect(sealed.length).toBe(byteCount + 16);
    const opened = aead.open(NONCE, DATA, sealed.slice());
    expect(new Uint8Array(opened!)).toEqual(plaintext);
  });

  test('agrees with a cipher that is told everything step by step', () => {
    const cipher = createCipheriv(name as 'aes-128-gcm', key, NONCE, { authTagLength: 16 });
    cipher.setAAD(DATA, { plaintextLength: 3 });
    const parts = [
      cipher.update(Uint8Array.of(1)),
      cipher.update(Uint8Array.of(2, 3)),
      cipher.final(),
    ];
    const expected = join([...parts, cipher.getAuthTag()]);
    expect(join(nodeAeadKey(name, key).seal(NONCE, DATA, Uint8Array.of(1, 2, 3)))).toEqual(
      expected,
    );
  });

  test('shows nothing that does not verify', () => {
    const aead = nodeAeadKey(name, key);
    const sealed = join(aead.seal(NONCE, DATA, Uint8Array.of(1, 2, 3)));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const damaged = sealed.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(aead.open(NONCE, DATA, damaged)).toBeNull();
    }
    expect(aead.open(NONCE, DATA.slice(1), sealed.slice())).toBeNull();
    expect(
      aead.open(
        NONCE.map((byte) => byte ^ 1),
        DATA,
        sealed.slice(),
      ),
    ).toBeNull();
  });

  test('copies its key, and overwrites the copy', () => {
    const given = key.slice();
    const aead = nodeAeadKey(name, given);
    const sealed = join(aead.seal(NONCE, DATA, Uint8Array.of(1)));
    given.fill(0);
    expect(join(aead.seal(NONCE, DATA, Uint8Array.of(1)))).toEqual(sealed);
    aead.destroy();
    const zero = nodeAeadKey(name, new Uint8Array(key.length));
    expect(join(aead.seal(NONCE, DATA, Uint8Array.of(1)))).toEqual(
      join(zero.seal(NONCE, DATA, Uint8Array.of(1))),
    );
  });

  test('has a key of one length', () => {
    expect(() => nodeAeadKey(name, key.slice(1))).toThrow(RangeError);
  });
});

test('what can be used is what the runtime has', () => {
  const [first] = nodeCrypto.aeads;
  expect(first).toBe('aes-128-gcm');
  for (const name of nodeCrypto.aeads) {
    const key = nodeCrypto.aeadKey(name, new Uint8Array(name === 'aes-128-gcm' ? 16 : 32));
    const sealed = join(key.seal(NONCE, DATA, DATA));
    expect(new Uint8Array(key.open(NONCE, DATA, sealed)!)).toEqual(DATA);
  }
});
