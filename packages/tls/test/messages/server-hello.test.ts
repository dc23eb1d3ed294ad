import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import {
  parseHelloRetryRequestExtensions,
  parseServerHello,
  parseServerHelloExtensions,
  serializeHelloRetryRequest,
  serializeServerHello,
} from '../../src/messages/server-hello.ts';
import { rawHelloRetryRequest, rawServerHello } from '../support/carriers.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import { block, bytes, extension, filled, hex, list, message } from '../support/wire.ts';

const VERSION = extension(TYPE.supported_versions, '0304');
const OFFERED = [TYPE.supported_versions, TYPE.key_share, TYPE.pre_shared_key];

/** A hello with other bytes for the version, the compression method and what is behind. */
function odd(
  version: string,
  compression: string,
  tail: Uint8Array = block([VERSION]),
): Uint8Array {
  return message(
    'server_hello',
    bytes(version),
    filled(32, 3),
    list(1),
    bytes('1301'),
    bytes(compression),
    tail,
  );
}

describe('the frame (RFC 9846 section 4.2.3)', () => {
  test('is read as it stands', () => {
    const whole = rawServerHello([VERSION]);
    expect(parseServerHello(whole)).toEqual({
      message: whole,
      legacyVersion: 0x0303,
      random: filled(32, 3),
      isRetryRequest: false,
      legacySessionIdEcho: filled(32, 2),
      cipherSuite: 0x1301,
      legacyCompressionMethod: 0,
      extensions: [VERSION],
      selectedVersion: 0x0304,
    });
    expect(parseServerHello(rawHelloRetryRequest([VERSION])).isRetryRequest).toBe(true);
  });

  test('of TLS 1.2 has no version, whatever else it carries', () => {
    expect(parseServerHello(rawServerHello(null)).selectedVersion).toBeNull();
    expect(parseServerHello(rawServerHello([])).selectedVersion).toBeNull();
    const extensions = [extension(TYPE.renegotiation_info, '00'), extension(TYPE.key_share, 'ff')];
    expect(parseServerHello(rawServerHello(extensions)).selectedVersion).toBeNull();
  });

  test.each(['', '03', '0304 00', '02 0304'])('a selected_version of %s', (body) => {
    const whole = rawServerHello([extension(TYPE.supported_versions, body)]);
    expect(faultOf(() => parseServerHello(whole))).toBe('TLS_DECODE_ERROR');
  });

  test('is refused when cut at any byte that is not a hello of TLS 1.2', () => {
    const whole = rawServerHello([VERSION]);
    for (let length = 4; length < whole.length; length += 1) {
      const expected = length === whole.length - 8 ? 'nothing' : 'TLS_DECODE_ERROR';
      expect(faultOf(() => parseServerHello(whole.slice(0, length)))).toBe(expected);
    }
  });

  test('is refused with bytes behind it, a long session id and two of one extension', () => {
    const trailing = new Uint8Array([...block([VERSION]), 0]);
    expect(faultOf(() => parseServerHello(odd('0303', '00', trailing)))).toBe('TLS_DECODE_ERROR');
    const longId = message(
      'server_hello',
      bytes('0303'),
      filled(32),
      list(1, filled(33)),
      bytes('130100'),
    );
    expect(faultOf(() => parseServerHello(longId))).toBe('TLS_DECODE_ERROR');
    expect(faultOf(() => parseServerHello(rawServerHello([VERSION, VERSION])))).toBe(
      'TLS_DUPLICATE_EXTENSION',
    );
  });
});

describe.each([
  ['ServerHello', parseServerHelloExtensions],
  ['HelloRetryRequest', parseHelloRetryRequestExtensions],
] as const)('%s of TLS 1.3', (_what, parse) => {
  test.each(['0301', '0302', '0304', '0300'])('legacy_version %s', (version) => {
    const act = () => parse(parseServerHello(odd(version, '00')), OFFERED);
    expect(faultOf(act)).toBe('TLS_INVALID_LEGACY_VERSION');
    expect(alertOf(act)).toBe('protocol_version');
  });

  test('a compression method', () => {
    const act = () => parse(parseServerHello(odd('0303', '01')), OFFERED);
    expect(faultOf(act)).toBe('TLS_INVALID_COMPRESSION');
    expect(alertOf(act)).toBe('illegal_parameter');
  });

  test('an extension that was not offered', () => {
    const hello = parseServerHello(rawServerHello([VERSION, extension(TYPE.key_share, '0017')]));
    const act = () => parse(hello, [TYPE.supported_versions]);
    expect(faultOf(act)).toBe('TLS_UNSOLICITED_EXTENSION');
    expect(alertOf(act)).toBe('unsupported_extension');
  });

  test('an extension that was offered and is not known here', () => {
    const hello = parseServerHello(rawServerHello([VERSION, extension(0x7777, 'ff')]));
    expect(parse(hello, [...OFFERED, 0x7777])).toEqual({ supportedVersion: 0x0304 });
  });
});

describe('serialising', () => {
  const echo = { legacySessionIdEcho: filled(32, 2), cipherSuite: 0x1301 };

  test('a ServerHello', () => {
    const keyShare = { group: 0x1d, keyExchange: filled(32, 8) };
    const whole = serializeServerHello(filled(32, 3), {
      ...echo,
      extensions: { keyShare, preSharedKey: 1 },
    });
    const hello = parseServerHello(whole);
    expect(hello.isRetryRequest).toBe(false);
    expect(parseServerHelloExtensions(hello, OFFERED)).toEqual({
      keyShare,
      preSharedKey: 1,
      supportedVersion: 0x0304,
    });
    const bare = serializeServerHello(filled(32, 3), { ...echo, extensions: {} });
    expect(hex(bare)).toBe(hex(rawServerHello([VERSION])));
  });

  test('a HelloRetryRequest', () => {
    const whole = serializeHelloRetryRequest({
      ...echo,
      extensions: { keyShare: 0x17, cookie: filled(9) },
    });
    const hello = parseServerHello(whole);
    expect(hello.isRetryRequest).toBe(true);
    expect(parseHelloRetryRequestExtensions(hello, OFFERED)).toEqual({
      keyShare: 0x17,
      cookie: filled(9),
      supportedVersion: 0x0304,
    });
    const bare = serializeHelloRetryRequest({ ...echo, extensions: {} });
    expect(hex(bare)).toBe(hex(rawHelloRetryRequest([VERSION])));
  });

  test('refuses a random or session id that does not fit', () => {
    const content = { ...echo, extensions: {} };
    expect(() => serializeServerHello(filled(31), content)).toThrow(RangeError);
    const long = { ...content, legacySessionIdEcho: filled(33) };
    expect(() => serializeServerHello(filled(32), long)).toThrow(RangeError);
  });
});
