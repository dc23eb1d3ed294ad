import { describe, expect, test } from 'vitest';
import {
  parseMaxFragmentLength,
  parseRecordSizeLimit,
  writeMaxFragmentLength,
  writeRecordSizeLimit,
} from '../../src/extensions/record-sizes.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { number } from '../support/wire.ts';

describe('max_fragment_length (RFC 6066 section 4)', () => {
  test.each([512, 1024, 2048, 4096])('%i', (length) => {
    expect(roundTrip(writeMaxFragmentLength, parseMaxFragmentLength, length)).toBe(length);
  });

  test('any other is illegal_parameter', () => {
    for (let code = 0; code < 256; code += 1) {
      const expected = code >= 1 && code <= 4 ? null : 'illegal_parameter';
      expect(alertOf(() => readBody(parseMaxFragmentLength, number(1, code)))).toBe(expected);
    }
    expect(() => writeBody(writeMaxFragmentLength, 16_384)).toThrow(RangeError);
  });
});

describe('record_size_limit (RFC 8449 section 4)', () => {
  test.each([64, 16_384, 16_385, 65_535])('%i', (limit) => {
    expect(roundTrip(writeRecordSizeLimit, parseRecordSizeLimit, limit)).toBe(limit);
  });

  test.each([0, 1, 63])('%i is below the least', (limit) => {
    const act = () => readBody(parseRecordSizeLimit, number(2, limit));
    expect(faultOf(act)).toBe('TLS_INVALID_RECORD_SIZE_LIMIT');
    expect(alertOf(act)).toBe('illegal_parameter');
    expect(() => writeBody(writeRecordSizeLimit, limit)).toThrow(RangeError);
  });

  test('65536 does not fit', () => {
    expect(() => writeBody(writeRecordSizeLimit, 65_536)).toThrow(RangeError);
  });
});
