import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLeaf } from '../../src/certificate/leaf.ts';
import { Trace } from '../rfc8448/trace.ts';
import { certificateOf, der, extensionsOf, keyUsageOf, TEST_KEY, V3 } from './der.ts';

/** The only certificate in a Certificate message without a context and extensions. */
function certificateIn(message: Uint8Array): Uint8Array {
  return message.subarray(4 + 1 + 3 + 3, message.length - 2);
}

const clientTrace = new Trace('client-authentication');
const REAL = {
  'RSA of RFC 8448': new Trace('simple-1-rtt').value(
    'construct a Certificate handshake',
    'Certificate',
  ),
  'ECDSA of RFC 8448': clientTrace.value(
    'construct a Certificate handshake',
    'Certificate',
    'server',
  ),
  'a client of RFC 8448': clientTrace.value(
    'construct a Certificate handshake',
    'Certificate',
    'client',
  ),
};

describe('real certificates', () => {
  for (const [name, message] of Object.entries(REAL)) {
    test(name, () => {
      const certificate = certificateIn(message);
      const leaf = readLeaf(certificate)!;
      const { publicKey } = new X509Certificate(certificate);
      const expected = publicKey.export({ format: 'der', type: 'spki' });
      expect([...leaf.subjectPublicKeyInfo]).toEqual([...expected]);
      expect(leaf).toMatchObject({ version: 3, canSign: true });
      // A view, not a copy.
      expect(leaf.subjectPublicKeyInfo.buffer).toBe(certificate.buffer);
    });
  }

  test('none of their beginnings is a certificate, nor are they with a byte more', () => {
    for (const message of Object.values(REAL)) {
      const certificate = certificateIn(message);
      for (let end = 0; end < certificate.length; end += 1) {
        expect(readLeaf(certificate.subarray(0, end)), `${end} bytes`).toBeNull();
      }
      expect(readLeaf(Uint8Array.of(...certificate, 0))).toBeNull();
    }
  });

  test('with any byte changed they are certificates or not, and nothing is thrown', () => {
    const certificate = certificateIn(REAL['RSA of RFC 8448']);
    const at = fc.nat({ max: certificate.length - 1 });
    fc.assert(
      fc.property(at, fc.integer({ min: 0, max: 255 }), (index, octet) => {
        const changed = new Uint8Array(certificate);
        changed[index] = octet;
        const leaf = readLeaf(changed);
        if (leaf !== null) expect([1, 2, 3]).toContain(leaf.version);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('key usage', () => {
  const bits = (...octets: number[]) => der(0x03, Uint8Array.from(octets));
  const canSign = (...extensions: Uint8Array[]) =>
    readLeaf(certificateOf({ version: V3, tail: [extensionsOf(...extensions)] }))?.canSign ?? null;

  test('that is not there allows everything', () => {
    expect(canSign()).toBe(true);
    expect(readLeaf(certificateOf({ version: V3 }))?.canSign).toBe(true);
    const other = der(0x30, der(0x06, Uint8Array.of(0x55, 0x1d, 0x0e)), der(0x04));
    const longer = der(0x30, der(0x06, Uint8Array.of(0x55, 0x1d, 0x0f, 1)), der(0x04));
    expect(canSign(other, longer)).toBe(true);
  });

  test('says by its first bit whether the key may sign', () => {
    expect(canSign(keyUsageOf(bits(7, 0x80)))).toBe(true);
    expect(canSign(keyUsageOf(bits(5, 0xa0)))).toBe(true);
    expect(canSign(keyUsageOf(bits(7, 0x80, 0x80)))).toBe(true);
    expect(canSign(keyUsageOf(bits(5, 0x20)))).toBe(false);
    expect(canSign(keyUsageOf(bits(0)))).toBe(false);
  });

  test('may be critical, and stand anywhere', () => {
    const critical = der(0x01, Uint8Array.of(0xff));
    const other = der(0x30, der(0x06, Uint8Array.of(0x55, 0x1d, 0x13)), critical, der(0x04));
    expect(canSign(other, keyUsageOf(bits(5, 0x20), critical))).toBe(false);
    expect(canSign(keyUsageOf(bits(7, 0x80), critical), other)).toBe(true);
  });

  test('of a wrong form, or twice, makes no certificate', () => {
    const usage = keyUsageOf(bits(7, 0x80));
    expect(canSign(usage, usage)).toBeNull();
    expect(canSign(keyUsageOf(bits()))).toBeNull();
    expect(canSign(keyUsageOf(bits(1)))).toBeNull();
    expect(canSign(keyUsageOf(bits(8, 0x80)))).toBeNull();
    expect(canSign(keyUsageOf(Uint8Array.of()))).toBeNull();
    expect(canSign(keyUsageOf(Uint8Array.of(...bits(7, 0x80), 0)))).toBeNull();
    expect(canSign(keyUsageOf(der(0x04, Uint8Array.of(7, 0x80))))).toBeNull();
  });
});

describe('the fields', () => {
  const ids = [der(0x81, Uint8Array.of(0, 1)), der(0x82, Uint8Array.of(0, 2))];

  test('version is 1 unless it is said, and 3 at most', () => {
    const version = (octets: number[]) =>
      readLeaf(certificateOf({ version: der(0x02, Uint8Array.from(octets)) }))?.version ?? null;
    expect(readLeaf(certificateOf({}))?.version).toBe(1);
    expect([version([0]), version([1]), version([2])]).toEqual([1, 2, 3]);
    expect([version([3]), version([0x80]), version([0, 2]), version([])]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(readLeaf(certificateOf({ version: Uint8Array.of(...V3, ...V3) }))).toBeNull();
  });

  test('unique identifiers are passed over', () => {
    const leaf = readLeaf(certificateOf({ version: V3, tail: [...ids, extensionsOf()] }))!;
    expect([...leaf.subjectPublicKeyInfo]).toEqual([...TEST_KEY]);
    expect(leaf.canSign).toBe(true);
  });

  test('in another order, twice or unknown are no certificate', () => {
    const wrong = [
      [...ids].reverse(),
      [extensionsOf(), extensionsOf()],
      [der(0x84)],
      [der(0xa3, der(0x30), der(0x30))],
      [extensionsOf(der(0x30, der(0x06), der(0x04), der(0x04)))],
    ];
    for (const tail of wrong) expect(readLeaf(certificateOf({ version: V3, tail }))).toBeNull();
  });
});

test('what is not a list of bytes is the caller’s fault', () => {
  expect(() => readLeaf(null as unknown as Uint8Array)).toThrow(TypeError);
});
