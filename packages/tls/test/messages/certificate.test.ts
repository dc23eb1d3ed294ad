import { expect, test } from 'vitest';
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import {
  type CertificateMessage,
  parseCertificate,
  serializeCertificate,
} from '../../src/messages/certificate.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { block, bytes, extension, filled, hex, list, message } from '../support/wire.ts';

const REQUESTED = [TYPE.status_request, TYPE.signed_certificate_timestamp];

test.each([
  { context: bytes(''), entries: [] },
  { context: filled(255), entries: [{ data: filled(1), extensions: {} }] },
  {
    context: filled(1),
    entries: [
      {
        data: filled(70_000),
        extensions: {
          ocspResponse: filled(70),
          signedCertificateTimestamps: [filled(2), filled(3)],
        },
      },
      { data: filled(2, 1), extensions: {} },
      { data: filled(3, 2), extensions: { ocspResponse: filled(1) } },
    ],
  },
] satisfies CertificateMessage[])('comes back', (certificate) => {
  expect(parseCertificate(serializeCertificate(certificate), REQUESTED)).toEqual(certificate);
});

test("a client's that has none", () => {
  expect(hex(serializeCertificate({ context: bytes('aa'), entries: [] }))).toBe(
    '0b00000501aa000000',
  );
});

test.each([
  '0b000000',
  '0b000001 00',
  '0b000002 01 00',
  '0b000003 00 0000',
  '0b000005 00 000000 00',
  '0b000005 00 000001 00',
  '0b000009 00 000005 000000 0000',
  '0b000008 00 000004 000001 61',
  '0b000009 00 000005 000001 61 00',
  '0b00000a 00 000006 000002 61 0000',
  '0b00000a 00 000006 000001 61 0001',
])('%s does not decode', (whole) => {
  expect(faultOf(() => parseCertificate(bytes(whole), REQUESTED))).toBe('TLS_DECODE_ERROR');
});

test('an entry has no two extensions of a type, two entries may', () => {
  const sct = extension(TYPE.signed_certificate_timestamp, '0003 0001 61');
  const entry = (...extensions: (typeof sct)[]) => [list(3, filled(2)), block(extensions)];
  const chain = (...parts: Uint8Array[]) => message('certificate', list(1), list(3, ...parts));
  const same = chain(...entry(sct), ...entry(sct));
  expect(faultOf(() => parseCertificate(same, REQUESTED))).toBe('nothing');
  const twice = chain(...entry(), ...entry(sct, sct));
  expect(faultOf(() => parseCertificate(twice, REQUESTED))).toBe('TLS_DUPLICATE_EXTENSION');
});

test('what was not asked for is unsupported_extension in any entry', () => {
  const entry = (type: number) => [list(3, filled(2)), block([extension(type, '01000001 30')])];
  const chain = message('certificate', list(1), list(3, ...entry(TYPE.status_request)));
  expect(faultOf(() => parseCertificate(chain, REQUESTED))).toBe('nothing');
  expect(alertOf(() => parseCertificate(chain, []))).toBe('unsupported_extension');
  const second = message('certificate', list(1), list(3, ...entry(5), ...entry(0x7777)));
  expect(alertOf(() => parseCertificate(second, REQUESTED))).toBe('unsupported_extension');
  // One that was asked for by others than us is theirs to judge.
  const [, other] = parseCertificate(second, [...REQUESTED, 0x7777]).entries;
  expect(other?.extensions).toEqual({});
});

test('an empty certificate is not written', () => {
  const entries = [{ data: bytes(''), extensions: {} }];
  expect(() => serializeCertificate({ context: bytes(''), entries })).toThrow(RangeError);
});
