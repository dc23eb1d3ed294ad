// What extensions change about records at a server: their sizes (RFC 8449, RFC 6066 section 4) and heartbeats
// (RFC 6520).
import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as EXT } from '../../src/extensions/extension-type.ts';
import { bytes, extension, filled } from '../support/wire.ts';
import { helloWith, RawClient } from './raw-client.ts';
import { TYPE } from './raw-peer.ts';
import { type ServerCase, serverConversations } from './server-cases.ts';

describe('record_size_limit and max_fragment_length', () => {
  const limited = (type: number, data: string) => (peer: RawClient) =>
    peer.handshake(helloWith(extension(type, data)));
  const sizes = (peer: RawClient): number => {
    peer.machine.sendData(filled(40_000), 0);
    peer.exchange();
    expect(peer.text.length).toBe(40_000);
    const secret = peer.records.filter(({ isProtected }) => isProtected);
    return Math.max(...secret.map(({ innerBytes }) => innerBytes));
  };

  test('no record has more than the client says that it takes', () => {
    const cases: [number, string, number][] = [
      [EXT.record_size_limit, '0040', 64],
      [EXT.record_size_limit, '0200', 512],
      [EXT.record_size_limit, '4000', 16_384],
      [EXT.record_size_limit, '4001', 16_385],
      [EXT.record_size_limit, '4002', 16_385],
      [EXT.record_size_limit, 'ffff', 16_385],
      [EXT.max_fragment_length, '01', 513],
      [EXT.max_fragment_length, '04', 4_097],
    ];
    for (const [type, data, innerBytesMax] of cases) {
      const peer = new RawClient();
      limited(type, data)(peer);
      expect([data, sizes(peer)]).toEqual([data, innerBytesMax]);
    }
  });

  test('the handshake of a server keeps to it from EncryptedExtensions on', () => {
    const peer = new RawClient();
    peer.sendHello(helloWith(extension(EXT.record_size_limit, '0040')));
    const secret = peer.records.filter(({ isProtected }) => isProtected);
    expect(secret.length).toBeGreaterThan(5);
    expect(Math.max(...secret.map(({ innerBytes }) => innerBytes))).toBe(64);
    peer.finish();
    expect(peer.talks()).toBe(true);
  });

  const own = { recordSizeLimit: 512 };
  const agreed = (
    name: string,
    alert: string | null,
    byteCount: number,
    padding = 0,
  ): ServerCase => ({
    name,
    alert,
    options: own,
    play: (peer) => {
      limited(EXT.record_size_limit, '4001')(peer);
      peer.sendRecord(TYPE.data, filled(byteCount), { paddingBytes: padding });
    },
  });
  const fragments = (name: string, alert: string | null, byteCount: number): ServerCase => ({
    name,
    alert,
    play: (peer) => {
      limited(EXT.max_fragment_length, '01')(peer);
      peer.sendRecord(TYPE.data, filled(byteCount));
    },
  });
  serverConversations([
    agreed('our limit, reached', null, 511),
    agreed('our limit, reached by padding', null, 1, 510),
    agreed('our limit, exceeded by a byte', 'record_overflow', 512),
    agreed('our limit, exceeded by padding', 'record_overflow', 1, 511),
    agreed('our limit, exceeded by far', 'record_overflow', 16_384),
    fragments('a fragment as long as agreed', null, 512),
    fragments('a fragment a byte longer', 'record_overflow', 513),
    {
      name: 'our limit counts only where the client has the extension',
      alert: null,
      options: own,
      play: (peer) => {
        peer.handshake();
        peer.sendRecord(TYPE.data, filled(16_384));
      },
    },
    {
      name: 'max_fragment_length is ignored beside record_size_limit',
      alert: null,
      play: (peer) => {
        peer.handshake(helloWith(extension(1, '01'), extension(28, '4001')));
        expect(sizes(peer)).toBe(16_385);
        peer.sendRecord(TYPE.data, filled(16_384));
      },
    },
  ]);
});

describe('heartbeats', () => {
  const options = { heartbeat: 'peer-allowed-to-send' } as const;
  const beat = (
    name: string,
    alert: string | null,
    data: string,
    answers: number,
    mode = '01',
  ): ServerCase => ({
    name,
    alert,
    options,
    play: (peer) => {
      peer.handshake(helloWith(extension(EXT.heartbeat, mode)));
      peer.sendRecord(TYPE.heartbeat, bytes(data));
      expect(peer.records.filter(({ type }) => type === TYPE.heartbeat).length).toBe(answers);
    },
  });
  const padding = '00'.repeat(16);
  serverConversations([
    beat('a request is answered', null, `01 0003 616263 ${padding}`, 1),
    beat('without payload', null, `01 0000 ${padding}`, 1),
    beat('of a client that takes none itself', null, `01 0001 61 ${padding}`, 1, '02'),
    beat('with longer padding', null, `01 0001 61 ${padding.repeat(20)}`, 1),
    beat('padding of 15 bytes', null, `01 0001 61 ${padding.slice(2)}`, 0),
    beat('a payload_length of 65535', null, `01 ffff 61 ${padding}`, 0),
    beat('a payload_length a byte too long', null, `01 0002 61 ${padding}`, 0),
    beat('a response to nothing', null, `02 0001 61 ${padding}`, 0),
    beat('an unknown type', null, `03 0001 61 ${padding}`, 0),
    beat('empty', null, '', 0),
    beat('one byte', null, '01', 0),
    {
      name: 'a request before Finished is dropped',
      alert: null,
      options,
      play: (peer) => {
        peer.sendHello(helloWith(extension(EXT.heartbeat, '01')));
        peer.sendRecord(TYPE.heartbeat, bytes(`01 0001 61 ${padding}`));
        peer.finish();
        expect(peer.records.some(({ type }) => type === TYPE.heartbeat)).toBe(false);
      },
    },
    {
      name: 'a request of a client that was not offered it',
      alert: 'unexpected_message',
      options,
      play: (peer) => {
        peer.handshake();
        peer.sendRecord(TYPE.heartbeat, bytes(`01 0001 61 ${padding}`));
      },
    },
  ]);

  test('the answer has the payload and 16 bytes of padding', () => {
    const peer = new RawClient(options);
    peer.handshake(helloWith(extension(EXT.heartbeat, '01')));
    peer.sendRecord(TYPE.heartbeat, bytes(`01 0003 616263 ${padding}`));
    const { content } = peer.records.at(-1)!;
    expect(content.subarray(0, 6)).toEqual(bytes('02 0003 616263'));
    expect(content.length).toBe(22);
  });
});
