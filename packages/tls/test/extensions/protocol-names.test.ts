import { describe, expect, test } from 'vitest';
import {
  parseProtocolName,
  parseProtocolNames,
  writeProtocolName,
  writeProtocolNames,
} from '../../src/extensions/protocol-names.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, filled, hex, list } from '../support/wire.ts';

describe("a client's names (RFC 7301 section 3.1)", () => {
  test('keep their order and every byte', () => {
    const names = ['h2', 'http/1.1', '\xff\x00', 'a', 'x'.repeat(255)];
    expect(roundTrip(writeProtocolNames, parseProtocolNames, names)).toEqual(names);
  });

  test('fill the list', () => {
    const body = list(
      2,
      ...Array.from({ length: 255 }, () => list(1, filled(255))),
      list(1, filled(254)),
    );
    expect(body).toHaveLength(65_537);
    expect(readBody(parseProtocolNames, body)).toHaveLength(256);
  });

  test.each([
    ['no list', ''],
    ['an empty list', '0000'],
    ['a list of one byte', '0001 00'],
    ['an empty name', '0002 00 00'],
    ['an empty name behind another', '0004 02 6832 00'],
    ['a name beyond the list', '0003 03 6832'],
  ])('%s', (_what, body) => {
    expect(faultOf(() => readBody(parseProtocolNames, bytes(body)))).toBe('TLS_DECODE_ERROR');
    expect(faultOf(() => readBody(parseProtocolName, bytes(body)))).toBe('TLS_DECODE_ERROR');
  });

  test('that do not fit are refused', () => {
    expect(() => writeBody(writeProtocolNames, [])).toThrow(RangeError);
    expect(() => writeBody(writeProtocolNames, [''])).toThrow(RangeError);
    expect(() => writeBody(writeProtocolNames, ['x'.repeat(256)])).toThrow(RangeError);
    expect(() => writeBody(writeProtocolNames, ['\u0394'])).toThrow(RangeError);
  });
});

describe("a server's one name", () => {
  test('is exactly one', () => {
    expect(hex(writeBody(writeProtocolName, 'h2'))).toBe('0003026832');
    expect(readBody(parseProtocolName, bytes('0003 02 6832'))).toBe('h2');
    expect(faultOf(() => readBody(parseProtocolName, bytes('0006 02 6832 02 6833')))).toBe(
      'TLS_DECODE_ERROR',
    );
  });
});
