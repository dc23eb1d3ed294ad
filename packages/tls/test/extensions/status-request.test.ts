import { describe, expect, test } from 'vitest';
import {
  parseCertificateStatus,
  parseStatusRequest,
  writeCertificateStatus,
  writeStatusRequest,
} from '../../src/extensions/status-request.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { bytes, filled } from '../support/wire.ts';

describe("a client's request (RFC 6066 section 8)", () => {
  test.each([
    [{ responderIds: [], requestExtensions: bytes('') }],
    [{ responderIds: [filled(1), filled(300)], requestExtensions: filled(9) }],
    [{ responderIds: [filled(65_533)], requestExtensions: filled(65_535) }],
  ])('of OCSP', (request) => {
    expect(roundTrip(writeStatusRequest, parseStatusRequest, request)).toEqual(request);
  });

  test('of something else is left unread', () => {
    expect(readBody(parseStatusRequest, bytes('02 ff'))).toBeNull();
    expect(readBody(parseStatusRequest, bytes('00'))).toBeNull();
    expect(() => writeBody(writeStatusRequest, null)).toThrow(RangeError);
  });

  test.each(['', '01', '01 0000', '01 0002 0000 0000', '01 0001 00 0000', '01 0000 0001'])(
    '%s does not decode',
    (body) => {
      expect(faultOf(() => readBody(parseStatusRequest, bytes(body)))).toBe('TLS_DECODE_ERROR');
    },
  );

  test('with an empty responder is refused', () => {
    const request = { responderIds: [bytes('')], requestExtensions: bytes('') };
    expect(() => writeBody(writeStatusRequest, request)).toThrow(RangeError);
  });
});

describe('the status of a certificate', () => {
  test.each([1, 255, 65_536])('of %i bytes', (byteCount) => {
    const response = filled(byteCount);
    expect(roundTrip(writeCertificateStatus, parseCertificateStatus, response)).toEqual(response);
  });

  test('is not empty', () => {
    expect(faultOf(() => readBody(parseCertificateStatus, bytes('01 000000')))).toBe(
      'TLS_DECODE_ERROR',
    );
    expect(() => writeBody(writeCertificateStatus, bytes(''))).toThrow(RangeError);
  });

  test('is of OCSP', () => {
    for (const type of ['00', '02', 'ff']) {
      expect(alertOf(() => readBody(parseCertificateStatus, bytes(`${type} 000001 30`)))).toBe(
        'illegal_parameter',
      );
    }
  });
});
