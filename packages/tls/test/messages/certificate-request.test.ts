import { expect, test } from 'vitest';
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import type { CertificateRequestExtensions } from '../../src/extensions/extension-values.ts';
import {
  parseCertificateRequest,
  serializeCertificateRequest,
} from '../../src/messages/certificate-request.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { block, bytes, extension, filled, list, message } from '../support/wire.ts';

const SCHEMES = extension(TYPE.signature_algorithms, '0002 0403');

test.each([0, 1, 255])('all there can be come back, with a context of %i bytes', (byteCount) => {
  const extensions: CertificateRequestExtensions = {
    statusRequest: true,
    signatureAlgorithms: [0x0403, 0x0804],
    signedCertificateTimestamp: true,
    certificateAuthorities: [filled(3), filled(300)],
    oidFilters: [{ oid: filled(3), values: filled(0) }],
    signatureAlgorithmsCert: [0x0401],
  };
  const grease = extension(0x1a1a, '00');
  const whole = serializeCertificateRequest(filled(byteCount), extensions, [grease]);
  const request = parseCertificateRequest(whole);
  expect(request.context).toEqual(filled(byteCount));
  expect(request.extensions).toEqual(extensions);
  expect(request.extensionTypes).toEqual([0x1a1a, 5, 13, 18, 47, 48, 50]);
});

test('an empty list decodes, and lacks signature_algorithms (RFC 9846 section 4.4.2)', () => {
  const act = () => parseCertificateRequest(bytes('0d000003 00 0000'));
  expect(faultOf(act)).toBe('TLS_MISSING_EXTENSION');
  expect(alertOf(act)).toBe('missing_extension');
  const other = message(
    'certificate_request',
    list(1),
    block([extension(TYPE.oid_filters, '0000')]),
  );
  expect(alertOf(() => parseCertificateRequest(other))).toBe('missing_extension');
});

test.each(['0d000000', '0d000001 00', '0d000002 01 00', '0d000002 0000', '0d000004 00 0000 00'])(
  '%s does not decode',
  (whole) => {
    expect(faultOf(() => parseCertificateRequest(bytes(whole)))).toBe('TLS_DECODE_ERROR');
  },
);

test('unknown extensions and server_name (RFC 9261) are ignored, two of one type are not', () => {
  const body = block([extension(0x7777, 'ff'), SCHEMES, extension(TYPE.server_name, 'ff')]);
  const request = parseCertificateRequest(message('certificate_request', list(1), body));
  expect(request.extensions).toEqual({ signatureAlgorithms: [0x0403] });
  const twice = message('certificate_request', list(1), block([SCHEMES, SCHEMES]));
  expect(faultOf(() => parseCertificateRequest(twice))).toBe('TLS_DUPLICATE_EXTENSION');
});

test('a context of 256 bytes is refused', () => {
  const extensions = { signatureAlgorithms: [0x0403] };
  expect(() => serializeCertificateRequest(filled(256), extensions)).toThrow(RangeError);
});
