// Records, alerts and new keys after and during the handshake, at a server (RFC 9846 sections 4.7.3, 5 and 6,
// RFC 6520, RFC 8449).
import { describe, expect, test } from 'vitest';
import { bytes, filled, join, number } from '../support/wire.ts';
import { RawClient } from './raw-client.ts';
import { TYPE } from './raw-peer.ts';
import { after, before, type ServerCase, serverConversations } from './server-cases.ts';

const header = (type: number, byteCount: number): Uint8Array =>
  join(number(1, type), bytes('0303'), number(2, byteCount));

describe('sizes of records', () => {
  const data = (peer: RawClient, byteCount: number, paddingBytes = 0): void => {
    peer.sendRecord(TYPE.data, filled(byteCount), { paddingBytes });
    if (peer.alerts.length === 0) expect(peer.machineText).toBe('a'.repeat(byteCount));
  };
  serverConversations([
    after('16384 bytes', null, (peer) => data(peer, 16_384)),
    after('16383 bytes and padding of 1', null, (peer) => data(peer, 16_383, 1)),
    after('1 byte and padding of 16383', null, (peer) => data(peer, 1, 16_383)),
    after('padding of 16384 alone', null, (peer) => data(peer, 0, 16_384)),
    after('16385 bytes', 'record_overflow', (peer) => data(peer, 16_385)),
    after('16384 bytes and padding of 1', 'record_overflow', (peer) => data(peer, 16_384, 1)),
    after('padding of 16385', 'record_overflow', (peer) => data(peer, 0, 16_385)),
    after('16384 bytes and padding of 238', 'record_overflow', (peer) => data(peer, 16_384, 238)),
    after('a header of 2^14+257', 'record_overflow', (peer) => peer.sendBytes(header(23, 16_641))),
    after('a header of 65535', 'record_overflow', (peer) => peer.sendBytes(header(23, 65_535))),
    after('2^14+256 bytes that do not open', 'bad_record_mac', (peer) => {
      peer.sendBytes(join(header(23, 16_640), filled(16_640)));
    }),
    after('no byte', 'bad_record_mac', (peer) => peer.sendBytes(header(23, 0))),
    after('one byte', 'bad_record_mac', (peer) => peer.sendBytes(join(header(23, 1), bytes('00')))),
    after('15 bytes', 'bad_record_mac', (peer) => peer.sendBytes(join(header(23, 15), filled(15)))),
    after('16 bytes', 'bad_record_mac', (peer) => peer.sendBytes(join(header(23, 16), filled(16)))),
    after('a damaged tag', 'bad_record_mac', (peer) => {
      peer.sendRecord(TYPE.data, bytes('61'), { damagedBytes: 1 });
    }),
    after('damage all over', 'bad_record_mac', (peer) => {
      peer.sendRecord(TYPE.data, bytes('61'), { damagedBytes: 18 });
    }),
    after('a record twice', 'bad_record_mac', (peer) => {
      const record = peer.record(TYPE.data, bytes(''));
      peer.sendBytes(record);
      peer.sendBytes(record);
    }),
    after('a header that was changed in between', 'bad_record_mac', (peer) => {
      const record = peer.record(TYPE.data, bytes('61'));
      record[2] = 1;
      peer.sendBytes(record);
    }),
    after('another legacy_record_version, authenticated as it is', null, (peer) => {
      peer.sendRecord(TYPE.data, bytes('61'), { version: 0x0301 });
    }),
    before('Finished of 2^14+1 bytes in one record', 'record_overflow', (peer) => {
      peer.sendRecord(TYPE.handshake, join(bytes('14003ffd'), filled(16_381, 0)));
    }),
    before('Finished of 2^24-1 bytes, sent to its end', 'decode_error', (peer) => {
      peer.sendRecord(TYPE.handshake, bytes('14ffffff'));
      for (let count = 0; count < 1_024; count += 1) peer.sendBytes(filled(16_640));
    }),
    ...Array.from({ length: 128 }, (_, bit) =>
      after(`bit ${bit} of the tag flipped`, 'bad_record_mac', (peer) => {
        const record = peer.record(TYPE.data, bytes('61'));
        record[record.length - 1 - (bit >> 3)]! ^= 1 << (bit & 7);
        peer.sendBytes(record);
      }),
    ),
    before('a handshake header of 2^14+1 in the clear', 'record_overflow', (peer) => {
      peer.sendBytes(header(22, 16_385));
    }),
  ]);
});

describe('types of records', () => {
  serverConversations([
    ...[0, 1, 19, 25, 99, 255].map((type) =>
      after(`inner type ${type}`, 'unexpected_message', (peer) => {
        // An inner type of 0 is padding in front of which 0x61 stands for a type.
        peer.sendRecord(type, bytes('61'));
      }),
    ),
    ...[0, 19, 25, 128, 255].map((type) =>
      after(`outer type ${type}`, 'unexpected_message', (peer) => {
        peer.sendClear(type, filled(32));
      }),
    ),
    after('outer type handshake', 'unexpected_message', (peer) => peer.sendClear(22, filled(32))),
    after('outer type alert', 'unexpected_message', (peer) => peer.sendClear(21, bytes('0100'))),
    after('outer type heartbeat', 'unexpected_message', (peer) => peer.sendClear(24, filled(32))),
    after('zeros alone', 'unexpected_message', (peer) => peer.sendRecord(0, filled(100, 0))),
    after('a single zero', 'unexpected_message', (peer) => peer.sendRecord(0, bytes(''))),
    after('16384 zeros', 'unexpected_message', (peer) => peer.sendRecord(0, filled(16_384, 0))),
    after('a heartbeat that was not agreed on', 'unexpected_message', (peer) => {
      peer.sendRecord(TYPE.heartbeat, bytes(`01 0001 61 ${'00'.repeat(16)}`));
    }),
    after('empty data', null, (peer) => peer.sendText('')),
    after('empty data with padding', null, (peer) => {
      peer.sendRecord(TYPE.data, bytes(''), { paddingBytes: 100 });
    }),
    after('20 empty records', null, (peer) => {
      for (let count = 0; count < 20; count += 1) peer.sendText('');
    }),
    after('an empty record in front of each of 200 with data', null, (peer) => {
      for (let count = 0; count < 200; count += 1) {
        peer.sendText('');
        peer.sendText('a');
      }
      expect(peer.machineText).toBe('a'.repeat(200));
    }),
    after('1000 empty records at once', 'unexpected_message', (peer) => {
      for (let count = 0; count < 1_000 && peer.alerts.length === 0; count += 1) peer.sendText('');
    }),
    after('an empty handshake record', 'unexpected_message', (peer) => {
      peer.sendHandshake(bytes(''));
    }),
    after('an empty handshake record with padding', 'unexpected_message', (peer) => {
      peer.sendRecord(TYPE.handshake, bytes(''), { paddingBytes: 100 });
    }),
    after('an empty alert', 'unexpected_message', (peer) => peer.sendRecord(TYPE.alert, bytes(''))),
    after('an empty alert with padding', 'unexpected_message', (peer) => {
      peer.sendRecord(TYPE.alert, bytes(''), { paddingBytes: 100 });
    }),
    before('an empty handshake record before Finished', 'unexpected_message', (peer) => {
      peer.sendHandshake(bytes(''));
    }),
    before('an unknown inner type before Finished', 'unexpected_message', (peer) => {
      peer.sendRecord(99, bytes('61'));
    }),
  ]);
});

describe('alerts', () => {
  const broken = (name: string, data: string): ServerCase =>
    after(name, 'decode_error', (peer) => peer.sendRecord(TYPE.alert, bytes(data)));
  serverConversations([
    broken('one byte', '02'),
    broken('three bytes', '010000'),
    broken('two alerts', '02280228'),
    after('in two records', 'decode_error', (peer) => {
      peer.sendRecord(TYPE.alert, bytes('01'));
    }),
    after('user_canceled and more data', null, (peer) => {
      peer.sendAlert(1, 90);
      peer.sendText('still here');
    }),
    after('user_canceled said to be fatal', null, (peer) => peer.sendAlert(2, 90)),
    after('many times user_canceled', 'unexpected_message', (peer) => {
      for (let count = 0; count < 10 && peer.alerts.length === 0; count += 1) peer.sendAlert(1, 90);
    }),
  ]);

  test('any alert but close_notify and user_canceled ends the connection, whatever its level', () => {
    for (const level of [0, 1, 2, 3, 255]) {
      for (let description = 1; description < 256; description += 1) {
        if (description === 90) continue;
        const peer = new RawClient();
        peer.handshake();
        peer.sendAlert(level, description);
        expect(peer.alerts).toEqual([]);
        const failed = { type: 'failed', alert: null, receivedAlert: description };
        expect(peer.events.at(-2)).toMatchObject(failed);
        expect(peer.events.at(-1)).toMatchObject({ type: 'closed', cause: 'failed' });
      }
    }
  }, 60_000);

  test('close_notify at any level is the end of what the peer sends, and of nothing else', () => {
    for (const level of [0, 1, 2, 255]) {
      const peer = new RawClient();
      peer.handshake();
      peer.sendAlert(level, 0);
      peer.sendText('ignored');
      expect(peer.events.at(-1)).toEqual({ type: 'end', end: 'finished' });
      peer.machine.sendData(new TextEncoder().encode('goodbye'), 0);
      peer.machine.closeNotify(0);
      peer.exchange();
      expect(peer.text).toBe('goodbye');
      expect(peer.alerts).toEqual(['close_notify']);
      expect(peer.machineText).toBe('');
      expect(peer.events.at(-1)).toMatchObject({ type: 'closed', cause: 'finished' });
    }
  });

  test('alerts in the clear are taken until the client has shown its keys', () => {
    const early = new RawClient();
    early.sendHello();
    early.sendClear(TYPE.alert, bytes('0228'));
    expect(early.alerts).toEqual([]);
    expect(early.events[0]).toMatchObject({ type: 'failed', receivedAlert: 40 });

    const late = new RawClient();
    late.handshake();
    late.sendClear(TYPE.alert, bytes('0228'));
    expect(late.alerts).toEqual(['unexpected_message']);
  });
});
