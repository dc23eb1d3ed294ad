import { describe, expect, test } from 'vitest';
import {
  isHostName,
  parseServerNameList,
  writeServerNameList,
} from '../../src/extensions/server-name.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { bytes, filled, hex, join, list, number } from '../support/wire.ts';

/** A list with names of types. */
function names(...entries: readonly (readonly [type: number, name: Uint8Array])[]): Uint8Array {
  return list(2, ...entries.map(([type, name]) => join(number(1, type), list(2, name))));
}

const text = (name: string): Uint8Array => new Uint8Array(Buffer.from(name, 'latin1'));
const read = (name: string): string | null => readBody(parseServerNameList, names([0, text(name)]));

describe('host names (RFC 6066 section 3)', () => {
  const longest = `${`${'a'.repeat(63)}.`.repeat(3)}${'b'.repeat(61)}`;

  test.each([
    'a',
    'localhost',
    'example.com',
    'xn--bcher-kva.example',
    '_dmarc.example.com',
    '4.example',
    '1.2.3.4.in-addr.arpa',
    `${'a'.repeat(63)}.org`,
    longest,
  ])('%s', (name) => {
    expect(isHostName(name)).toBe(true);
    expect(read(name)).toBe(name);
    expect(roundTrip(writeServerNameList, parseServerNameList, name)).toBe(name);
  });

  test('come in lower case, as they compare without', () => {
    expect(read('Example.COM')).toBe('example.com');
  });

  test.each([
    ['a trailing dot', 'example.com.'],
    ['an empty label', 'a..b'],
    ['a leading dot', '.a'],
    ['a label of 64', `${'a'.repeat(64)}.org`],
    ['254 characters', `${longest}b`],
    ['NUL', 'example.com\0.evil'],
    ['a space', 'a b'],
    ['a slash', 'a/b'],
    ['a letter beyond ASCII', 'b\xfccher.example'],
    ['a wildcard', '*.example.com'],
    ['an IPv6 address', '::1'],
    ['an IPv6 address in brackets', '[::1]'],
  ])('%s is no host name', (_what, name) => {
    expect(isHostName(name)).toBe(false);
    expect(alertOf(() => read(name))).toBe('illegal_parameter');
  });

  test.each(['127.0.0.1', '10.1', '123'])('%s is taken as no name at all', (address) => {
    expect(isHostName(address)).toBe(false);
    expect(read(address)).toBeNull();
  });
});

describe('the list', () => {
  test('of another type of name has no host name', () => {
    expect(readBody(parseServerNameList, names([7, filled(3, 0xff)]))).toBeNull();
    expect(readBody(parseServerNameList, names([7, filled(3)], [0, text('a')]))).toBe('a');
    expect(readBody(parseServerNameList, names([0, text('a')], [7, filled(3)]))).toBe('a');
  });

  test.each([
    ['two host names', names([0, text('a')], [0, text('a')])],
    ['two of another type', names([7, text('a')], [0, text('a')], [7, text('b')])],
  ])('of %s is refused', (_what, body) => {
    expect(faultOf(() => readBody(parseServerNameList, body))).toBe('TLS_INVALID_SERVER_NAME');
  });

  test.each([
    ['no names', bytes('0000')],
    ['an empty name', names([0, bytes('')])],
    ['a name that is longer than the list', bytes('0004 00 0002 61')],
    ['half a name', bytes('0001 00')],
  ])('of %s does not decode', (_what, body) => {
    expect(faultOf(() => readBody(parseServerNameList, body))).toBe('TLS_DECODE_ERROR');
  });

  test('is written for a name only', () => {
    expect(hex(writeBody(writeServerNameList, 'a.b'))).toBe('000600000361 2e62'.replace(' ', ''));
    expect(() => writeBody(writeServerNameList, null)).toThrow(RangeError);
    expect(() => writeBody(writeServerNameList, '')).toThrow(RangeError);
    expect(() => writeBody(writeServerNameList, '\u0101')).toThrow(RangeError);
  });
});
