// ClientHellos that are wrong, or only look so (RFC 9846 sections 4.2.2, 4.3, 9.2).
import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as EXT } from '../../src/extensions/extension-type.ts';
import { type RawClientHello, without } from '../support/raw-client-hello.ts';
import { bytes, extension, filled, join, list } from '../support/wire.ts';
import { GOOD_EXTENSIONS, helloWith, RawClient } from './raw-client.ts';
import { TYPE } from './raw-peer.ts';
import { refused, serverConversations, taken } from './server-cases.ts';

/** The good hello with an extension whose data is given in hexadecimal digits. */
const withData = (type: number, data: string): RawClientHello => helloWith(extension(type, data));
const withoutTypes = (...types: number[]): RawClientHello => ({
  extensions: without(GOOD_EXTENSIONS, ...types),
});

describe('versions', () => {
  serverConversations([
    refused('legacy_version 3.0', 'protocol_version', { legacyVersion: 0x0300 }),
    refused('legacy_version 3.1', 'protocol_version', { legacyVersion: 0x0301 }),
    refused('legacy_version 3.2', 'protocol_version', { legacyVersion: 0x0302 }),
    refused('legacy_version 3.4', 'protocol_version', { legacyVersion: 0x0304 }),
    refused('legacy_version 0.0', 'protocol_version', { legacyVersion: 0 }),
    refused('legacy_version 255.255', 'protocol_version', { legacyVersion: 0xffff }),
    refused('no supported_versions', 'protocol_version', withoutTypes(EXT.supported_versions)),
    refused('no extensions at all', 'protocol_version', { extensions: null }),
    refused('an empty list of extensions', 'protocol_version', { extensions: [] }),
    refused('supported_versions of TLS 1.2 alone', 'protocol_version', withData(43, '02 0303')),
    refused('supported_versions of 3.5 alone', 'protocol_version', withData(43, '02 0305')),
    refused('drafts alone', 'protocol_version', withData(43, '04 7f1c 7f12')),
    refused('GREASE alone', 'protocol_version', withData(43, '02 0a0a')),
    refused('SSL 3.0 to TLS 1.2', 'protocol_version', withData(43, '08 0300 0301 0302 0303')),
    refused('no version in the list', 'decode_error', withData(43, '00')),
    refused('half a version', 'decode_error', withData(43, '03 0304 03')),
    refused('supported_versions without data', 'decode_error', withData(43, '')),
    refused('versions shorter than said', 'decode_error', withData(43, '04 0304')),
    refused('a byte behind the versions', 'decode_error', withData(43, '02 0304 00')),
    refused('a hello of TLS 1.2 with TLS_FALLBACK_SCSV', 'inappropriate_fallback', {
      ...withoutTypes(EXT.supported_versions),
      cipherSuites: bytes('1301 5600'),
    }),
    taken('TLS 1.3 behind others', withData(43, '0a 0a0a 0305 0303 0302 0304')),
    taken('TLS 1.3 twice', withData(43, '04 0304 0304')),
    taken('127 versions', withData(43, `fe ${'7a7a'.repeat(126)} 0304`)),
    taken('TLS_FALLBACK_SCSV beside TLS 1.3', { cipherSuites: bytes('1301 5600') }),
  ]);
});

describe('compression, session id, cipher suites', () => {
  const good = GOOD_EXTENSIONS;
  serverConversations([
    refused('two methods', 'illegal_parameter', { compression: bytes('0001') }),
    refused('two methods, null last', 'illegal_parameter', { compression: bytes('0100') }),
    refused('null twice', 'illegal_parameter', { compression: bytes('0000') }),
    refused('DEFLATE alone', 'illegal_parameter', { compression: bytes('01') }),
    refused('255 methods', 'illegal_parameter', { compression: filled(255, 0) }),
    refused('no method', 'decode_error', { compression: bytes('') }),
    refused('a session id of 33 bytes', 'decode_error', { sessionId: filled(33) }),
    refused('a session id of 255 bytes', 'decode_error', { sessionId: filled(255) }),
    refused('no suite', 'decode_error', { cipherSuites: bytes('') }),
    refused('half a suite', 'decode_error', { cipherSuites: bytes('1301 13') }),
    refused('suites of TLS 1.2', 'handshake_failure', { cipherSuites: bytes('c02f 009e 00ff') }),
    refused('suites that nobody has', 'handshake_failure', { cipherSuites: bytes('1306 13ff') }),
    refused('GREASE alone', 'handshake_failure', { cipherSuites: bytes('0a0a fafa') }),
    refused('TLS_NULL_WITH_NULL_NULL', 'handshake_failure', { cipherSuites: bytes('0000') }),
    refused('bytes behind the extensions', 'decode_error', { trailing: bytes('00') }),
    taken('an empty session id', { sessionId: bytes('') }),
    taken('a session id of 1 byte', { sessionId: filled(1) }),
    taken('a session id of 31 bytes', { sessionId: filled(31) }),
    taken('a suite behind 32766 others', {
      extensions: good,
      cipherSuites: join(filled(65_532, 0x7a), bytes('1303')),
    }),
    taken('a suite twice', { cipherSuites: bytes('1301 1301') }),
  ]);

  test('the session id is echoed, and change_cipher_spec goes with it', () => {
    for (const byteCount of [0, 1, 31, 32]) {
      const peer = new RawClient();
      peer.handshake({ sessionId: filled(byteCount, 5) });
      const echo = peer.messages[0]!.subarray(38, 39 + byteCount);
      expect(echo).toEqual(list(1, filled(byteCount, 5)));
      expect(peer.records.filter(({ type }) => type === TYPE.ccs).length).toBe(byteCount && 1);
      expect(peer.records.every(({ version }) => version === 0x0303)).toBe(true);
    }
  });
});

describe('extensions that have to be there', () => {
  const { supported_groups, signature_algorithms, key_share } = EXT;
  serverConversations([
    refused('no supported_groups', 'missing_extension', withoutTypes(supported_groups)),
    refused('no key_share', 'missing_extension', withoutTypes(key_share)),
    refused('no signature_algorithms', 'missing_extension', withoutTypes(signature_algorithms)),
    refused(
      'neither group nor share',
      'missing_extension',
      withoutTypes(supported_groups, key_share),
    ),
    refused('a version alone', 'missing_extension', { extensions: GOOD_EXTENSIONS.slice(0, 1) }),
    {
      ...refused('no server_name where one is needed', 'missing_extension', {}),
      options: { requiresServerName: true },
    },
    refused('no scheme of ours', 'handshake_failure', withData(13, '0002 0804')),
    refused('schemes for certificates alone', 'handshake_failure', withData(13, '0002 0401')),
    refused('schemes that nobody has', 'handshake_failure', withData(13, '0004 0a0a fefe')),
    refused('schemes of SHA-1 and DSA', 'handshake_failure', withData(13, '0006 0203 0201 0402')),
    refused('no scheme', 'decode_error', withData(13, '0000')),
    refused('half a scheme', 'decode_error', withData(13, '0003 0403 04')),
    refused('signature_algorithms without data', 'decode_error', withData(13, '')),
    refused('a byte behind the schemes', 'decode_error', withData(13, '0002 0403 00')),
    refused('signature_algorithms_cert empty', 'decode_error', withData(50, '0000')),
    refused('signature_algorithms_cert odd', 'decode_error', withData(50, '0003 040304')),
    taken('30000 schemes', withData(13, `ea60 ${'7a7a'.repeat(29_999)} 0403`)),
    taken('signature_algorithms_cert of others', withData(50, '0002 0804')),
  ]);
});

/** Each known extension with too little, too much and nothing in it: all of them are decode_error. */
const MALFORMED: readonly (readonly [string, number, readonly string[]])[] = [
  [
    'server_name',
    0,
    ['', '0000', '0003 00 0000', '0004 00 0001', '0004 00 0001 61 00', '0002 00 00'],
  ],
  ['max_fragment_length', 1, ['', '0100']],
  [
    'status_request',
    5,
    ['', '01', '01 0000', '01 0000 0000 00', '01 0001 00 0000', '01 0002 0000 0000'],
  ],
  ['supported_groups', 10, ['', '0000', '0001 00', '0003 001d 00', '0004 001d', '0002 001d 00']],
  ['heartbeat', 15, ['', '0100']],
  ['ALPN', 16, ['', '0000', '0001 00', '0002 0000', '0003 02 6832 00', '0003 03 6832']],
  ['signed_certificate_timestamp', 18, ['00']],
  ['record_size_limit', 28, ['', '40', '4000 00']],
  ['early_data', 42, ['00', '00000000']],
  ['cookie', 44, ['', '0000', '0002 00', '0001 00 00']],
  ['psk_key_exchange_modes', 45, ['', '00', '02 01', '01 01 00']],
  ['certificate_authorities', 47, ['', '0000', '0002 0000', '0003 0002 61', '0003 0001 61 00']],
  ['post_handshake_auth', 49, ['00']],
  ['key_share', 51, ['', '0002 001d', '0004 001d 0000', '0005 001d 0002 61', '0000 00']],
];

describe('extensions that are malformed', () => {
  serverConversations(
    MALFORMED.flatMap(([name, type, datas]) =>
      datas.map((data) =>
        refused(`${name} ${data || 'empty'}`, 'decode_error', withData(type, data)),
      ),
    ),
  );
});

describe('extensions as such', () => {
  const doubled = (type: number, data = ''): RawClientHello => ({
    extensions: [...GOOD_EXTENSIONS, extension(type, data), extension(type, data)],
  });
  const many = (count: number): RawClientHello => ({
    extensions: [
      ...Array.from({ length: count }, (_, index) => extension(0x4000 + index)),
      ...GOOD_EXTENSIONS,
    ],
  });
  serverConversations([
    refused('supported_versions twice', 'illegal_parameter', {
      extensions: [...GOOD_EXTENSIONS, extension(43, '02 0304')],
    }),
    refused('key_share twice', 'illegal_parameter', {
      extensions: [...GOOD_EXTENSIONS, GOOD_EXTENSIONS[3]!],
    }),
    refused('post_handshake_auth twice', 'illegal_parameter', doubled(49)),
    refused('an unknown extension twice', 'illegal_parameter', doubled(0x4444, '00')),
    refused('GREASE twice', 'illegal_parameter', doubled(0x0a0a)),
    refused('oid_filters, which is not of this message', 'illegal_parameter', withData(48, '0000')),
    taken('unknown extensions with anything in them', {
      extensions: [
        extension(0x0a0a),
        extension(0x1a1a, '00'),
        ...GOOD_EXTENSIONS,
        extension(0xfefe, 'ff'),
      ],
    }),
    taken('the extensions in the other order', { extensions: GOOD_EXTENSIONS.toReversed() }),
    taken('4000 unknown extensions', many(4_000)),
    taken('padding of 60000 bytes', helloWith({ type: 21, data: filled(60_000, 0) })),
    taken('extensions of TLS 1.2', {
      extensions: [
        ...GOOD_EXTENSIONS,
        extension(11, '03 010200'),
        extension(22),
        extension(23),
        extension(35, '00'),
        extension(0xff01, '00'),
        extension(0x3374),
      ],
    }),
    taken('a cookie that nobody gave', withData(44, '0001 61')),
  ]);
});
