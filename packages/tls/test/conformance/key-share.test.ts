// Groups, key shares and HelloRetryRequest at a server (RFC 9846 sections 4.2.4, 4.3.2, 4.3.7, 4.3.8).
import { createECDH } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as EXT } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { nodeCrypto } from '../../src/node/index.ts';
import {
  type RawClientHello,
  rawClientHello,
  replaced,
  without,
} from '../support/raw-client-hello.ts';
import { bytes, extension, filled, join, list, number } from '../support/wire.ts';
import {
  GOOD_EXTENSIONS,
  helloWith,
  keyShareExtension,
  p256Share,
  RawClient,
  x25519Share,
} from './raw-client.ts';
import { TYPE } from './raw-peer.ts';
import { type ServerCase, serverConversations } from './server-cases.ts';

const groups = (data: string): Extension => extension(EXT.supported_groups, data);
const X25519 = x25519Share().share;
const P256 = p256Share().share;

function refused(name: string, alert: string, ...extensions: Extension[]): ServerCase {
  return { name, alert, play: (peer) => peer.sendHello(helloWith(...extensions)) };
}

function taken(name: string, ...extensions: Extension[]): ServerCase {
  return { name, alert: null, play: (peer) => peer.handshake(helloWith(...extensions)) };
}

describe('groups and shares', () => {
  const share = keyShareExtension;
  serverConversations([
    refused(
      'groups that nobody has',
      'handshake_failure',
      groups('0002 001e'),
      share([0x1e, filled(56)]),
    ),
    refused('GREASE alone', 'handshake_failure', groups('0002 0a0a'), share([0x0a0a, bytes('00')])),
    refused(
      'obsolete curves',
      'handshake_failure',
      groups('0004 0015 0001'),
      share([0x15, filled(57)]),
    ),
    refused('FFDHE alone', 'handshake_failure', groups('0002 0100'), share([0x100, filled(256)])),
    refused('a group twice', 'illegal_parameter', groups('0006 001d 0017 001d')),
    refused(
      'shares of one group twice',
      'illegal_parameter',
      share([0x1d, X25519], [0x1d, X25519]),
    ),
    refused('a share of a group not listed', 'illegal_parameter', groups('0002 0017')),
    refused(
      'an unknown share not listed',
      'illegal_parameter',
      share([0x1d, X25519], [0x1e, filled(56)]),
    ),
    refused('shares in another order', 'illegal_parameter', share([0x17, P256], [0x1d, X25519])),
    refused('an empty share', 'decode_error', share([0x1d, bytes('')])),
    refused('an empty share behind ours', 'decode_error', share([0x1d, X25519], [0x17, bytes('')])),
    taken('two shares', share([0x1d, X25519], [0x17, P256])),
    taken(
      'an unknown share in front',
      groups('0006 0a0a 001d 0017'),
      share([0x0a0a, bytes('00')], [0x1d, X25519]),
    ),
    taken('a bad share of the group not chosen', share([0x1d, X25519], [0x17, bytes('04')])),
    taken(
      '64 unknown groups',
      groups(
        `0082 ${Array.from({ length: 64 }, (_, index) => (0x4000 + index).toString(16)).join('')} 001d`,
      ),
    ),
  ]);
});

describe('public values that are none', () => {
  const x25519 = (name: string, value: Uint8Array): ServerCase =>
    refused(`x25519: ${name}`, 'illegal_parameter', keyShareExtension([0x1d, value]));
  const p256 = (name: string, value: Uint8Array): ServerCase =>
    refused(`secp256r1: ${name}`, 'illegal_parameter', keyShareExtension([0x17, value]));
  const one = join(bytes('01'), filled(31, 0));
  const other = createECDH('prime256v1');
  other.generateKeys();
  const compressed = new Uint8Array(other.getPublicKey(null, 'compressed'));
  const hybrid = new Uint8Array(other.getPublicKey(null, 'hybrid'));
  const prime = bytes('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff');
  serverConversations([
    x25519('all zeros', filled(32, 0)),
    x25519('one', one),
    x25519('minus one', bytes(`ec${'ff'.repeat(30)}7f`)),
    x25519('the prime', bytes(`ed${'ff'.repeat(30)}7f`)),
    x25519(
      'a point of order 8',
      bytes('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
    ),
    x25519('one byte', bytes('09')),
    x25519('31 bytes', filled(31, 0x37)),
    x25519('33 bytes', filled(33, 0x37)),
    x25519('64 bytes', filled(64, 0x37)),
    x25519('65535 - 100 bytes', filled(60_000, 0x37)),
    p256('not on the curve', join(bytes('04'), filled(64, 0x37))),
    p256('all zeros', join(bytes('04'), filled(64, 0))),
    p256('infinity', bytes('00')),
    p256('infinity in full length', filled(65, 0)),
    p256('compressed', compressed),
    p256('hybrid format', hybrid),
    p256('x of the prime', join(bytes('04'), prime, filled(32, 1))),
    p256('x only', P256.subarray(1, 33)),
    p256('without its format', P256.subarray(1)),
    p256('a byte too short', P256.subarray(0, 64)),
    p256('a byte too long', join(P256, bytes('00'))),
    p256('format 5', join(bytes('05'), P256.subarray(1))),
  ]);

  test('the highest bit of x25519 does not count', () => {
    const share = X25519.slice();
    share[31]! |= 0x80;
    const peer = new RawClient();
    peer.handshake(helloWith(keyShareExtension([0x1d, share])));
    // The raw peer computes with its private value alone, so both sides agree all the same.
    expect(peer.talks()).toBe(true);
  });

  const hybridTest = nodeCrypto.groups.includes('X25519MLKEM768') ? test : test.skip;
  hybridTest(
    'X25519MLKEM768: wrong lengths, a bad key, a bad x25519 part (needs ML-KEM in node:crypto)',
    () => {
      const values = [
        filled(1_216, 0xff),
        filled(1_215, 1),
        filled(1_217, 1),
        filled(32, 9),
        join(filled(1_184, 0), filled(32, 0)),
      ];
      for (const value of values) {
        const peer = new RawClient({ groups: nodeCrypto.groups });
        peer.sendHello(helloWith(groups('0004 11ec 001d'), keyShareExtension([0x11ec, value])));
        expect(peer.alerts).toEqual(['illegal_parameter']);
      }
    },
  );
});

/** A first hello that makes the server ask for x25519. */
const FIRST: readonly Extension[] = replaced(GOOD_EXTENSIONS, keyShareExtension());
const SECOND: readonly Extension[] = GOOD_EXTENSIONS;

/** A hello, the HelloRetryRequest, and another hello. */
function retried(
  name: string,
  alert: string | null,
  second: RawClientHello,
  first: RawClientHello = { extensions: FIRST },
): ServerCase {
  return {
    name,
    alert,
    play: (peer) => {
      peer.sendHello(first);
      expect(peer.wasRetried).toBe(true);
      peer.sendHello(second);
      if (alert === null) peer.finish();
    },
  };
}

describe('HelloRetryRequest', () => {
  const first = (...extensions: Extension[]): RawClientHello => ({
    extensions: replaced(FIRST, ...extensions),
  });
  const good = { extensions: SECOND };
  const changed = 'illegal_parameter';
  serverConversations([
    retried('the second as it should be', null, good),
    retried('no share again', changed, { extensions: FIRST }),
    retried('a share of another group', changed, helloWith(keyShareExtension([0x17, P256]))),
    retried('two shares', changed, helloWith(keyShareExtension([0x1d, X25519], [0x17, P256]))),
    retried('no key_share at all', 'missing_extension', {
      extensions: without(SECOND, EXT.key_share),
    }),
    retried('an empty share', 'decode_error', helloWith(keyShareExtension([0x1d, bytes('')]))),
    retried('a share that is none', changed, helloWith(keyShareExtension([0x1d, filled(32, 0)]))),
    retried('another random', changed, { ...good, random: filled(32, 9) }),
    retried('another session id', changed, { ...good, sessionId: filled(32, 9) }),
    retried('no session id', changed, { ...good, sessionId: bytes('') }),
    retried('other suites', changed, { ...good, cipherSuites: bytes('1301') }),
    retried('suites in another order', changed, { ...good, cipherSuites: bytes('1302 1301') }),
    retried('another suite besides', changed, { ...good, cipherSuites: bytes('1301 1302 1303') }),
    retried('another compression', changed, { ...good, compression: bytes('0100') }),
    retried('another legacy_version', 'protocol_version', { ...good, legacyVersion: 0x0301 }),
    retried('no TLS 1.3 any more', 'protocol_version', helloWith(extension(43, '02 0303'))),
    retried('other groups', changed, helloWith(groups('0002 001d'))),
    retried('other schemes', changed, helloWith(extension(13, '0002 0403'))),
    retried('no schemes any more', 'missing_extension', { extensions: without(SECOND, 13) }),
    retried('a name that was not there', changed, helloWith(extension(0, '0004 00 0001 61'))),
    retried('ALPN that was not there', changed, helloWith(extension(16, '0003 02 6832'))),
    retried('an unknown extension that was not there', changed, helloWith(extension(0x4444))),
    retried('an unknown extension that is gone', changed, good, first(extension(0x4444))),
    retried(
      'an unknown extension that has changed',
      changed,
      helloWith(extension(0x4444, '01')),
      first(extension(0x4444, '00')),
    ),
    retried('a cookie that nobody gave', changed, helloWith(extension(44, '0001 61'))),
    retried('early_data that was not there', changed, helloWith(extension(42))),
    retried(
      'early_data still there',
      changed,
      helloWith(extension(42)),
      first(extension(42), extension(45, '01 01')),
    ),
    retried('padding that was not there', null, helloWith(extension(21, '0000'))),
    retried('padding that is gone', null, good, first(extension(21, '0000'))),
    retried('extensions in another order', null, { extensions: SECOND.toReversed() }),
    {
      name: 'the group that the server prefers, though another is shared',
      alert: null,
      options: { groupChoice: 'server', groups: ['secp256r1', 'x25519'] },
      play: (peer) => {
        peer.sendHello();
        expect(peer.wasRetried).toBe(true);
        peer.sendHello(helloWith(keyShareExtension([0x17, P256])));
        peer.finish();
      },
    },
    {
      name: 'Finished instead of a hello',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.sendHello({ extensions: FIRST });
        peer.sendHandshake(bytes(`14000020 ${'00'.repeat(32)}`));
      },
    },
    {
      name: 'application data instead of a hello',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.sendHello({ extensions: FIRST });
        peer.sendRecord(TYPE.data, bytes('61'));
      },
    },
    {
      name: 'change_cipher_spec in front of the second hello',
      alert: null,
      play: (peer) => {
        peer.sendHello({ extensions: FIRST });
        peer.sendClear(TYPE.ccs, bytes('01'));
        peer.sendHello(good);
        peer.finish();
      },
    },
    {
      name: 'a part of the second hello in the record of the first',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.sendClear(TYPE.handshake, join(rawClientHello({ extensions: FIRST }), bytes('0100')));
      },
    },
    {
      name: 'a third hello',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.sendHello({ extensions: FIRST });
        peer.sendHello({ extensions: SECOND });
        peer.sendHandshake(bytes('010000020303'));
      },
    },
  ]);

  test('one change_cipher_spec behind the HelloRetryRequest, none behind the ServerHello', () => {
    const peer = new RawClient();
    peer.sendHello({ extensions: FIRST });
    expect(peer.records.map(({ type }) => type)).toEqual([TYPE.handshake, TYPE.ccs]);
    peer.sendHello(good);
    expect(peer.records.filter(({ type }) => type === TYPE.ccs).length).toBe(1);
  });
});

describe('cookies', () => {
  /** What the server's HelloRetryRequest gave, with its length. */
  const cookieOf = (peer: RawClient): Uint8Array => {
    const retry = peer.messages[0]!;
    const at = Buffer.from(retry).indexOf(Buffer.from('002c0022', 'hex'));
    return retry.slice(at + 4, at + 4 + retry[at + 2]! * 256 + retry[at + 3]!);
  };
  const options = { sendsCookie: true };
  const answered = (
    name: string,
    alert: string | null,
    change: (cookie: Uint8Array) => Uint8Array | null,
  ): ServerCase => ({
    name,
    alert,
    options,
    play: (peer) => {
      peer.sendHello();
      const cookie = change(cookieOf(peer));
      peer.sendHello(cookie === null ? {} : helloWith({ type: EXT.cookie, data: cookie }));
      if (alert === null) peer.finish();
    },
  });
  const damage = (cookie: Uint8Array): Uint8Array => {
    cookie[10]! ^= 1;
    return cookie;
  };
  serverConversations([
    answered('brought back', null, (cookie) => cookie),
    answered('damaged', 'illegal_parameter', damage),
    answered('cut', 'illegal_parameter', (cookie) => list(2, cookie.subarray(2, -1))),
    answered('prolonged', 'illegal_parameter', (cookie) =>
      list(2, cookie.subarray(2), number(1, 0)),
    ),
    answered('empty', 'decode_error', () => bytes('0000')),
    answered('left out', 'illegal_parameter', () => null),
  ]);
});
