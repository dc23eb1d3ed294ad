// What a server may send a client after the handshake, and what it may not (RFC 9846 sections 4.7, 5, 6).
import { describe, expect, test } from 'vitest';
import type { TlsClientOptions } from '../../src/client.ts';
import { credential } from '../support/engine-pair.ts';
import { bytes, extension, filled, join, list, number } from '../support/wire.ts';
import { after, type ClientCase, clientConversations } from './client-cases.ts';
import { TYPE } from './raw-peer.ts';
import { RawServer } from './raw-server.ts';

describe('messages', () => {
  const types = Array.from({ length: 256 }, (_, type) => type);
  clientConversations(
    types
      .filter((type) => type !== 24 && type !== 4)
      .map((type) =>
        after(`type ${type}`, 'unexpected_message', (peer) => {
          peer.sendHandshake(
            join(number(1, type), list(3, type === 5 ? bytes('') : bytes('00000000'))),
          );
        }),
      ),
  );
});

describe('tickets', () => {
  const ticket = (name: string, alert: string | null, data: string): ClientCase =>
    after(name, alert, (peer) => peer.sendHandshake(join(number(1, 4), list(3, bytes(data)))));
  const start = '00001c20 00000000';
  clientConversations([
    ticket('ignored', null, `${start} 00 0001 61 0000`),
    ticket('with a nonce of 255 bytes', null, `${start} ff ${'61'.repeat(255)} 0001 61 0000`),
    ticket('with max_early_data_size', null, `${start} 00 0001 61 0008 002a 0004 00001000`),
    ticket('with an unknown extension', null, `${start} 00 0001 61 0004 4444 0000`),
    ticket('with GREASE', null, `${start} 00 0001 61 0005 0a0a 0001 00`),
    ticket('of no lifetime', null, `00000000 00000000 00 0001 61 0000`),
    ticket('of a lifetime beyond a week', null, `ffffffff 00000000 00 0001 61 0000`),
    ticket('empty', 'decode_error', ''),
    ticket('with an empty ticket', 'decode_error', `${start} 00 0000 0000`),
    ticket('without extensions', 'decode_error', `${start} 00 0001 61`),
    ticket('with bytes behind', 'decode_error', `${start} 00 0001 61 0000 00`),
    ticket('cut', 'decode_error', `${start} 00 0009 61 0000`),
    ticket('with early_data of a byte', 'decode_error', `${start} 00 0001 61 0005 002a 0001 00`),
    ticket(
      'with early_data of five',
      'decode_error',
      `${start} 00 0001 61 0009 002a 0005 0000000000`,
    ),
    ticket(
      'with an extension twice',
      'illegal_parameter',
      `${start} 00 0001 61 0008 4444 0000 4444 0000`,
    ),
    ticket('with key_share', 'illegal_parameter', `${start} 00 0001 61 0004 0033 0000`),
    after('twenty in one record', null, (peer) => {
      const one = join(number(1, 4), list(3, bytes(`${start} 00 0001 61 0000`)));
      peer.sendHandshake(...Array.from({ length: 20 }, () => one));
    }),
    after('a byte a record', null, (peer) => {
      const one = join(number(1, 4), list(3, bytes(`${start} 00 0001 61 0000`)));
      for (const byte of one) peer.sendHandshake(Uint8Array.of(byte));
    }),
    after('with data inside', 'unexpected_message', (peer) => {
      peer.sendHandshake(bytes('0400'));
      peer.sendText('inside');
    }),
  ]);
});

describe('requests for certificates', () => {
  const willing: Partial<TlsClientOptions> = { postHandshakeAuth: true };
  const asked = (
    name: string,
    alert: string | null,
    play: (peer: RawServer) => void,
    options: Partial<TlsClientOptions> = willing,
  ): ClientCase => ({ ...after(name, alert, play), options });
  const context = bytes('0102');
  clientConversations([
    asked(
      'of a client that did not offer it',
      'unexpected_message',
      (peer) => {
        peer.sendHandshake(peer.certificateRequest(context));
      },
      {},
    ),
    asked('answered by none', null, (peer) => {
      peer.sendHandshake(peer.certificateRequest(context));
      expect(peer.messages.slice(-2).map(([type]) => type)).toEqual([11, 20]);
      expect(peer.messages.at(-2)).toEqual(bytes('0b000006 02 0102 000000'));
    }),
    asked(
      'answered by a certificate',
      null,
      (peer) => {
        peer.sendHandshake(peer.certificateRequest(context));
        expect(peer.messages.slice(-3).map(([type]) => type)).toEqual([11, 15, 20]);
      },
      { ...willing, credential: credential('p256') },
    ),
    asked('two at once', null, (peer) => {
      peer.sendHandshake(
        peer.certificateRequest(bytes('01')),
        peer.certificateRequest(bytes('02')),
      );
      expect(peer.messages.slice(-4).map(([type]) => type)).toEqual([11, 20, 11, 20]);
    }),
    asked(
      'the same context while it is in use',
      'illegal_parameter',
      (peer) => {
        peer.sendHandshake(peer.certificateRequest(context), peer.certificateRequest(context));
      },
      { ...willing, credential: 'ask' },
    ),
    asked(
      'too many that wait',
      'unexpected_message',
      (peer) => {
        for (let count = 0; count < 100 && peer.alerts.length === 0; count += 1) {
          peer.sendHandshake(peer.certificateRequest(number(1, count)));
        }
      },
      { ...willing, credential: 'ask' },
    ),
    asked('without schemes', 'missing_extension', (peer) => {
      peer.sendHandshake(peer.certificateRequest(context, []));
    }),
    asked('with an extension of others', 'illegal_parameter', (peer) => {
      peer.sendHandshake(
        peer.certificateRequest(context, [extension(13, '0002 0403'), extension(51)]),
      );
    }),
    asked('empty', 'decode_error', (peer) => peer.sendHandshake(bytes('0d000000'))),
  ]);
});

describe('records, alerts, keys', () => {
  clientConversations([
    after('change_cipher_spec', 'unexpected_message', (peer) =>
      peer.sendClear(TYPE.ccs, bytes('01')),
    ),
    after('a ServerHello in the clear', 'unexpected_message', (peer) => {
      peer.sendClear(TYPE.handshake, peer.serverHello());
    }),
    after('an alert in the clear', 'unexpected_message', (peer) =>
      peer.sendClear(TYPE.alert, bytes('0228')),
    ),
    after('16385 bytes', 'record_overflow', (peer) => peer.sendRecord(TYPE.data, filled(16_385))),
    after('16384 bytes', null, (peer) => peer.sendRecord(TYPE.data, filled(16_384))),
    after('zeros alone', 'unexpected_message', (peer) => peer.sendRecord(0, filled(10, 0))),
    after('an unknown inner type', 'unexpected_message', (peer) => peer.sendRecord(99, filled(10))),
    after('a heartbeat that was not agreed on', 'unexpected_message', (peer) => {
      peer.sendRecord(TYPE.heartbeat, bytes(`01 0001 61 ${'00'.repeat(16)}`));
    }),
    after('an empty handshake record', 'unexpected_message', (peer) =>
      peer.sendHandshake(bytes('')),
    ),
    after('an alert of one byte', 'decode_error', (peer) =>
      peer.sendRecord(TYPE.alert, bytes('02')),
    ),
    after('an alert of three', 'decode_error', (peer) =>
      peer.sendRecord(TYPE.alert, bytes('022800')),
    ),
    after('a damaged record', 'bad_record_mac', (peer) => {
      peer.sendRecord(TYPE.data, bytes('61'), { damagedBytes: 1 });
    }),
    after('user_canceled and more', null, (peer) => {
      peer.sendAlert(1, 90);
      peer.sendText('still here');
    }),
    after('KeyUpdate of 2', 'illegal_parameter', (peer) =>
      peer.sendHandshake(bytes('18000001 02')),
    ),
    after('KeyUpdate empty', 'decode_error', (peer) => peer.sendHandshake(bytes('18000000'))),
    after('KeyUpdate twice in one record', 'unexpected_message', (peer) => {
      peer.sendHandshake(bytes('18000001 00 18000001 00'));
    }),
    after('KeyUpdate with a ticket behind it', 'unexpected_message', (peer) => {
      peer.sendHandshake(bytes('18000001 00 04000000'));
    }),
    after('KeyUpdate behind a ticket', null, (peer) => {
      const ticket = bytes('0400000e 00001c20 00000000 00 0001 61 0000');
      peer.sendHandshake(ticket, bytes('18000001 00'));
      peer.writing = peer.writing!.next();
    }),
    after('KeyUpdate both ways', null, (peer) => {
      peer.updateKeys(1);
      expect(peer.talks()).toBe(true);
      peer.machine.updateKeys(0, true);
      peer.exchange();
      peer.updateKeys(0);
    }),
    after('crossed requests for new keys', null, (peer) => {
      peer.machine.updateKeys(0, true);
      peer.updateKeys(1);
      expect(peer.messages.filter(([type]) => type === 24).length).toBe(2);
    }),
  ]);

  test('the second flight has one change_cipher_spec in front, and none without compatibility mode', () => {
    for (const middleboxCompatibility of [true, false]) {
      const peer = new RawServer({ middleboxCompatibility });
      peer.handshake();
      const types = peer.records.map(({ type }) => type);
      const { handshake, ccs } = TYPE;
      expect(types).toEqual(
        middleboxCompatibility ? [handshake, ccs, handshake] : [handshake, handshake],
      );
      expect(peer.hello.legacySessionId.length).toBe(middleboxCompatibility ? 32 : 0);
    }
  });
});
