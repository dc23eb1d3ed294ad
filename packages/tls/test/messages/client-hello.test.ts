import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import {
  overwriteBinders,
  parseClientHello,
  parseClientHelloExtensions,
  serializeClientHello,
  truncatedBytes,
} from '../../src/messages/client-hello.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import {
  BASE_EXTENSIONS,
  PSK_EXTENSION,
  type RawClientHello,
  rawClientHello,
} from '../support/raw-client-hello.ts';
import { block, bytes, extension, filled, hex, join, list, message } from '../support/wire.ts';

const frameFault = (hello: RawClientHello): string =>
  faultOf(() => parseClientHello(rawClientHello(hello)));

describe('the frame (RFC 9846 section 4.2.2)', () => {
  test('is read as it stands', () => {
    const whole = rawClientHello({ legacyVersion: 0x0301, compression: bytes('0100') });
    const hello = parseClientHello(whole);
    expect(hello.message).toBe(whole);
    expect(hello.legacyVersion).toBe(0x0301);
    expect(hello.random).toEqual(filled(32, 1));
    expect(hello.legacySessionId).toEqual(filled(32, 2));
    expect(hello.cipherSuites).toEqual([0x1301, 0x1302]);
    expect(hello.legacyCompressionMethods).toEqual(bytes('0100'));
    expect(hello.extensions).toEqual(BASE_EXTENSIONS);
    expect(hello.supportedVersions).toEqual([0x0304]);
    expect(hello.truncationBytes).toBe(-1);
  });

  test.each([
    ['legacy_session_id of 33 bytes', { sessionId: filled(33) }],
    ['no cipher suite', { cipherSuites: bytes('') }],
    ['half a cipher suite', { cipherSuites: bytes('1301 13') }],
    ['cipher suites beyond 2^16-2 bytes', { cipherSuites: filled(65_535) }],
    ['no compression method', { compression: bytes('') }],
    ['a random that is cut', { random: filled(31), extensions: null }],
    ['bytes behind the extensions', { trailing: bytes('00') }],
    ['half a length of extensions', { extensions: null, trailing: bytes('00') }],
    ['extensions that are cut', { extensions: null, trailing: bytes('0004 000a 0002') }],
    ['half an extension', { extensions: null, trailing: bytes('0001 00') }],
  ] satisfies [string, RawClientHello][])('%s does not decode', (_what, hello) => {
    expect(frameFault(hello)).toBe('TLS_DECODE_ERROR');
  });

  test.each([
    ['an empty legacy_session_id', { sessionId: bytes('') }],
    ['one of 32 bytes', { sessionId: filled(32) }],
    ['one cipher suite', { cipherSuites: bytes('1301') }],
    ['as many as there can be', { cipherSuites: filled(65_534) }],
    ['all compression methods', { compression: filled(255) }],
    ['no extensions', { extensions: null }],
    ['an empty list of extensions', { extensions: [] }],
    ['a list of 2^16-1 bytes', { extensions: [{ type: 0x1234, data: filled(65_531) }] }],
  ] satisfies [string, RawClientHello][])('%s decodes', (_what, hello) => {
    expect(frameFault(hello)).toBe('nothing');
  });

  test('is refused when cut at any byte that is not an older hello', () => {
    const whole = rawClientHello();
    const withoutExtensions = whole.length - block(BASE_EXTENSIONS).length;
    for (let length = 4; length < whole.length; length += 1) {
      const expected = length === withoutExtensions ? 'nothing' : 'TLS_DECODE_ERROR';
      expect(faultOf(() => parseClientHello(whole.slice(0, length)))).toBe(expected);
    }
  });

  test.each([TYPE.supported_groups, TYPE.pre_shared_key, 0x0a0a, 0xff77])(
    'two extensions of type %i',
    (type) => {
      const twice = [extension(type), ...BASE_EXTENSIONS, extension(type)];
      expect(frameFault({ extensions: twice })).toBe('TLS_DUPLICATE_EXTENSION');
      expect(alertOf(() => parseClientHello(rawClientHello({ extensions: twice })))).toBe(
        'illegal_parameter',
      );
    },
  );
});

describe('supported_versions (section 4.3.1)', () => {
  const versionsOf = (body: string) =>
    parseClientHello(rawClientHello({ extensions: [extension(TYPE.supported_versions, body)] }))
      .supportedVersions;

  test('is read before anything else is judged', () => {
    expect(versionsOf('02 0303')).toEqual([0x0303]);
    expect(versionsOf('08 0a0a 0304 0303 7f1c')).toEqual([0x0a0a, 0x0304, 0x0303, 0x7f1c]);
    expect(parseClientHello(rawClientHello({ extensions: [] })).supportedVersions).toBeNull();
    expect(parseClientHello(rawClientHello({ extensions: null })).supportedVersions).toBeNull();
  });

  test('an older hello may have in it what TLS 1.3 would refuse', () => {
    const extensions = [extension(TYPE.oid_filters, 'ff'), extension(TYPE.key_share, 'ff')];
    expect(frameFault({ extensions, compression: bytes('01'), legacyVersion: 0x0300 })).toBe(
      'nothing',
    );
  });

  test.each(['', '00', '01 03', '02 0304 00', '03 030400', '04 0304'])(
    '%s does not decode',
    (body) => {
      expect(faultOf(() => versionsOf(body))).toBe('TLS_DECODE_ERROR');
    },
  );
});

describe('the binders (section 4.3.11.2)', () => {
  const binder = `20 ${'07'.repeat(32)}`;
  const modes = extension(TYPE.psk_key_exchange_modes, '0101');

  test('are left out of the truncated hello', () => {
    const whole = rawClientHello({ extensions: [...BASE_EXTENSIONS, modes, PSK_EXTENSION] });
    const { truncationBytes: length } = parseClientHello(whole);
    expect(hex(whole.slice(length))).toBe(`0021${binder}`.replace(' ', ''));
  });

  test('are found in a message that is a view', () => {
    const whole = rawClientHello({ extensions: [...BASE_EXTENSIONS, modes, PSK_EXTENSION] });
    const view = join(filled(7), whole, filled(3)).subarray(7, 7 + whole.length);
    expect(parseClientHello(view).truncationBytes).toBe(whole.length - 35);
  });

  test('are not looked for in an extension that has no place for them', () => {
    const short = { type: TYPE.pre_shared_key, data: bytes('00') };
    const hello = parseClientHello(rawClientHello({ extensions: [...BASE_EXTENSIONS, short] }));
    expect(hello.truncationBytes).toBe(-1);
    expect(faultOf(() => parseClientHelloExtensions(hello))).toBe('TLS_DECODE_ERROR');
  });

  test('are written over', () => {
    const identities = [
      { identity: filled(5), obfuscatedTicketAge: 1 },
      { identity: filled(6), obfuscatedTicketAge: 2 },
    ];
    const blank = [filled(32, 0), filled(48, 0)];
    const content = {
      random: filled(32),
      legacySessionId: filled(32),
      cipherSuites: [0x1301],
      extensions: {
        supportedVersions: [0x0304],
        pskKeyExchangeModes: [1],
        preSharedKey: { identities, binders: blank },
      },
    };
    const whole = serializeClientHello(content);
    const before = whole.slice();
    const parsed = parseClientHello(whole);
    expect(parsed.truncationBytes).toBe(truncatedBytes(whole, blank));
    const binders = [filled(32, 8), filled(48, 9)];
    overwriteBinders(whole, binders);
    expect(parseClientHelloExtensions(parseClientHello(whole)).preSharedKey).toEqual({
      identities,
      binders,
    });
    expect(whole.slice(0, parsed.truncationBytes)).toEqual(before.slice(0, parsed.truncationBytes));
  });
});

describe('serialising', () => {
  const content = {
    random: filled(32),
    legacySessionId: filled(32),
    cipherSuites: [0x1301],
    extensions: { supportedVersions: [0x0304] },
  };

  test('has the constants of TLS 1.3, and other extensions in front', () => {
    const whole = serializeClientHello({
      ...content,
      otherExtensions: [extension(0x0a0a, '00'), extension(TYPE.padding, '0000')],
    });
    expect(hex(whole)).toBe(
      hex(
        message(
          'client_hello',
          bytes('0303'),
          filled(32),
          list(1, filled(32)),
          bytes('0002 1301 01 00'),
          block([
            extension(0x0a0a, '00'),
            extension(TYPE.padding, '0000'),
            extension(TYPE.supported_versions, '02 0304'),
          ]),
        ),
      ),
    );
  });

  test('refuses what does not fit', () => {
    const bad = [
      { ...content, random: filled(31) },
      { ...content, legacySessionId: filled(33) },
      { ...content, cipherSuites: [] },
      { ...content, cipherSuites: [0x10000] },
      { ...content, extensions: {} },
      { ...content, otherExtensions: [extension(1, '00'.repeat(65_535))] },
    ];
    for (const one of bad) expect(() => serializeClientHello(one)).toThrow(RangeError);
  });
});
