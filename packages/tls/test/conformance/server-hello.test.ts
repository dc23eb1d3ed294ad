// ServerHellos and HelloRetryRequests at a client (RFC 9846 sections 4.2.3, 4.2.4, 4.3.8, 4.3.11).
import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as EXT } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { parseClientHelloExtensions } from '../../src/messages/client-hello.ts';
import { replaced } from '../support/raw-client-hello.ts';
import { bytes, extension, filled, join, list, number } from '../support/wire.ts';
import { behindHello, type ClientCase, clientConversations } from './client-cases.ts';
import { p256Share, x25519Share } from './raw-client.ts';
import { TYPE } from './raw-peer.ts';
import { RawServer, type RawServerHello, SELECTS_TLS13, shareExtension } from './raw-server.ts';

const GOOD = [SELECTS_TLS13, shareExtension(0x1d, x25519Share().share)];
const P256 = p256Share().share;

/** A ServerHello that leads to an alert. */
function refused(name: string, alert: string, hello: RawServerHello): ClientCase {
  return { name, alert, play: (peer) => peer.sendHandshake(peer.serverHello(hello)) };
}
/** The good ServerHello with some extensions in place of its own, or behind them. */
const helloWith = (...extensions: Extension[]): RawServerHello => ({
  extensions: replaced(GOOD, ...extensions),
});
const versioned = (data: string): RawServerHello => helloWith(extension(43, data));
const share = (group: number, value: Uint8Array): RawServerHello =>
  helloWith(shareExtension(group, value));
/** A random that ends like this. */
const random = (ending: string): Uint8Array => join(filled(24, 3), bytes(ending));
const old = (hello: RawServerHello = {}): RawServerHello => ({
  extensions: null,
  suite: 0xc02f,
  ...hello,
});

describe('versions', () => {
  clientConversations([
    ...[0x0300, 0x0301, 0x0302, 0x0304, 0xffff].map((legacyVersion) =>
      refused(`legacy_version ${legacyVersion}`, 'protocol_version', { legacyVersion }),
    ),
    refused('TLS 1.2', 'protocol_version', old()),
    refused('TLS 1.2 with an empty list', 'protocol_version', old({ extensions: [] })),
    refused('TLS 1.1', 'protocol_version', old({ legacyVersion: 0x0302 })),
    refused('SSL 3.0', 'protocol_version', old({ legacyVersion: 0x0300 })),
    refused(
      'TLS 1.2 with the sentinel',
      'illegal_parameter',
      old({ random: random('444f574e47524401') }),
    ),
    refused(
      'TLS 1.2 with the sentinel of 1.1',
      'illegal_parameter',
      old({ random: random('444f574e47524400') }),
    ),
    refused(
      'TLS 1.1 with the sentinel',
      'illegal_parameter',
      old({ legacyVersion: 0x0302, random: random('444f574e47524400') }),
    ),
    refused(
      'TLS 1.2 with what is nearly the sentinel',
      'protocol_version',
      old({ random: random('444f574e47524402') }),
    ),
    refused('selects TLS 1.2', 'illegal_parameter', versioned('0303')),
    refused('selects 3.5', 'illegal_parameter', versioned('0305')),
    refused('selects a draft', 'illegal_parameter', versioned('7f1c')),
    refused('selects GREASE', 'illegal_parameter', versioned('0a0a')),
    refused('selects nothing', 'decode_error', versioned('')),
    refused('selects half a version', 'decode_error', versioned('03')),
    refused('selects two', 'decode_error', versioned('03040304')),
    refused('a list as a client has it', 'decode_error', versioned('020304')),
    {
      name: 'TLS 1.3 with the sentinel, which means nothing then',
      alert: null,
      play: (peer) => {
        peer.sendServerHello({ random: random('444f574e47524401') });
        peer.send(peer.encryptedExtensions());
        peer.prove();
        peer.finish();
      },
    },
  ]);
});

describe('the frame', () => {
  clientConversations([
    refused('another session id', 'illegal_parameter', { sessionId: filled(32, 9) }),
    refused('no session id', 'illegal_parameter', { sessionId: bytes('') }),
    refused('a session id of 31 bytes', 'illegal_parameter', { sessionId: filled(31, 9) }),
    refused('a session id of 33 bytes', 'decode_error', { sessionId: filled(33, 9) }),
    {
      ...refused('a session id for a client without', 'illegal_parameter', {
        sessionId: filled(32, 9),
      }),
      options: { middleboxCompatibility: false },
    },
    refused('compression', 'illegal_parameter', { compression: 1 }),
    refused('compression 255', 'illegal_parameter', { compression: 255 }),
    ...[0, 0xc02f, 0x1304, 0x1305, 0x00ff, 0x0a0a, 0xffff].map((suite) =>
      refused(`suite ${suite.toString(16)}`, 'illegal_parameter', { suite }),
    ),
    {
      ...refused('a suite that we have and did not offer', 'illegal_parameter', { suite: 0x1303 }),
      options: { cipherSuites: ['TLS_AES_128_GCM_SHA256'] },
    },
    refused('bytes behind the extensions', 'decode_error', { trailing: bytes('00') }),
    refused('key_share twice', 'illegal_parameter', { extensions: [...GOOD, GOOD[1]!] }),
    refused('supported_versions twice', 'illegal_parameter', { extensions: [...GOOD, GOOD[0]!] }),
    refused('an unknown extension twice', 'illegal_parameter', {
      extensions: [...GOOD, extension(0x4444), extension(0x4444)],
    }),
    refused('an unknown extension', 'unsupported_extension', helloWith(extension(0x4444))),
    refused('GREASE', 'unsupported_extension', helloWith(extension(0x0a0a))),
    refused(
      'pre_shared_key, not offered',
      'unsupported_extension',
      helloWith(extension(41, '0000')),
    ),
    ...(
      [
        [EXT.server_name, ''],
        [EXT.max_fragment_length, '01'],
        [EXT.supported_groups, '0002 001d'],
        [EXT.signature_algorithms, '0002 0403'],
        [EXT.application_layer_protocol_negotiation, '0003 02 6832'],
        [EXT.record_size_limit, '4001'],
        [EXT.early_data, ''],
        [EXT.cookie, '0001 61'],
        [EXT.psk_key_exchange_modes, '01 01'],
        [EXT.post_handshake_auth, ''],
        [EXT.extended_main_secret, ''],
        [EXT.renegotiation_info, '00'],
        [EXT.ec_point_formats, '0100'],
        [EXT.session_ticket, ''],
        [EXT.heartbeat, '01'],
        [EXT.oid_filters, '0000'],
        [EXT.certificate_authorities, '0003 0001 61'],
      ] as const
    ).map(([type, data]) =>
      refused(
        `extension ${type}, not of this message`,
        'illegal_parameter',
        helloWith(extension(type, data)),
      ),
    ),
  ]);

  test('a ServerHello cut at any byte is never taken', () => {
    const { length } = new RawServer().serverHello();
    for (let end = 0; end < length - 4; end += 1) {
      const peer = new RawServer();
      const body = peer.serverHello().subarray(4, 4 + end);
      peer.sendHandshake(join(number(1, 2), list(3, body)));
      const isOld = end === 2 + 32 + 33 + 3;
      expect([end, ...peer.alerts]).toEqual([end, isOld ? 'protocol_version' : 'decode_error']);
    }
  });
});

describe('shares', () => {
  const compressed = join(bytes('02'), P256.subarray(1, 33));
  clientConversations([
    refused('none', 'missing_extension', { extensions: [SELECTS_TLS13] }),
    refused('of a group without a share of ours', 'illegal_parameter', share(0x17, P256)),
    refused('of a group not offered', 'illegal_parameter', share(0x18, filled(97, 4))),
    refused('of GREASE', 'illegal_parameter', share(0x0a0a, bytes('00'))),
    refused('all zeros', 'illegal_parameter', share(0x1d, filled(32, 0))),
    refused('one', 'illegal_parameter', share(0x1d, join(bytes('01'), filled(31, 0)))),
    refused('31 bytes', 'illegal_parameter', share(0x1d, filled(31, 9))),
    refused('33 bytes', 'illegal_parameter', share(0x1d, filled(33, 9))),
    refused('empty', 'decode_error', share(0x1d, bytes(''))),
    refused('no data', 'decode_error', helloWith(extension(51))),
    refused(
      'a group alone, as in HelloRetryRequest',
      'decode_error',
      helloWith(extension(51, '001d')),
    ),
    refused(
      'a list, as a client has it',
      'decode_error',
      helloWith(extension(51, `0024 001d 0020 ${'09'.repeat(32)}`)),
    ),
    refused(
      'a byte behind',
      'decode_error',
      helloWith(extension(51, `001d 0020 ${'09'.repeat(32)} 00`)),
    ),
    ...[
      compressed,
      filled(65, 0),
      join(bytes('04'), filled(64, 1)),
      bytes('00'),
      P256.subarray(1),
    ].map(
      (value, index): ClientCase => ({
        ...refused(`secp256r1: value ${index}`, 'illegal_parameter', share(0x17, value)),
        options: { groups: ['secp256r1'] },
      }),
    ),
    {
      name: 'secp256r1',
      alert: null,
      options: { groups: ['secp256r1'] },
      play: (peer) => {
        peer.share = p256Share();
        peer.handshake();
      },
    },
    ...[0x1301, 0x1302, 0x1303].map(
      (suite): ClientCase => ({
        name: `suite ${suite.toString(16)}`,
        alert: null,
        play: (peer) => {
          peer.sendServerHello({ suite });
          peer.send(peer.encryptedExtensions());
          peer.prove();
          peer.finish();
        },
      }),
    ),
  ]);
});

describe('HelloRetryRequest', () => {
  const group = (code: number): Extension => extension(51, code.toString(16).padStart(4, '0'));
  const asks = (...extensions: Extension[]): RawServerHello => ({
    extensions: [SELECTS_TLS13, ...extensions],
  });
  const cookie = extension(44, '0003 616263');
  const bad = (name: string, alert: string, hello: RawServerHello): ClientCase => ({
    name,
    alert,
    play: (peer) => peer.sendHandshake(peer.retryRequest(hello)),
  });
  const then = (
    name: string,
    alert: string | null,
    hello: RawServerHello,
    play: (peer: RawServer) => void,
  ): ClientCase => ({
    name,
    alert,
    play: (peer) => {
      peer.sendRetryRequest(hello);
      expect(peer.messages.length).toBe(2);
      play(peer);
    },
  });
  const goOn = (peer: RawServer, hello: RawServerHello = {}): void => {
    peer.sendServerHello(hello);
    peer.send(peer.encryptedExtensions());
    peer.prove();
    peer.finish();
  };
  const p256 = asks(group(0x17));
  clientConversations([
    bad('for nothing', 'illegal_parameter', asks()),
    bad('for the group shared', 'illegal_parameter', asks(group(0x1d))),
    bad('for the group shared, with a cookie', 'illegal_parameter', asks(group(0x1d), cookie)),
    bad('for a group not offered', 'illegal_parameter', asks(group(0x18))),
    bad('for GREASE', 'illegal_parameter', asks(group(0x0a0a))),
    bad('with a whole share', 'decode_error', asks(shareExtension(0x17, P256))),
    bad('with an empty cookie', 'decode_error', asks(extension(44, '0000'))),
    bad('with an empty cookie extension', 'decode_error', asks(extension(44))),
    bad('with a byte behind the cookie', 'decode_error', asks(extension(44, '0001 61 00'))),
    bad('with a cookie twice', 'illegal_parameter', asks(cookie, cookie)),
    bad('with an unknown extension', 'unsupported_extension', asks(group(0x17), extension(0x4444))),
    bad('with pre_shared_key', 'illegal_parameter', asks(group(0x17), extension(41, '0000'))),
    bad('with server_name', 'illegal_parameter', asks(group(0x17), extension(0))),
    bad('with ALPN', 'illegal_parameter', asks(group(0x17), extension(16, '0003 02 6832'))),
    bad('of another session id', 'illegal_parameter', { ...p256, sessionId: filled(32, 9) }),
    bad('of compression', 'illegal_parameter', { ...p256, compression: 1 }),
    bad('of a suite not offered', 'illegal_parameter', { ...p256, suite: 0x1304 }),
    bad('of legacy_version 3.1', 'protocol_version', { ...p256, legacyVersion: 0x0301 }),
    bad('without supported_versions', 'protocol_version', { extensions: [group(0x17)] }),
    bad('selecting TLS 1.2', 'illegal_parameter', {
      extensions: [extension(43, '0303'), group(0x17)],
    }),
    then('for a group', null, p256, (peer) => {
      peer.share = p256Share();
      goOn(peer);
    }),
    then('for a cookie', null, asks(cookie), (peer) => {
      const second = parseClientHelloExtensions(peer.hello);
      expect(second.cookie).toEqual(bytes('616263'));
      goOn(peer);
    }),
    then(
      'with a cookie of 60000 bytes',
      null,
      asks({ type: 44, data: list(2, filled(60_000)) }),
      goOn,
    ),
    then('twice', 'unexpected_message', p256, (peer) =>
      peer.sendHandshake(peer.retryRequest(asks(group(0x1d)))),
    ),
    then('twice for the same', 'unexpected_message', p256, (peer) =>
      peer.sendHandshake(peer.retryRequest(p256)),
    ),
    then('then another suite', 'illegal_parameter', p256, (peer) => {
      peer.sendHandshake(
        peer.serverHello({
          suite: 0x1303,
          extensions: [SELECTS_TLS13, shareExtension(0x17, P256)],
        }),
      );
    }),
    then('then the share of another group', 'illegal_parameter', p256, (peer) => {
      peer.sendHandshake(peer.serverHello());
    }),
    then('then no share', 'missing_extension', p256, (peer) => {
      peer.sendHandshake(peer.serverHello({ extensions: [SELECTS_TLS13] }));
    }),
    then('then TLS 1.2', 'illegal_parameter', p256, (peer) => {
      peer.sendHandshake(peer.serverHello({ extensions: null }));
    }),
    then('then TLS 1.2 with the sentinel', 'illegal_parameter', p256, (peer) => {
      peer.sendHandshake(
        peer.serverHello({ extensions: null, random: random('444f574e47524401') }),
      );
    }),
    then('then data in the clear', 'unexpected_message', p256, (peer) => peer.sendText('early')),
    then('then change_cipher_spec', null, p256, (peer) => {
      peer.share = p256Share();
      peer.sendClear(TYPE.ccs, bytes('01'));
      goOn(peer);
    }),
    {
      name: 'with another message in its record',
      alert: 'unexpected_message',
      play: (peer) => peer.sendHandshake(peer.retryRequest(p256), bytes('08000002 0000')),
    },
  ]);

  test('the second hello is the first but for share, cookie and padding', () => {
    const peer = new RawServer();
    const first = peer.hello;
    peer.sendRetryRequest(asks(group(0x17), cookie));
    const second = peer.hello;
    expect(second.random).toEqual(first.random);
    expect(second.legacySessionId).toEqual(first.legacySessionId);
    expect(second.cipherSuites).toEqual(first.cipherSuites);
    const others = (hello: typeof first): unknown =>
      hello.extensions.filter(({ type }) => type !== 44 && type !== 51);
    expect(others(second)).toEqual(others(first));
    const shares = parseClientHelloExtensions(second).keyShares ?? [];
    expect(shares.map((one) => one.group)).toEqual([0x17]);
    // The first record of a client may say 3.1, no other may (section 5.1).
    const hellos = peer.records.filter(({ type }) => type === TYPE.handshake);
    expect(hellos.map(({ version }) => version)).toEqual([0x0301, 0x0303]);
  });
});

describe('what comes instead, or beside', () => {
  const first = (name: string, alert: string, type: number, data: Uint8Array): ClientCase => ({
    name,
    alert,
    play: (peer) => peer.sendClear(type, data),
  });
  clientConversations([
    first('data', 'unexpected_message', TYPE.data, bytes('61')),
    first('an unknown type', 'unexpected_message', 99, bytes('61')),
    first('an empty record', 'unexpected_message', TYPE.handshake, bytes('')),
    first('an empty alert', 'unexpected_message', TYPE.alert, bytes('')),
    first('two bytes of change_cipher_spec', 'unexpected_message', TYPE.ccs, bytes('0101')),
    first('too large a record', 'record_overflow', TYPE.handshake, filled(16_385)),
    first('an empty ServerHello', 'decode_error', TYPE.handshake, bytes('02000000')),
    first('a ServerHello of 16 MB', 'decode_error', TYPE.handshake, bytes('02ffffff 03')),
    ...Array.from({ length: 256 }, (_, type) => type)
      .filter((type) => type !== 2)
      .map((type) =>
        first(
          `message ${type}`,
          'unexpected_message',
          TYPE.handshake,
          join(number(1, type), bytes(type === 5 ? '000000' : '00000100')),
        ),
      ),
    {
      name: 'change_cipher_spec in front of ServerHello',
      alert: null,
      play: (peer) => {
        peer.sendClear(TYPE.ccs, bytes('01'));
        peer.handshake();
      },
    },
    {
      name: 'EncryptedExtensions in the record of ServerHello',
      alert: 'unexpected_message',
      play: (peer) => peer.sendHandshake(peer.serverHello(), peer.encryptedExtensions()),
    },
    behindHello('EncryptedExtensions in the clear', 'unexpected_message', (peer) => {
      peer.sendClear(TYPE.handshake, peer.encryptedExtensions());
    }),
    behindHello('ServerHello twice', 'unexpected_message', (peer) => {
      peer.sendHandshake(peer.serverHello());
    }),
    behindHello('an alert in the clear', 'unexpected_message', (peer) => {
      peer.sendClear(TYPE.alert, bytes('0228'));
    }),
    behindHello('a record that does not open', 'bad_record_mac', (peer) => {
      peer.sendRecord(TYPE.handshake, peer.encryptedExtensions(), { damagedBytes: 1 });
    }),
    {
      name: 'all in records of a byte',
      alert: null,
      play: (peer) => {
        const { sendHandshake } = peer;
        peer.sendClear = function (type, content, version): void {
          for (const byte of content) {
            RawServer.prototype.sendClear.call(this, type, Uint8Array.of(byte), version);
          }
        };
        peer.sendHandshake = function (...messages): void {
          for (const byte of join(...messages)) sendHandshake.call(this, Uint8Array.of(byte));
        };
        peer.begin();
        peer.prove();
        peer.sendHandshake = sendHandshake;
        peer.finish();
      },
    },
  ]);
});

describe('pre-shared keys', () => {
  const identity = new TextEncoder().encode('device 7');
  const secret = filled(32, 7);
  const options = { preSharedKeys: [{ identity, secret }] };
  const selected = (index: string): Extension => extension(41, index);
  const offered = (name: string, alert: string, hello: RawServerHello): ClientCase => ({
    ...refused(name, alert, hello),
    options,
  });
  clientConversations([
    offered('an identity beyond those offered', 'illegal_parameter', helloWith(selected('0001'))),
    offered('an identity of 65535', 'illegal_parameter', helloWith(selected('ffff'))),
    offered('half an index', 'decode_error', helloWith(selected('00'))),
    offered('three bytes', 'decode_error', helloWith(selected('000000'))),
    offered('a suite of another hash', 'illegal_parameter', {
      ...helloWith(selected('0000')),
      suite: 0x1302,
    }),
    offered('without a share, which we did not allow', 'illegal_parameter', {
      extensions: [SELECTS_TLS13, selected('0000')],
    }),
    {
      name: 'the key with a share',
      alert: null,
      options,
      play: (peer) => {
        peer.psk = secret;
        peer.sendServerHello({ extensions: [...GOOD, selected('0000')] });
        peer.send(peer.encryptedExtensions());
        peer.finish();
      },
    },
    {
      name: 'the key without a share, which we did allow',
      alert: null,
      options: { ...options, allowPskOnly: true },
      play: (peer) => {
        peer.psk = secret;
        peer.exchangesKeys = false;
        peer.sendServerHello({ extensions: [SELECTS_TLS13, selected('0000')] });
        peer.send(peer.encryptedExtensions());
        peer.finish();
      },
    },
    ...([13, 11, 15] as const).map(
      (type): ClientCase => ({
        name: `message ${type} beside the key`,
        alert: 'unexpected_message',
        options,
        play: (peer) => {
          peer.psk = secret;
          peer.sendServerHello({ extensions: [...GOOD, selected('0000')] });
          peer.send(peer.encryptedExtensions());
          if (type === 13) peer.send(peer.certificateRequest());
          else if (type === 11) peer.send(peer.certificate());
          else peer.send(peer.certificateVerify());
        },
      }),
    ),
    {
      name: 'a certificate although we offered a key',
      alert: null,
      options,
      play: (peer) => peer.handshake(),
    },
  ]);
});
