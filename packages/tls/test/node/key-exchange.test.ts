import { createECDH, createPrivateKey, ECDH } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NamedGroup } from '../../src/named-group.ts';
import { curveShareBytes } from '../../src/node/curve-key-exchange.ts';
import { nodeCrypto } from '../../src/node/index.ts';
import { Trace, toHex } from '../rfc8448/trace.ts';

const GROUPS = nodeCrypto.groups;
const SHARE_BYTES: Readonly<Record<NamedGroup, readonly [number, number, number]>> = {
  x25519: [32, 32, 32],
  secp256r1: [65, 65, 32],
  secp384r1: [97, 97, 48],
  secp521r1: [133, 133, 66],
  X25519MLKEM768: [1216, 1120, 64],
};

describe.each(GROUPS)('%s', (group) => {
  const [clientBytes, serverBytes, secretBytes] = SHARE_BYTES[group];

  test('both sides have the same secret, of full length, and another each time', () => {
    const secrets = new Set<string>();
    for (let run = 0; run < 3; run += 1) {
      const client = nodeCrypto.startKeyExchange(group);
      const answer = nodeCrypto.answerKeyExchange(group, client.share)!;
      expect(client.share).toHaveLength(clientBytes);
      expect(answer.share).toHaveLength(serverBytes);
      expect(answer.secret).toHaveLength(secretBytes);
      expect(client.finish(answer.share)).toEqual(answer.secret);
      for (const bytes of [client.share, answer.share, answer.secret]) {
        expect(bytes.constructor).toBe(Uint8Array);
      }
      secrets.add(toHex(answer.secret));
    }
    expect(secrets.size).toBe(3);
  });

  test('a share of another length is not valid', () => {
    const client = nodeCrypto.startKeyExchange(group);
    const answer = nodeCrypto.answerKeyExchange(group, client.share)!;
    for (const wrong of wrongLengths(client.share)) {
      expect(nodeCrypto.answerKeyExchange(group, wrong)).toBeNull();
    }
    for (const wrong of wrongLengths(answer.share)) expect(client.finish(wrong)).toBeNull();
  });

  test('after it is destroyed, it finishes nothing', () => {
    const client = nodeCrypto.startKeyExchange(group);
    const answer = nodeCrypto.answerKeyExchange(group, client.share)!;
    client.destroy();
    expect(client.finish(answer.share)).toBeNull();
  });
});

function wrongLengths(share: Uint8Array): readonly Uint8Array[] {
  return [new Uint8Array(0), share.subarray(1), share.subarray(0, -1), Uint8Array.of(...share, 0)];
}

describe('x25519 alone', () => {
  /** Points of small order (RFC 7748 section 6.1), with which the secret would be zero. */
  const LOW_ORDER = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ];

  test.each(LOW_ORDER)('a share that makes the secret zero is not valid: %s', (hex) => {
    const share = Uint8Array.from(Buffer.from(hex, 'hex'));
    expect(nodeCrypto.answerKeyExchange('x25519', share)).toBeNull();
    expect(nodeCrypto.startKeyExchange('x25519').finish(share)).toBeNull();
    // With the highest bit set it is the same point (RFC 7748 section 5).
    share[31]! |= 0x80;
    expect(nodeCrypto.answerKeyExchange('x25519', share)).toBeNull();
  });

  test('the shares of RFC 8448 make its secret', () => {
    const trace = new Trace('simple-1-rtt');
    const step = 'create an ephemeral x25519';
    const d = Buffer.from(trace.value(step, 'private key', 'client')).toString('base64url');
    const x = Buffer.from(trace.value(step, 'public key', 'client')).toString('base64url');
    const jwk = { kty: 'OKP', crv: 'X25519', d, x };
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
    // Into the exchange under test, whose own key is made at random.
    const exchange = nodeCrypto.startKeyExchange('x25519');
    Object.assign(exchange, { privateKey });
    const secret = exchange.finish(trace.value(step, 'public key', 'server'))!;
    expect(toHex(secret)).toBe(toHex(trace.value('extract secret "handshake"', 'IKM')));
  });
});

const CURVES = [
  ['secp256r1', 'prime256v1', 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n],
  ['secp384r1', 'secp384r1', 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n],
  ['secp521r1', 'secp521r1', 2n ** 521n - 1n],
] as const;

const hasHybrid = GROUPS.includes('X25519MLKEM768');

describe('X25519MLKEM768: parts that are not valid', () => {
  test('a coefficient that is not below 3329 in the encapsulation key', (context) => {
    if (!hasHybrid) context.skip('needs ML-KEM in node:crypto (Node 24.7)');
    const { share } = nodeCrypto.startKeyExchange('X25519MLKEM768');
    const wrong = new Uint8Array(share);
    wrong.fill(0xff, 0, 3);
    expect(nodeCrypto.answerKeyExchange('X25519MLKEM768', wrong)).toBeNull();
  });

  test('an x25519 part of small order, from either side', (context) => {
    if (!hasHybrid) context.skip('needs ML-KEM in node:crypto (Node 24.7)');
    const client = nodeCrypto.startKeyExchange('X25519MLKEM768');
    const answer = nodeCrypto.answerKeyExchange('X25519MLKEM768', client.share)!;
    const [clientShare, serverShare] = [new Uint8Array(client.share), answer.share];
    clientShare.fill(0, 1184);
    expect(nodeCrypto.answerKeyExchange('X25519MLKEM768', clientShare)).toBeNull();
    expect(client.finish(new Uint8Array(serverShare).fill(0, 1088))).toBeNull();
  });

  test('a ciphertext that was changed makes another secret', (context) => {
    if (!hasHybrid) context.skip('needs ML-KEM in node:crypto (Node 24.7)');
    const client = nodeCrypto.startKeyExchange('X25519MLKEM768');
    const answer = nodeCrypto.answerKeyExchange('X25519MLKEM768', client.share)!;
    answer.share[0]! ^= 1;
    const secret = client.finish(answer.share)!;
    expect(secret.subarray(0, 32)).not.toEqual(answer.secret.subarray(0, 32));
    expect(secret.subarray(32)).toEqual(answer.secret.subarray(32));
  });
});

describe.each(CURVES)('%s: points that are not valid', (group, curve, prime) => {
  const point = createECDH(curve).generateKeys();
  const coordinateBytes = (point.length - 1) / 2;
  const refuses = (share: Uint8Array) => {
    expect(share).toHaveLength(curveShareBytes(group));
    expect(nodeCrypto.answerKeyExchange(group, share)).toBeNull();
    expect(nodeCrypto.startKeyExchange(group).finish(share)).toBeNull();
  };

  test('another form than the uncompressed one', () => {
    for (const form of [0, 2, 3, 5, 6, 7, 0xff]) {
      refuses(Uint8Array.of(form, ...point.subarray(1)));
    }
    for (const compressed of [Uint8Array.of(0), point.subarray(0, 1 + coordinateBytes)]) {
      expect(nodeCrypto.answerKeyExchange(group, compressed)).toBeNull();
    }
  });

  test('not on the curve, or zero', () => {
    const off = Uint8Array.from(point);
    off[off.length - 1]! ^= 1;
    refuses(off);
    refuses(Uint8Array.of(4, ...new Uint8Array(2 * coordinateBytes)));
  });

  test('coordinates that are not below the prime', () => {
    // To whoever reduces them, x and x + p are the same.
    const small = pointWithSmallX(curve, coordinateBytes);
    expect(nodeCrypto.answerKeyExchange(group, small)).not.toBeNull();
    const x = BigInt(`0x${toHex(small.subarray(1, 1 + coordinateBytes))}`) + prime;
    const digits = x.toString(16).padStart(2 * coordinateBytes, '0');
    const shifted = Uint8Array.from(small);
    shifted.set(Buffer.from(digits, 'hex'), 1);
    refuses(shifted);
    refuses(Uint8Array.of(4, ...new Uint8Array(2 * coordinateBytes).fill(0xff)));
  });
});

/** A point whose x is one of the first numbers. */
function pointWithSmallX(curve: string, coordinateBytes: number): Uint8Array {
  const compressed = Buffer.alloc(1 + coordinateBytes);
  compressed[0] = 2;
  for (let x = 1; x < 50; x += 1) {
    compressed[coordinateBytes] = x;
    try {
      const point = ECDH.convertKey(compressed, curve, undefined, undefined, 'uncompressed');
      return Uint8Array.from(point as Buffer);
    } catch {
      // No point has this x.
    }
  }
  throw new Error('No small number is the x of a point');
}
