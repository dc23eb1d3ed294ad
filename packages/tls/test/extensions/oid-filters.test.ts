import { expect, test } from 'vitest';
import { parseOidFilters, writeOidFilters } from '../../src/extensions/oid-filters.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { bytes, filled } from '../support/wire.ts';

test('filters come back (RFC 9846 section 4.3.5)', () => {
  const one = { oid: filled(1), values: bytes('') };
  const filters = [
    one,
    { oid: filled(255), values: filled(600) },
    { oid: filled(2), values: filled(1) },
  ];
  expect(roundTrip(writeOidFilters, parseOidFilters, filters)).toEqual(filters);
  expect(roundTrip(writeOidFilters, parseOidFilters, [])).toEqual([]);
});

test('one OID twice is illegal_parameter, the beginning of another is not', () => {
  expect(alertOf(() => readBody(parseOidFilters, bytes('0008 01 61 0000 01 61 0000')))).toBe(
    'illegal_parameter',
  );
  expect(readBody(parseOidFilters, bytes('0009 01 61 0000 02 6161 0000'))).toHaveLength(2);
});

test.each(['', '0001', '0003 00 0000', '0003 01 6100', '0004 01 61 0001'])(
  '%s does not decode',
  (body) => {
    expect(faultOf(() => readBody(parseOidFilters, bytes(body)))).toBe('TLS_DECODE_ERROR');
  },
);

test('an OID has 1 to 255 bytes', () => {
  for (const oid of [bytes(''), filled(256)]) {
    expect(() => writeBody(writeOidFilters, [{ oid, values: bytes('') }])).toThrow(RangeError);
  }
});
