// A server whose client sends messages out of order, twice, malformed, or beside other records
// (RFC 9846 sections 4, 4.5.3, 5, 5.1 and appendix A.2).
import { describe, expect, test } from 'vitest';
import { rawClientHello } from '../support/raw-client-hello.ts';
import { bytes, filled, join, list, number } from '../support/wire.ts';
import { GOOD_EXTENSIONS, helloWith, RawClient } from './raw-client.ts';
import { clearRecord, TYPE } from './raw-peer.ts';
import { after, before, type ServerCase, serverConversations } from './server-cases.ts';

/** A message of a type with a body that does not matter. */
const anyMessage = (type: number, body = '00000000'): Uint8Array =>
  join(number(1, type), list(3, bytes(body)));

const HELLO = rawClientHello({ extensions: GOOD_EXTENSIONS });

describe('messages of every type', () => {
  const types = Array.from({ length: 256 }, (_, type) => type);
  serverConversations([
    ...types
      .filter((type) => type !== 20)
      .map((type) =>
        before(`type ${type} instead of Finished`, 'unexpected_message', (peer) =>
          peer.sendHandshake(anyMessage(type, type === 24 ? '00' : type === 5 ? '' : '00000000')),
        ),
      ),
    ...types
      .filter((type) => type !== 24)
      .map((type) =>
        after(`type ${type} after the handshake`, 'unexpected_message', (peer) =>
          peer.sendHandshake(anyMessage(type, type === 5 ? '' : '00000000')),
        ),
      ),
  ]);
});

describe('Finished', () => {
  const change = (edit: (verify: Uint8Array) => Uint8Array) => (peer: RawClient) =>
    peer.sendHandshake(join(number(1, 20), list(3, edit(peer.finished().slice(4)))));
  const flip = (at: number) => (verify: Uint8Array) => {
    verify[at]! ^= 1;
    return verify;
  };
  serverConversations([
    ...Array.from({ length: 32 }, (_, at) =>
      before(`byte ${at} wrong`, 'decrypt_error', change(flip(at))),
    ),
    before(
      'all zeros',
      'decrypt_error',
      change(() => filled(32, 0)),
    ),
    before(
      'empty',
      'decode_error',
      change(() => bytes('')),
    ),
    ...[1, 16, 31].map((byteCount) =>
      before(
        `cut to ${byteCount}`,
        'decode_error',
        change((verify) => verify.subarray(0, byteCount)),
      ),
    ),
    ...[1, 2, 16, 17, 1_000, 16_000].map((byteCount) =>
      before(
        `${byteCount} bytes behind it`,
        'decode_error',
        change((verify) => join(verify, filled(byteCount, 0))),
      ),
    ),
    before('in the clear', 'unexpected_message', (peer) =>
      peer.sendClear(TYPE.handshake, peer.finished()),
    ),
    before('before the hello is answered', 'unexpected_message', (peer) => {
      peer.sendHandshake(peer.finished(), peer.finished());
    }),
    after('twice', 'unexpected_message', (peer) => peer.sendHandshake(peer.finished())),
    before('with a byte behind it in the record', 'unexpected_message', (peer) => {
      peer.sendHandshake(peer.finished(), bytes('00'));
    }),
    before('with KeyUpdate behind it in the record', 'unexpected_message', (peer) => {
      peer.sendHandshake(peer.finished(), bytes('18000001 00'));
    }),
    before('a byte a record', null, (peer) => {
      const finished = peer.finished();
      for (const byte of finished) peer.sendHandshake(Uint8Array.of(byte));
      peer.transcript.push(finished);
      peer.secure();
    }),
    before('with padding', null, (peer) => {
      const finished = peer.finished();
      peer.sendRecord(TYPE.handshake, finished, { paddingBytes: 16_000 });
      peer.secure();
    }),
    before('with an alert inside', 'unexpected_message', (peer) => {
      peer.sendHandshake(peer.finished().subarray(0, 10));
      peer.sendAlert(1, 90);
    }),
    // "MUST simply drop it without further processing", wherever it comes (section 5).
    before('with change_cipher_spec inside', null, (peer) => {
      const finished = peer.finished();
      peer.sendHandshake(finished.subarray(0, 10));
      peer.sendClear(TYPE.ccs, bytes('01'));
      peer.sendHandshake(finished.subarray(10));
      peer.transcript.push(finished);
      peer.secure();
    }),
    before('with an empty fragment inside', 'unexpected_message', (peer) => {
      peer.sendHandshake(peer.finished().subarray(0, 10));
      peer.sendHandshake(bytes(''));
    }),
    before('with data in front', 'unexpected_message', (peer) => peer.sendText('early')),
    before('with empty data in front', 'unexpected_message', (peer) => peer.sendText('')),
    before('under the keys of the application', 'bad_record_mac', (peer) => {
      peer.secure();
      peer.sendHandshake(peer.finished());
    }),
    before('with a damaged tag', 'bad_record_mac', (peer) => {
      peer.sendRecord(TYPE.handshake, peer.finished(), { damagedBytes: 1 });
    }),
    before('over another transcript', 'decrypt_error', (peer) => {
      peer.transcript.pop();
      peer.sendHandshake(peer.finished());
    }),
  ]);

  test('nothing of what comes with a wrong Finished is reported', () => {
    const peer = new RawClient();
    peer.sendHello();
    const wrong = peer.record(TYPE.handshake, join(bytes('14000020'), filled(32, 1)));
    peer.secure();
    peer.sendBytes(join(wrong, peer.record(TYPE.data, bytes('61'))));
    expect(peer.alerts).toEqual(['decrypt_error']);
    expect(peer.machineText).toBe('');
  });
});

describe('change_cipher_spec', () => {
  const ccs = (peer: RawClient, data = '01'): void => peer.sendClear(TYPE.ccs, bytes(data));
  const finish = (peer: RawClient): void => peer.finish();
  serverConversations([
    before('in front of Finished', null, (peer) => {
      ccs(peer);
      finish(peer);
    }),
    before('five of them', null, (peer) => {
      for (let count = 0; count < 5; count += 1) ccs(peer);
      finish(peer);
    }),
    before('with version 3.1', null, (peer) => {
      peer.sendClear(TYPE.ccs, bytes('01'), 0x0301);
      finish(peer);
    }),
    before('100 of them', 'unexpected_message', (peer) => {
      for (let count = 0; count < 100 && peer.alerts.length === 0; count += 1) ccs(peer);
    }),
    before('of 0', 'unexpected_message', (peer) => ccs(peer, '00')),
    before('of 2', 'unexpected_message', (peer) => ccs(peer, '02')),
    before('of 255', 'unexpected_message', (peer) => ccs(peer, 'ff')),
    before('of two bytes', 'unexpected_message', (peer) => ccs(peer, '0101')),
    before('of two bytes, the second 0', 'unexpected_message', (peer) => ccs(peer, '0100')),
    before('empty', 'unexpected_message', (peer) => ccs(peer, '')),
    before('protected', 'unexpected_message', (peer) => peer.sendRecord(TYPE.ccs, bytes('01'))),
    after('after Finished', 'unexpected_message', (peer) => ccs(peer)),
    after('protected after Finished', 'unexpected_message', (peer) => {
      peer.sendRecord(TYPE.ccs, bytes('01'));
    }),
    {
      name: 'in front of the hello',
      alert: 'unexpected_message',
      play: (peer) => {
        ccs(peer);
        peer.sendHello();
      },
    },
  ]);
});

describe('a hello once more', () => {
  serverConversations([
    before('instead of Finished', 'unexpected_message', (peer) => peer.sendHandshake(HELLO)),
    after('after the handshake: no renegotiation', 'unexpected_message', (peer) =>
      peer.sendHandshake(HELLO),
    ),
    before('in the clear instead of Finished', 'unexpected_message', (peer) =>
      peer.sendClear(TYPE.handshake, HELLO),
    ),
    after('in the clear after the handshake', 'unexpected_message', (peer) =>
      peer.sendClear(TYPE.handshake, HELLO),
    ),
  ]);
});

describe('early data of others', () => {
  const early = helloWith({ type: 45, data: bytes('01 01') }, { type: 42, data: bytes('') });
  const offered = (
    name: string,
    alert: string | null,
    play: (peer: RawClient) => void,
  ): ServerCase => ({
    name,
    alert,
    play: (peer) => {
      peer.sendHello(early);
      play(peer);
    },
  });
  const junk = (peer: RawClient, byteCount: number): void =>
    peer.sendClear(TYPE.data, filled(byteCount, 0x5a));
  serverConversations([
    offered('offered, and none sent', null, (peer) => peer.finish()),
    offered('one record', null, (peer) => {
      junk(peer, 100);
      peer.finish();
    }),
    offered('records shorter than a tag', null, (peer) => {
      junk(peer, 1);
      junk(peer, 16);
      junk(peer, 17);
      peer.finish();
    }),
    offered('two full records and change_cipher_spec', null, (peer) => {
      junk(peer, 16_384 + 17);
      peer.sendClear(TYPE.ccs, bytes('01'));
      junk(peer, 16_384 + 17);
      peer.finish();
    }),
    offered('too much of it', 'unexpected_message', (peer) => {
      for (let count = 0; count < 9 && peer.alerts.length === 0; count += 1) junk(peer, 16_000);
    }),
    offered('a record too large', 'record_overflow', (peer) => {
      peer.sendBytes(bytes('17 0303 4101'));
    }),
    offered('a damaged record behind the first that opens', 'bad_record_mac', (peer) => {
      junk(peer, 100);
      const finished = peer.finished();
      peer.sendHandshake(finished.subarray(0, 10));
      junk(peer, 100);
    }),
    offered('a damaged record behind Finished', 'bad_record_mac', (peer) => {
      junk(peer, 100);
      peer.finish();
      junk(peer, 100);
    }),
    before('not offered', 'bad_record_mac', (peer) => junk(peer, 100)),
    {
      name: 'behind a HelloRetryRequest, in front of the second hello',
      alert: null,
      play: (peer) => {
        const first = helloWith(
          { type: 51, data: bytes('0000') },
          { type: 45, data: bytes('01 01') },
          { type: 42, data: bytes('') },
        );
        peer.sendHello(first);
        junk(peer, 100);
        junk(peer, 1);
        peer.sendHello(helloWith({ type: 45, data: bytes('01 01') }));
        peer.finish();
      },
    },
    {
      name: 'all in one chunk with the first hello',
      alert: null,
      play: (peer) => {
        const modes = { type: 45, data: bytes('01 01') };
        const shares = { type: 51, data: bytes('0000') };
        const first = helloWith(shares, modes, { type: 42, data: bytes('') });
        const hello = rawClientHello(first);
        peer.transcript.push(hello);
        const ccs = clearRecord(TYPE.ccs, bytes('01'));
        const data = clearRecord(TYPE.data, filled(16_400, 0x5a));
        peer.sendBytes(join(clearRecord(TYPE.handshake, hello), ccs, data, data));
        peer.sendHello(helloWith(modes));
        peer.finish();
      },
    },
    {
      name: 'behind the second hello',
      alert: 'bad_record_mac',
      play: (peer) => {
        const first = helloWith({ type: 51, data: bytes('0000') }, { type: 42, data: bytes('') });
        peer.sendHello(first);
        junk(peer, 100);
        peer.sendHello();
        junk(peer, 100);
      },
    },
  ]);
});
