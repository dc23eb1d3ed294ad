import { describe, expect, test } from 'vitest';
import type { ByteReader } from '../../src/bytes/byte-reader.ts';
import type { ByteWriter } from '../../src/bytes/byte-writer.ts';
import {
  parsePskKeyExchangeModes,
  parseSignatureSchemes,
  parseSupportedGroups,
  parseSupportedVersions,
  writePskKeyExchangeModes,
  writeSignatureSchemes,
  writeSupportedGroups,
  writeSupportedVersions,
} from '../../src/extensions/code-lists.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes } from '../support/wire.ts';

interface Kind {
  readonly name: string;
  readonly parse: (reader: ByteReader) => number[];
  readonly write: (writer: ByteWriter, values: readonly number[]) => void;
  /** Bytes of one number, and the most numbers that fit. */
  readonly width: number;
  readonly most: number;
  /** Bodies with lengths just beyond the bounds, or not whole. */
  readonly bad: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    name: 'supported_groups<2..2^16-1>',
    parse: parseSupportedGroups,
    write: writeSupportedGroups,
    width: 2,
    most: 32_767,
    bad: ['', '00', '0000', '0001 00', '0003 001d00', `ffff ${'00'.repeat(65_535)}`],
  },
  {
    name: 'supported_signature_algorithms<2..2^16-2>',
    parse: parseSignatureSchemes,
    write: writeSignatureSchemes,
    width: 2,
    most: 32_767,
    bad: ['', '00', '0000', '0001 00', '0003 040300', `ffff ${'00'.repeat(65_535)}`],
  },
  {
    name: 'versions<2..254>',
    parse: parseSupportedVersions,
    write: writeSupportedVersions,
    width: 2,
    most: 127,
    bad: ['', '00', '01 03', '03 030400', `ff ${'00'.repeat(255)}`],
  },
  {
    name: 'ke_modes<1..255>',
    parse: parsePskKeyExchangeModes,
    write: writePskKeyExchangeModes,
    width: 1,
    most: 255,
    bad: ['', '00', '02 01'],
  },
];

describe.each(KINDS)('$name', ({ parse, write, width, most, bad }) => {
  const all = (count: number): number[] =>
    Array.from({ length: count }, (_, at) => (width === 1 ? at & 0xff : at));

  test('as many as it holds', () => {
    for (const count of [1, 2, most])
      expect(roundTrip(write, parse, all(count))).toEqual(all(count));
  });

  test('neither none nor one more', () => {
    expect(() => writeBody(write, [])).toThrow(RangeError);
    expect(() => writeBody(write, all(most + 1))).toThrow(RangeError);
  });

  test('lengths that do not fit', () => {
    for (const body of bad) {
      expect(faultOf(() => readBody(parse, bytes(body)))).toBe('TLS_DECODE_ERROR');
    }
  });
});

test('a group that comes twice is refused (RFC 9846 section 4.3.7), a scheme is not', () => {
  const body = bytes('0006 001d 0017 001d');
  expect(faultOf(() => readBody(parseSupportedGroups, body))).toBe('TLS_DUPLICATE_GROUP');
  expect(readBody(parseSignatureSchemes, body)).toEqual([0x1d, 0x17, 0x1d]);
});
