// KeyUpdate at a server: malformed, out of place, fragmented, often (RFC 9846 section 4.7.3).
import { describe, expect } from 'vitest';
import { bytes, join, number } from '../support/wire.ts';
import { TYPE } from './raw-peer.ts';
import { after, before, type ServerCase, serverConversations } from './server-cases.ts';

describe('KeyUpdate', () => {
  const raw = (name: string, alert: string, data: string): ServerCase =>
    after(name, alert, (peer) => peer.sendHandshake(bytes(data)));
  serverConversations([
    ...Array.from({ length: 254 }, (_, index) => index + 2).map((value) =>
      raw(`value ${value}`, 'illegal_parameter', `18000001 ${value.toString(16).padStart(2, '0')}`),
    ),
    raw('empty', 'decode_error', '18000000'),
    raw('two bytes', 'decode_error', '18000002 0000'),
    raw('of 16 MB', 'decode_error', '18ffffff 00'),
    raw('twice in one record', 'unexpected_message', '18000001 00 18000001 00'),
    raw('with a byte behind it', 'unexpected_message', '18000001 00 18'),
    raw('with another message behind it', 'unexpected_message', '18000001 00 04000000'),
    after('not requested', null, (peer) => peer.updateKeys(0)),
    after('requested', null, (peer) => {
      peer.updateKeys(1);
      expect(peer.talks()).toBe(true);
      expect(peer.messages.filter(([type]) => type === 24)).toEqual([bytes('18000001 00')]);
    }),
    after('requested five times before an answer is due', null, (peer) => {
      let records = bytes('');
      for (let count = 0; count < 5; count += 1) {
        records = join(records, peer.record(TYPE.handshake, bytes('18000001 01')));
        peer.writing = peer.writing!.next();
      }
      peer.sendBytes(records);
      expect(peer.talks()).toBe(true);
      expect(peer.messages.filter(([type]) => type === 24).length).toBe(1);
    }),
    after('a byte a record', null, (peer) => {
      for (const byte of bytes('18000001 00')) peer.sendHandshake(Uint8Array.of(byte));
      peer.writing = peer.writing!.next();
    }),
    after('in two records with data in between', 'unexpected_message', (peer) => {
      peer.sendHandshake(bytes('1800'));
      peer.sendText('in between');
    }),
    after('in two records with an alert in between', 'unexpected_message', (peer) => {
      peer.sendHandshake(bytes('1800'));
      peer.sendAlert(1, 90);
    }),
    after('data under the former key', 'bad_record_mac', (peer) => {
      peer.sendHandshake(bytes('18000001 00'));
      peer.sendText('late');
    }),
    after('with padding', null, (peer) => {
      peer.sendRecord(TYPE.handshake, bytes('18000001 00'), { paddingBytes: 1_000 });
      peer.writing = peer.writing!.next();
    }),
    after('in the clear', 'unexpected_message', (peer) => {
      peer.sendClear(TYPE.handshake, bytes('18000001 00'));
    }),
    after('20 with data in between', null, (peer) => {
      for (let count = 0; count < 20; count += 1) {
        peer.updateKeys(count % 2);
        peer.sendText('x');
      }
    }),
    after('without end', 'unexpected_message', (peer) => {
      for (let count = 0; count < 1_000 && peer.alerts.length === 0; count += 1) peer.updateKeys(1);
    }),
    after('20 a minute for an hour', null, (peer) => {
      for (let count = 0; count < 1_200; count += 1) {
        peer.now += 3_000;
        peer.updateKeys(0);
      }
    }),
    before('before Finished', 'unexpected_message', (peer) =>
      peer.sendHandshake(bytes('18000001 00')),
    ),
    ...[0x1301, 0x1302, 0x1303].map(
      (suite): ServerCase => ({
        name: `both ways under suite ${suite.toString(16)}`,
        alert: null,
        play: (peer) => {
          peer.handshake({ cipherSuites: number(2, suite) });
          peer.updateKeys(1);
          expect(peer.talks()).toBe(true);
          peer.machine.updateKeys(0, true);
          peer.exchange();
          expect(peer.messages.at(-1)).toEqual(bytes('18000001 01'));
          expect(peer.talks()).toBe(true);
        },
      }),
    ),
  ]);
});
