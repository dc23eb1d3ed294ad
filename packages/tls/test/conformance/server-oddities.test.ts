// Rare things that a server may say to a client: long chains, records at their margins, odd messages after
// the handshake (RFC 9846 sections 4.5.1, 4.7, 5).
import { describe, expect, test } from 'vitest';
import type { TlsClientOptions } from '../../src/client.ts';
import { credential } from '../support/engine-pair.ts';
import { bytes, extension, filled, join, list, message, number } from '../support/wire.ts';
import {
  after,
  behindExtensions,
  behindHello,
  type ClientCase,
  clientConversations,
} from './client-cases.ts';
import { p256Share } from './raw-client.ts';
import { clearRecord, TYPE } from './raw-peer.ts';
import { RawServer, type RawServerHello, SELECTS_TLS13, shareExtension } from './raw-server.ts';

describe('chains', () => {
  const leaf = credential('p256').chain[0]!;
  const entry = (data: Uint8Array, extensions = ''): Uint8Array =>
    join(list(3, data), list(2, bytes(extensions)));
  const chained = (name: string, alert: string | null, ...entries: Uint8Array[]): ClientCase =>
    behindExtensions(name, alert, (peer) => {
      peer.send(message('certificate', bytes('00'), list(3, entry(leaf), ...entries)));
      if (alert !== null) return;
      peer.send(peer.certificateVerify());
      peer.finish();
    });
  const ocsp = '0005 0006 01 000002 6161';
  clientConversations([
    chained(
      '15000 entries of a byte',
      null,
      ...Array.from({ length: 15_000 }, () => entry(bytes('61'))),
    ),
    chained('the same certificate twice', null, entry(leaf)),
    chained('a second that is no certificate', null, entry(filled(100))),
    chained('an empty second', 'decode_error', entry(bytes(''))),
    chained('an OCSP response for the second', null, entry(filled(9), ocsp)),
    chained(
      'an unknown extension of the second',
      'unsupported_extension',
      entry(filled(9), '4444 0000'),
    ),
    chained('ALPN of the second', 'illegal_parameter', entry(filled(9), '0010 0000')),
    chained('half an extension of the second', 'decode_error', entry(filled(9), '0005 00')),
    chained(
      'timestamps of the second',
      'unsupported_extension',
      entry(filled(9), '0012 0005 0003 0001 61'),
    ),
    chained(
      'an OCSP response of 60000 bytes',
      null,
      join(
        list(3, filled(9)),
        list(2, bytes('0005'), list(2, bytes('01'), list(3, filled(60_000)))),
      ),
    ),
    behindExtensions('a list of 16 MB in a short message', 'decode_error', (peer) =>
      peer.send(message('certificate', bytes('00 ffffff'), filled(50))),
    ),
    behindExtensions('an entry of 16 MB in a short list', 'decode_error', (peer) =>
      peer.send(message('certificate', bytes('00'), list(3, bytes('ffffff'), filled(50)))),
    ),
    behindExtensions('a context of 255 bytes', 'illegal_parameter', (peer) =>
      peer.send(message('certificate', list(1, filled(255)), list(3, entry(leaf)))),
    ),
  ]);
});

describe('records at their margins', () => {
  const whole = (name: string, version: number): ClientCase => ({
    name,
    alert: null,
    play: (peer) => {
      const { record, sendClear } = peer;
      peer.record = (type, content, options) =>
        record.call(peer, type, content, { version, ...options });
      peer.sendClear = (type, content) => sendClear.call(peer, type, content, version);
      peer.handshake();
    },
  });
  clientConversations([
    // "MUST be ignored for all purposes" (section 5.1).
    ...[0x0000, 0x0300, 0x0301, 0x0302, 0x0304, 0x0305, 0x7f1c, 0xffff].map((version) =>
      whole(`legacy_record_version ${version.toString(16)}`, version),
    ),
    behindHello('EncryptedExtensions with as much padding as there can be', null, (peer) => {
      const sent = peer.encryptedExtensions();
      peer.sendRecord(TYPE.handshake, sent, { paddingBytes: 16_384 - sent.length });
      peer.transcript.push(sent);
      peer.prove();
      peer.finish();
    }),
    behindHello('a byte of padding more', 'record_overflow', (peer) => {
      const sent = peer.encryptedExtensions();
      peer.sendRecord(TYPE.handshake, sent, { paddingBytes: 16_385 - sent.length });
    }),
    behindHello('a header of 16641 bytes', 'record_overflow', (peer) =>
      peer.sendBytes(bytes('17 0303 4101')),
    ),
    behindHello('a record of padding alone', 'unexpected_message', (peer) =>
      peer.sendRecord(0, bytes('')),
    ),
    ...[0, 1, 15, 16].map((byteCount) =>
      behindHello(`a ciphertext of ${byteCount} bytes`, 'bad_record_mac', (peer) =>
        peer.sendBytes(clearRecord(TYPE.data, filled(byteCount))),
      ),
    ),
    after('data without bytes', null, (peer) => {
      for (let count = 0; count < 10; count += 1) peer.sendText('');
    }),
    after('data without bytes, without end', 'unexpected_message', (peer) => {
      for (let count = 0; count < 10_000 && peer.alerts.length === 0; count += 1) peer.sendText('');
    }),
    {
      name: 'change_cipher_spec without end',
      alert: 'unexpected_message',
      play: (peer) => {
        for (let count = 0; count < 10_000 && peer.alerts.length === 0; count += 1) {
          peer.sendClear(TYPE.ccs, bytes('01'));
        }
      },
    },
    after('user_canceled without end', 'unexpected_message', (peer) => {
      for (let count = 0; count < 1_000 && peer.alerts.length === 0; count += 1)
        peer.sendAlert(1, 90);
    }),
  ]);
});

describe('after the handshake', () => {
  clientConversations([
    ...['request', 'key update', 'ticket'].map(
      (what): ClientCase => ({
        ...after(`data inside a ${what}`, 'unexpected_message', (peer) => {
          peer.sendHandshake(
            bytes(what === 'request' ? '0d0000' : what === 'ticket' ? '0400' : '18'),
          );
          peer.sendText('inside');
        }),
        options: { postHandshakeAuth: true } satisfies Partial<TlsClientOptions>,
      }),
    ),
    after('a KeyUpdate of two bytes', 'decode_error', (peer) =>
      peer.sendHandshake(bytes('18000002 0000')),
    ),
    after('a KeyUpdate of 255', 'illegal_parameter', (peer) =>
      peer.sendHandshake(bytes('18000001 ff')),
    ),
    after('a ticket with a nonce that is cut', 'decode_error', (peer) =>
      peer.sendHandshake(message('new_session_ticket', bytes('00000001 00000000 ff 61'))),
    ),
    after('a ticket of 65535 bytes with as many of extensions', null, (peer) =>
      peer.sendHandshake(
        message(
          'new_session_ticket',
          bytes('00000001 00000000'),
          list(1, filled(255)),
          list(2, filled(65_535)),
          list(2, bytes('4444'), list(2, filled(65_531))),
        ),
      ),
    ),
    after('a ticket longer than there can be', 'decode_error', (peer) =>
      peer.sendHandshake(bytes('0402010b 00')),
    ),
    after('a ticket with half an extension', 'decode_error', (peer) =>
      peer.sendHandshake(
        message('new_session_ticket', bytes('00000001 00000000 00 0001 61 0003 444400')),
      ),
    ),
    ...[0, 10, 13, 16, 28, 41, 43, 44].map((type) =>
      after(`a ticket with extension ${type}`, 'illegal_parameter', (peer) =>
        peer.sendHandshake(
          message(
            'new_session_ticket',
            bytes('00000001 00000000 00 0001 61'),
            list(2, number(2, type), bytes('0000')),
          ),
        ),
      ),
    ),
  ]);
});

describe('a ServerHello behind a HelloRetryRequest', () => {
  const cookie = extension(44, '0003 616263');
  const good = [SELECTS_TLS13, shareExtension(0x17, p256Share().share)];
  const behind = (name: string, alert: string, hello: RawServerHello): ClientCase => ({
    name,
    alert,
    play: (peer) => {
      peer.sendRetryRequest({ extensions: [SELECTS_TLS13, extension(51, '0017'), cookie] });
      expect(peer.messages.length).toBe(2);
      peer.sendHandshake(peer.serverHello({ extensions: good, ...hello }));
    },
  });
  clientConversations([
    behind('with the cookie', 'illegal_parameter', { extensions: [...good, cookie] }),
    behind('of another session id', 'illegal_parameter', { sessionId: filled(32, 9) }),
    behind('of legacy_version 3.1', 'protocol_version', { legacyVersion: 0x0301 }),
    behind('of another version', 'illegal_parameter', {
      extensions: [extension(43, '0305'), good[1]!],
    }),
    behind('of compression', 'illegal_parameter', { compression: 1 }),
    behind('with a group alone', 'decode_error', {
      extensions: [SELECTS_TLS13, extension(51, '0017')],
    }),
    behind('without extensions', 'illegal_parameter', { extensions: [] }),
  ]);
});

test('a flight cut in two records at any byte', () => {
  // Of Ed25519, whose signatures are all of one length.
  const play = (at: number): RawServer => {
    const peer = new RawServer();
    peer.credential = credential('ed25519');
    peer.sendServerHello();
    const from = peer.transcript.length;
    peer.transcript.push(peer.encryptedExtensions());
    peer.transcript.push(peer.certificate());
    peer.transcript.push(peer.certificateVerify());
    const flight = join(...peer.transcript.slice(from), peer.finished());
    lengthBytes = flight.length;
    peer.sendRecord(TYPE.handshake, flight.subarray(0, at));
    peer.sendRecord(TYPE.handshake, flight.subarray(at));
    return peer;
  };
  let lengthBytes = 2;
  for (let at = 1; at < lengthBytes; at += 1) {
    const peer = play(at);
    expect([at, ...peer.alerts]).toEqual([at]);
    expect(peer.machine.isSecured).toBe(true);
  }
  expect(lengthBytes).toBeGreaterThan(300);
});
