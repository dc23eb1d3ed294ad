// How a ClientHello comes, and what comes instead of it (RFC 9846 sections 4 and 5).
import { describe, expect, test } from 'vitest';
import { rawClientHello } from '../support/raw-client-hello.ts';
import { bytes, filled, join, list, number } from '../support/wire.ts';
import { GOOD_EXTENSIONS, RawClient } from './raw-client.ts';
import { clearRecord, TYPE } from './raw-peer.ts';
import { type ServerCase, serverConversations } from './server-cases.ts';

describe('what goes before and between', () => {
  const hello = rawClientHello({ extensions: GOOD_EXTENSIONS });
  const pieces = (peer: RawClient, byteCount: number): void => {
    peer.transcript.push(hello);
    for (let at = 0; at < hello.length; at += byteCount) {
      peer.sendClear(TYPE.handshake, hello.subarray(at, at + byteCount));
    }
  };
  const first = (name: string, alert: string, data: Uint8Array): ServerCase => ({
    name,
    alert,
    play: (peer) => peer.sendBytes(data),
  });
  serverConversations([
    {
      name: 'a record for each byte',
      alert: null,
      play: (peer) => {
        pieces(peer, 1);
        peer.finish();
      },
    },
    ...[2, 3, 4, 5, 100].map(
      (byteCount): ServerCase => ({
        name: `records of ${byteCount} bytes`,
        alert: null,
        play: (peer) => {
          pieces(peer, byteCount);
          peer.finish();
        },
      }),
    ),
    {
      name: 'an empty record in between',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.sendClear(TYPE.handshake, hello.subarray(0, 50));
        peer.sendClear(TYPE.handshake, bytes(''));
      },
    },
    {
      name: 'an alert in between',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.sendClear(TYPE.handshake, hello.subarray(0, 50));
        peer.sendClear(TYPE.alert, bytes('015a'));
      },
    },
    {
      name: 'change_cipher_spec in between',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.sendClear(TYPE.handshake, hello.subarray(0, 50));
        peer.sendClear(TYPE.ccs, bytes('01'));
      },
    },
    {
      name: 'a second hello in the same record',
      alert: 'unexpected_message',
      play: (peer) => peer.sendClear(TYPE.handshake, join(hello, hello)),
    },
    {
      name: 'a second hello in the next record',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.sendHelloMessage(hello);
        peer.sendHandshake(hello);
      },
    },
    {
      name: 'any legacy_record_version',
      alert: null,
      play: (peer) => {
        peer.transcript.push(hello);
        peer.sendClear(TYPE.handshake, hello.subarray(0, 9), 0x0300);
        peer.sendClear(TYPE.handshake, hello.subarray(9), 0x0304);
        peer.finish();
      },
    },
    first('change_cipher_spec', 'unexpected_message', clearRecord(TYPE.ccs, bytes('01'))),
    first('application data', 'unexpected_message', clearRecord(TYPE.data, bytes('61'))),
    first('a heartbeat', 'unexpected_message', clearRecord(TYPE.heartbeat, filled(19, 1))),
    first('an unknown content type', 'unexpected_message', clearRecord(25, bytes('61'))),
    first('content type 0', 'unexpected_message', clearRecord(0, bytes('61'))),
    first('HTTP', 'unexpected_message', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')),
    first('an empty record', 'unexpected_message', clearRecord(TYPE.handshake, bytes(''))),
    first('a hello of SSL 2.0', 'unexpected_message', bytes('802e 01 0300 0015 0000 0010 010080')),
    first(
      'a record of 2^14+1 bytes',
      'record_overflow',
      clearRecord(TYPE.handshake, filled(16_385, 1)),
    ),
    first(
      'a message of another type',
      'unexpected_message',
      clearRecord(TYPE.handshake, bytes('14000000')),
    ),
    first('HelloRequest', 'unexpected_message', clearRecord(TYPE.handshake, bytes('00000000'))),
    first('message_hash', 'unexpected_message', clearRecord(TYPE.handshake, bytes('fe000001 00'))),
    first(
      'an unknown message',
      'unexpected_message',
      clearRecord(TYPE.handshake, bytes('ff000001 00')),
    ),
    first('a hello of 16 MB', 'decode_error', clearRecord(TYPE.handshake, bytes('01ffffff 0303'))),
    first('an empty hello', 'decode_error', clearRecord(TYPE.handshake, bytes('01000000'))),
    first('an empty alert', 'unexpected_message', clearRecord(TYPE.alert, bytes(''))),
    first('half an alert', 'decode_error', clearRecord(TYPE.alert, bytes('02'))),
    first('two alerts', 'decode_error', clearRecord(TYPE.alert, bytes('02280228'))),
  ]);

  test('a hello cut at any byte is a decode_error, but for one without extensions', () => {
    const body = hello.subarray(4);
    const endOfFrame = 2 + 32 + 33 + 6 + 2;
    for (let end = 0; end < body.length; end += 1) {
      const peer = new RawClient();
      peer.sendHelloMessage(join(number(1, 1), list(3, body.subarray(0, end))));
      expect([end, ...peer.alerts]).toEqual([
        end,
        end === endOfFrame ? 'protocol_version' : 'decode_error',
      ]);
    }
  });

  test('a hello of any message length but its own is waited for or refused', () => {
    for (const change of [-5, -1, 1, 5]) {
      const peer = new RawClient();
      const length = number(3, hello.length - 4 + change);
      peer.sendHelloMessage(join(number(1, 1), length, hello.subarray(4)));
      // One that is too long waits for more; what is left over behind one too short is not aligned, either.
      expect(peer.alerts).toEqual(change < 0 ? ['decode_error'] : []);
      expect(peer.machine.isSecured).toBe(false);
    }
  });
});
