// External pre-shared keys at a server (RFC 9846 sections 4.2.1, 4.3.9, 4.3.11).
import { describe, expect } from 'vitest';
import { EXTENSION_TYPE as EXT } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import type { TlsServerOptions } from '../../src/server.ts';
import { rawClientHello, replaced, without } from '../support/raw-client-hello.ts';
import { bytes, extension, filled, join, list, number } from '../support/wire.ts';
import { derive, earlySecret, PEER_SUITES, verifyData } from './peer-secrets.ts';
import { GOOD_EXTENSIONS, keyShareExtension, type RawClient } from './raw-client.ts';
import { type ServerCase, serverConversations } from './server-cases.ts';

const IDENTITY = new TextEncoder().encode('device 7');
const SECRET: Uint8Array = filled(32, 7);
const PSK = { identity: IDENTITY, secret: SECRET };
const PSK384 = {
  identity: new TextEncoder().encode('device 8'),
  secret: SECRET,
  hash: 'sha384',
} as const;
const MODES = extension(EXT.psk_key_exchange_modes, '01 01');
const PSK_ONLY = extension(EXT.psk_key_exchange_modes, '01 00');

interface Offer {
  readonly identities?: readonly Uint8Array[];
  readonly binders?: number;
  readonly extensions?: readonly Extension[];
  readonly suite?: number;
  readonly cipherSuites?: Uint8Array;
  readonly ages?: number;
  /** Changes the binders. */
  readonly change?: (binder: Uint8Array) => Uint8Array;
}

/** A hello with pre_shared_key at its end, the binders right for every identity. */
function boundHello(peer: RawClient, offer: Offer = {}): Uint8Array {
  const { identities = [IDENTITY], extensions = [...GOOD_EXTENSIONS, MODES], ages = 0 } = offer;
  const suite = PEER_SUITES[offer.suite ?? 0x1301]!;
  const entries = identities.map((identity) => join(list(2, identity), number(4, ages)));
  const count = offer.binders ?? identities.length;
  const make = (binder: Uint8Array): Uint8Array => {
    const binders = list(2, ...Array.from({ length: count }, () => list(1, binder)));
    const data = join(list(2, ...entries), binders);
    const { cipherSuites = bytes('1301 1302') } = offer;
    const psk = { type: EXT.pre_shared_key, data };
    return rawClientHello({ cipherSuites, extensions: [...extensions, psk] });
  };
  const blank = make(filled(suite.hashBytes, 0));
  const truncated = blank.subarray(0, blank.length - 2 - count * (1 + suite.hashBytes));
  const key = derive(suite, earlySecret(suite, SECRET), 'ext binder', []);
  const binder = verifyData(suite, key, [...peer.transcript, truncated]);
  return make(offer.change?.(binder) ?? binder);
}

function offered(
  name: string,
  alert: string | null,
  offer: Offer = {},
  options: Partial<TlsServerOptions> = {},
): ServerCase {
  return {
    name,
    alert,
    options: { preSharedKeys: [PSK, PSK384], ...options },
    play: (peer) => {
      peer.psk = SECRET;
      peer.sendHelloMessage(boundHello(peer, offer));
      if (alert !== null) return;
      // Without pre_shared_key in the ServerHello the schedule is one without a key.
      peer.finish();
    },
  };
}

/** The key is not used, and a certificate is shown instead. */
function ignored(name: string, offer: Offer, options: Partial<TlsServerOptions> = {}): ServerCase {
  return {
    name,
    alert: null,
    options: { preSharedKeys: [PSK], ...options },
    play: (peer) => {
      peer.sendHelloMessage(boundHello(peer, offer));
      expect(peer.messages.some(([type]) => type === 11)).toBe(true);
      peer.finish();
    },
  };
}

const flip = (binder: Uint8Array): Uint8Array => {
  binder[5]! ^= 1;
  return binder;
};
const other = (text: string): Uint8Array => new TextEncoder().encode(text);
const alone = { credentials: [] };

describe('binders and identities', () => {
  serverConversations([
    offered('a known key', null),
    offered('a known key without a certificate anywhere', null, {}, alone),
    offered('without groups for certificates', null, {
      extensions: [...without(GOOD_EXTENSIONS, EXT.signature_algorithms), MODES],
    }),
    offered('an age, which means nothing here', null, { ages: 0xffffffff }),
    offered('behind unknown ones', null, { identities: [other('a'), other('b'), IDENTITY] }),
    offered(
      'behind one that no offered suite has the hash of',
      null,
      { identities: [PSK384.identity, IDENTITY], cipherSuites: bytes('1301') },
      alone,
    ),
    offered('behind 100 unknown ones', null, {
      identities: [...Array.from({ length: 100 }, (_, index) => other(`x${index}`)), IDENTITY],
    }),
    offered('the same identity twice', null, { identities: [IDENTITY, IDENTITY] }),
    offered('a wrong binder', 'decrypt_error', { change: flip }),
    offered('a binder of zeros', 'decrypt_error', { change: () => filled(32, 0) }),
    offered('a binder of another length', 'decrypt_error', {
      change: (binder) => join(binder, bytes('00')),
    }),
    offered('a binder of 31 bytes', 'decode_error', { change: (binder) => binder.subarray(1) }),
    offered('one binder too many', 'illegal_parameter', { binders: 2 }),
    offered('one binder too few', 'illegal_parameter', {
      identities: [IDENTITY, IDENTITY],
      binders: 1,
    }),
    offered('no binder', 'decode_error', { binders: 0 }),
    offered('an empty identity', 'decode_error', { identities: [bytes('')] }),
    offered('no identity', 'decode_error', { identities: [], binders: 1 }),
    offered('no modes', 'missing_extension', { extensions: GOOD_EXTENSIONS }),
    offered(
      'unknown and no certificate',
      'unknown_psk_identity',
      { identities: [other('who')] },
      alone,
    ),
    ignored('unknown, with a certificate instead', { identities: [other('who')] }),
    ignored(
      'of another hash than the suites',
      {},
      {
        preSharedKeys: [PSK384],
        cipherSuites: ['TLS_AES_128_GCM_SHA256'],
      },
    ),
    ignored('a wrong binder of an unknown key', { identities: [other('who')], change: flip }),
    {
      name: 'not the last extension',
      alert: 'illegal_parameter',
      options: { preSharedKeys: [PSK] },
      play: (peer) => {
        const data = join(
          list(2, list(2, IDENTITY), number(4, 0)),
          list(2, list(1, filled(32, 0))),
        );
        peer.sendHello({
          extensions: [...GOOD_EXTENSIONS, { type: EXT.pre_shared_key, data }, MODES],
        });
      },
    },
    {
      name: 'bytes behind the binders',
      alert: 'decode_error',
      options: { preSharedKeys: [PSK] },
      play: (peer) => {
        const data = join(
          list(2, list(2, IDENTITY), number(4, 0)),
          list(2, list(1, filled(32, 0))),
          bytes('00'),
        );
        peer.sendHello({
          extensions: [...GOOD_EXTENSIONS, MODES, { type: EXT.pre_shared_key, data }],
        });
      },
    },
    {
      name: 'a key of SHA-384 chooses the suite',
      alert: null,
      options: { preSharedKeys: [PSK384] },
      play: (peer) => {
        peer.psk = SECRET;
        peer.sendHelloMessage(boundHello(peer, { identities: [PSK384.identity], suite: 0x1302 }));
        expect(peer.suite?.hash).toBe('sha384');
        peer.finish();
      },
    },
  ]);
});

describe('modes', () => {
  const without29: readonly Extension[] = without(
    GOOD_EXTENSIONS,
    EXT.key_share,
    EXT.supported_groups,
  );
  const allowed = { allowPskOnly: true };
  serverConversations([
    offered('psk_ke, allowed', null, { extensions: [...GOOD_EXTENSIONS, PSK_ONLY] }, allowed),
    offered('psk_ke without a share', null, { extensions: [...without29, PSK_ONLY] }, allowed),
    offered('both modes', null, { extensions: [...GOOD_EXTENSIONS, extension(45, '02 00 01')] }),
    offered('unknown modes besides', null, {
      extensions: [...GOOD_EXTENSIONS, extension(45, '03 0a 01 ff')],
    }),
    ignored('psk_ke, not allowed', { extensions: [...GOOD_EXTENSIONS, PSK_ONLY] }),
    ignored('unknown modes alone', { extensions: [...GOOD_EXTENSIONS, extension(45, '02 0a ff')] }),
    offered('psk_ke without a share, not allowed', 'missing_extension', {
      extensions: [...without29, PSK_ONLY],
    }),
    offered('psk_dhe_ke without a share', 'missing_extension', {
      extensions: [...without29, MODES],
    }),
    offered(
      'psk_ke, not allowed, and no certificate',
      'unknown_psk_identity',
      { extensions: [...GOOD_EXTENSIONS, PSK_ONLY] },
      alone,
    ),
    offered('a share of a bad value', 'illegal_parameter', {
      extensions: [...replaced(GOOD_EXTENSIONS, keyShareExtension([0x1d, filled(32, 0)])), MODES],
    }),
  ]);
});

describe('over a HelloRetryRequest', () => {
  const first = [...replaced(GOOD_EXTENSIONS, keyShareExtension()), MODES];
  const retried = (name: string, alert: string | null, second: Offer | null): ServerCase => ({
    name,
    alert,
    options: { preSharedKeys: [PSK] },
    play: (peer) => {
      peer.psk = SECRET;
      peer.sendHelloMessage(boundHello(peer, { extensions: first }));
      expect(peer.wasRetried).toBe(true);
      if (second === null) peer.sendHello({ extensions: [...GOOD_EXTENSIONS, MODES] });
      else peer.sendHelloMessage(boundHello(peer, second));
      if (alert === null) peer.finish();
    },
  });
  serverConversations([
    retried('a binder over both hellos', null, {}),
    retried('a wrong binder', 'decrypt_error', { change: flip }),
    retried('another identity', 'illegal_parameter', { identities: [other('who')] }),
    retried('another identity besides', 'illegal_parameter', {
      identities: [IDENTITY, other('who')],
    }),
    retried('the key is gone', 'illegal_parameter', null),
    {
      name: 'a wrong binder in the first hello',
      alert: 'decrypt_error',
      options: { preSharedKeys: [PSK] },
      play: (peer) => peer.sendHelloMessage(boundHello(peer, { extensions: first, change: flip })),
    },
  ]);
});
