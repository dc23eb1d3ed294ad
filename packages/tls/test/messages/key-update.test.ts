import { expect, test } from 'vitest';
import { parseKeyUpdate, serializeKeyUpdate } from '../../src/messages/key-update.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { bytes, hex, message, number } from '../support/wire.ts';

test.each([
  [0, 'update_not_requested'],
  [1, 'update_requested'],
] as const)('%i is %s', (code, request) => {
  expect(hex(serializeKeyUpdate(request))).toBe(`180000010${code}`);
  expect(parseKeyUpdate(serializeKeyUpdate(request))).toBe(request);
});

test('any other value is illegal_parameter (RFC 9846 section 4.7.3)', () => {
  for (let code = 2; code < 256; code += 1) {
    expect(alertOf(() => parseKeyUpdate(message('key_update', number(1, code))))).toBe(
      'illegal_parameter',
    );
  }
});

test.each(['18000000', '18000002 0000', '18000002 0200'])('%s does not decode', (whole) => {
  expect(faultOf(() => parseKeyUpdate(bytes(whole)))).toBe('TLS_DECODE_ERROR');
});
