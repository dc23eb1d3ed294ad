import { expect, test } from 'vitest';
import {
  parseEndOfEarlyData,
  parseFinished,
  serializeEndOfEarlyData,
  serializeFinished,
} from '../../src/messages/finished.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, filled, hex, message } from '../support/wire.ts';

test.each([32, 48])('verify_data has %i bytes, as many as the hash', (hashBytes) => {
  expect(parseFinished(serializeFinished(filled(hashBytes)), hashBytes)).toEqual(filled(hashBytes));
  for (const byteCount of [0, 1, hashBytes - 1, hashBytes + 1]) {
    const whole = message('finished', filled(byteCount));
    expect(faultOf(() => parseFinished(whole, hashBytes))).toBe('TLS_DECODE_ERROR');
  }
});

test('EndOfEarlyData is empty', () => {
  expect(hex(serializeEndOfEarlyData())).toBe('05000000');
  expect(faultOf(() => parseEndOfEarlyData(bytes('05000000')))).toBe('nothing');
  expect(faultOf(() => parseEndOfEarlyData(bytes('05000001 00')))).toBe('TLS_DECODE_ERROR');
});
