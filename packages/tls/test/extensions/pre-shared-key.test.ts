import { describe, expect, test } from 'vitest';
import {
  bindersBytes,
  parseOfferedPsks,
  writeBinders,
  writeOfferedPsks,
} from '../../src/extensions/pre-shared-key.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { bytes, filled, join, list, number } from '../support/wire.ts';

const identity = (byteCount: number): Uint8Array => join(list(2, filled(byteCount)), number(4, 7));
const offered = (identities: readonly Uint8Array[], binders: readonly Uint8Array[]): Uint8Array =>
  join(list(2, ...identities), list(2, ...binders.map((one) => list(1, one))));

describe('OfferedPsks (RFC 9846 section 4.3.11)', () => {
  test('come back', () => {
    const psks = {
      identities: [
        { identity: filled(1), obfuscatedTicketAge: 0 },
        { identity: filled(300), obfuscatedTicketAge: 0xffffffff },
      ],
      binders: [filled(32), filled(255)],
    };
    expect(roundTrip(writeOfferedPsks, parseOfferedPsks, psks)).toEqual(psks);
  });

  test.each([
    [31, 'decode_error'],
    [32, null],
    [48, null],
    [255, null],
  ])('a binder of %i bytes', (byteCount, alert) => {
    const body = offered([identity(1)], [filled(byteCount)]);
    expect(alertOf(() => readBody(parseOfferedPsks, body))).toBe(alert);
  });

  test.each([
    [0, 'decode_error'],
    [1, null],
    [65_529, null],
  ])('an identity of %i bytes', (byteCount, alert) => {
    const body = offered([identity(byteCount)], [filled(32)]);
    expect(alertOf(() => readBody(parseOfferedPsks, body))).toBe(alert);
  });

  test('as many binders as identities', () => {
    for (const [identities, binders] of [
      [2, 1],
      [1, 2],
      [3, 5],
    ] as const) {
      const body = offered(
        Array.from({ length: identities }, () => identity(4)),
        Array.from({ length: binders }, () => filled(32)),
      );
      expect(faultOf(() => readBody(parseOfferedPsks, body))).toBe('TLS_WRONG_BINDER_COUNT');
      expect(alertOf(() => readBody(parseOfferedPsks, body))).toBe('illegal_parameter');
    }
  });

  test.each([
    ['nothing', bytes('')],
    ['no identities', offered([], [filled(32)])],
    ['no binders', offered([identity(1)], [])],
    ['identities without binders', list(2, identity(1))],
    [
      'an age that is cut',
      join(list(2, list(2, filled(2)), number(3, 0)), list(2, list(1, filled(32)))),
    ],
  ])('%s does not decode', (_what, body) => {
    expect(faultOf(() => readBody(parseOfferedPsks, body))).toBe('TLS_DECODE_ERROR');
  });

  test('what does not fit is not written', () => {
    const one = { identity: filled(1), obfuscatedTicketAge: 0 };
    const bad = [
      { identities: [], binders: [filled(32)] },
      { identities: [one], binders: [] },
      { identities: [one], binders: [filled(31)] },
      { identities: [{ ...one, identity: bytes('') }], binders: [filled(32)] },
      { identities: [{ ...one, obfuscatedTicketAge: 2 ** 32 }], binders: [filled(32)] },
    ];
    for (const psks of bad) expect(() => writeBody(writeOfferedPsks, psks)).toThrow(RangeError);
  });
});

test('the binders take as many bytes as is said', () => {
  for (const binders of [[filled(32)], [filled(48), filled(32)], [filled(255)]]) {
    expect(writeBody(writeBinders, binders)).toHaveLength(bindersBytes(binders));
  }
});
