import { expect, test } from 'vitest';
import { parseCookie, writeCookie } from '../../src/extensions/cookie.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, filled } from '../support/wire.ts';

test.each([1, 2, 65_535])('a cookie of %i bytes (RFC 9846 section 4.3.2)', (byteCount) => {
  expect(roundTrip(writeCookie, parseCookie, filled(byteCount))).toEqual(filled(byteCount));
});

test('is neither empty nor longer', () => {
  expect(faultOf(() => readBody(parseCookie, bytes('0000')))).toBe('TLS_DECODE_ERROR');
  expect(() => writeBody(writeCookie, bytes(''))).toThrow(RangeError);
  expect(() => writeBody(writeCookie, filled(65_536))).toThrow(RangeError);
});
