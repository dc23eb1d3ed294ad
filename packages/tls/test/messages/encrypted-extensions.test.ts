import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import type { EncryptedExtensions } from '../../src/extensions/extension-values.ts';
import {
  parseEncryptedExtensions,
  serializeEncryptedExtensions,
} from '../../src/messages/encrypted-extensions.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { block, bytes, extension, hex, message } from '../support/wire.ts';

const ALL: readonly number[] = Object.values(TYPE);
const parse =
  (...extensions: Parameters<typeof block>[0][number][]) =>
  () =>
    parseEncryptedExtensions(message('encrypted_extensions', block(extensions)), ALL);

test('all there can be come back', () => {
  const values: EncryptedExtensions = {
    serverName: true,
    supportedGroups: [0x1d, 0x17],
    heartbeat: 'peer_not_allowed_to_send',
    protocol: 'h2',
    recordSizeLimit: 0x4001,
    earlyData: true,
  };
  expect(parseEncryptedExtensions(serializeEncryptedExtensions(values), ALL)).toEqual(values);
  const fragments: EncryptedExtensions = { maxFragmentLength: 512 };
  expect(parseEncryptedExtensions(serializeEncryptedExtensions(fragments), ALL)).toEqual(fragments);
});

test('none is the least', () => {
  expect(hex(serializeEncryptedExtensions({}))).toBe('080000020000');
  expect(parseEncryptedExtensions(bytes('08000002 0000'), [])).toEqual({});
});

test.each(['08000000', '08000001 00', '08000003 0000 00', '08000004 0003 0000'])(
  '%s does not decode',
  (whole) => {
    expect(faultOf(() => parseEncryptedExtensions(bytes(whole), ALL))).toBe('TLS_DECODE_ERROR');
  },
);

test('two of one type are refused', () => {
  expect(faultOf(parse(extension(TYPE.early_data), extension(TYPE.early_data)))).toBe(
    'TLS_DUPLICATE_EXTENSION',
  );
});

test('one that nobody knows is refused unless it was offered', () => {
  const whole = message('encrypted_extensions', block([extension(0x7777, 'ff')]));
  expect(alertOf(() => parseEncryptedExtensions(whole, ALL))).toBe('unsupported_extension');
  expect(parseEncryptedExtensions(whole, [0x7777])).toEqual({});
});

describe('sizes of records (RFC 8449)', () => {
  test('a limit beyond what TLS 1.3 has is illegal_parameter', () => {
    expect(faultOf(parse(extension(TYPE.record_size_limit, '4001')))).toBe('nothing');
    expect(alertOf(parse(extension(TYPE.record_size_limit, '4002')))).toBe('illegal_parameter');
    expect(faultOf(parse(extension(TYPE.record_size_limit, 'ffff')))).toBe(
      'TLS_INVALID_RECORD_SIZE_LIMIT',
    );
  });

  test('both extensions in one answer are illegal_parameter', () => {
    const both = [
      extension(TYPE.record_size_limit, '0040'),
      extension(TYPE.max_fragment_length, '01'),
    ];
    expect(faultOf(parse(...both))).toBe('TLS_INVALID_MAX_FRAGMENT_LENGTH');
    expect(alertOf(parse(...both.reverse()))).toBe('illegal_parameter');
  });
});
