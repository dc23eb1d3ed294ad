import { expect, test } from 'vitest';
import {
  parseCertificateVerify,
  serializeCertificateVerify,
} from '../../src/messages/certificate-verify.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, filled } from '../support/wire.ts';

test.each([0, 1, 64, 65_535])('a signature of %i bytes', (byteCount) => {
  const verify = { scheme: 0x0804, signature: filled(byteCount) };
  expect(parseCertificateVerify(serializeCertificateVerify(verify))).toEqual(verify);
});

test.each([
  '0f000000',
  '0f000002 0403',
  '0f000003 0403 00',
  '0f000005 0403 0002 61',
  '0f000006 0403 0001 61 00',
])('%s does not decode', (whole) => {
  expect(faultOf(() => parseCertificateVerify(bytes(whole)))).toBe('TLS_DECODE_ERROR');
});

test('one of 2^16 bytes is not written', () => {
  const verify = { scheme: 0x0804, signature: filled(65_536) };
  expect(() => serializeCertificateVerify(verify)).toThrow(RangeError);
});
