import { describe, expect, test } from 'vitest';
import {
  parseClientShares,
  parseKeyShareEntry,
  writeClientShares,
  writeKeyShareEntry,
} from '../../src/extensions/key-share.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, filled } from '../support/wire.ts';

describe('an entry (RFC 9846 section 4.3.8)', () => {
  test.each([1, 32, 1216, 65_535])('of %i bytes', (byteCount) => {
    const entry = { group: 0xffff, keyExchange: filled(byteCount) };
    expect(roundTrip(writeKeyShareEntry, parseKeyShareEntry, entry)).toEqual(entry);
  });

  test('is not empty', () => {
    expect(faultOf(() => readBody(parseKeyShareEntry, bytes('001d 0000')))).toBe(
      'TLS_DECODE_ERROR',
    );
    expect(() => writeBody(writeKeyShareEntry, { group: 0x1d, keyExchange: bytes('') })).toThrow(
      RangeError,
    );
  });
});

describe("a client's shares", () => {
  test('may be none', () => {
    expect(roundTrip(writeClientShares, parseClientShares, [])).toEqual([]);
  });

  test('fill the list', () => {
    const shares = [
      { group: 0x0a0a, keyExchange: filled(1) },
      { group: 0x1d, keyExchange: filled(65_535 - 9) },
    ];
    expect(roundTrip(writeClientShares, parseClientShares, shares)).toEqual(shares);
    expect(() => writeBody(writeClientShares, [...shares, ...shares])).toThrow(RangeError);
  });

  test.each(['', '0001 00', '0004 001d 0000', '0005 001d 0002 01', '0006 001d 0001 01 00'])(
    '%s does not decode',
    (body) => {
      expect(faultOf(() => readBody(parseClientShares, bytes(body)))).toBe('TLS_DECODE_ERROR');
    },
  );
});
