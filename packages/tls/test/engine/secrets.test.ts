// "Servers and clients MUST forget the secret values and keys established in failed connections" (RFC 9846
// section 6), and in ended ones as well: nothing is left in an array, in a key, or in what is said of it.
import { expect, test } from 'vitest';
import type { TlsClient, TlsServer } from '../../src/index.ts';
import { credential, EnginePair, type PairEnd, type PairOptions } from '../support/engine-pair.ts';
import { RecordingCrypto, reachableBytes } from '../support/recording-crypto.ts';

type End = PairEnd<TlsClient | TlsServer>;

/** What a pair is led through; whatever is still open behind it is cut. */
type Story = (pair: EnginePair) => void;

const PSK = { identity: Uint8Array.of(1, 2), secret: new Uint8Array(32).fill(0x5a) };

/** Tells a story, and whatever is left of its secrets. */
function leftBehind(story: Story, options: PairOptions = {}): readonly string[] {
  const cryptos = { client: new RecordingCrypto(), server: new RecordingCrypto() };
  const pair = new EnginePair({
    ...options,
    client: { ...options.client, crypto: cryptos.client.provider },
    server: { ...options.server, crypto: cryptos.server.provider },
  });
  story(pair);
  const left: string[] = [];
  for (const role of ['client', 'server'] as const) {
    const end: End = pair[role];
    const crypto = cryptos[role];
    if (end.all('closed').length === 0) end.machine.abort(pair.now);
    pair.pull(end);
    expect(end.all('closed')).toHaveLength(1);
    left.push(...crypto.left.map((what) => `${role}: ${what}`));
    for (const bytes of reachableBytes(end.machine)) {
      left.push(...crypto.within(bytes).map((what) => `${role} reaches ${what}`));
    }
    const texts = end.events.map((event) => ('message' in event ? event.message : event.type));
    left.push(...crypto.withinText(texts.join('\n')).map((what) => `${role} tells ${what}`));
  }
  return left;
}

function closeBoth(pair: EnginePair): void {
  pair.exchange();
  pair.talk();
  pair.client.machine.closeNotify(0);
  pair.server.machine.closeNotify(0);
  pair.exchange();
  expect(pair.client.only('closed').cause).toBe('finished');
}

/** Spoils the first message of a type. */
function spoil(end: End, type: number): void {
  end.tamper((message) => {
    if (message[0] === type) message[message.length - 1]! ^= 1;
    return message;
  });
}

test('the recorder sees secrets, and what is left of them', () => {
  const crypto = new RecordingCrypto();
  const pair = new EnginePair({ client: { crypto: crypto.provider } });
  pair.exchange();
  expect(crypto.count).toBeGreaterThan(15);
  // Two traffic secrets and the exporter's are in use, and so are the keys of both directions.
  expect([...crypto.left].sort()).toEqual([
    'key of records, not destroyed',
    'key of records, not destroyed',
    expect.stringContaining('tls13 c ap traffic'),
    expect.stringContaining('tls13 exp master'),
    expect.stringContaining('tls13 s ap traffic'),
  ]);
  const reached = reachableBytes(pair.client.machine).flatMap((bytes) => crypto.within(bytes));
  expect(reached.join()).toContain('tls13 exp master');
  expect(reached.join()).toContain('tls13 iv');
});

const CLIENT_CERTIFICATE: PairOptions = {
  client: { credential: credential('p256'), postHandshakeAuth: true },
  server: { clientCertificate: 'require' },
};
const RETRY: PairOptions = {
  client: { groups: ['x25519', 'secp256r1'] },
  server: { groups: ['secp256r1'], sendsCookie: true },
};
const KEYED: PairOptions = { client: { preSharedKeys: [PSK] }, server: { preSharedKeys: [PSK] } };
const KEYED_ALONE: PairOptions = {
  client: { preSharedKeys: [PSK], allowPskOnly: true },
  server: { preSharedKeys: [PSK], allowPskOnly: true, groups: ['secp521r1'] },
};
const KINDS: readonly (readonly [string, PairOptions])[] = [
  ['a certificate', {}],
  ['certificates of both', CLIENT_CERTIFICATE],
  ['a HelloRetryRequest', RETRY],
  ['a pre-shared key', KEYED],
  [
    'a pre-shared key behind a HelloRetryRequest',
    { client: { ...KEYED.client, ...RETRY.client }, server: { ...KEYED.server, ...RETRY.server } },
  ],
  ['a longer hash', { client: { cipherSuites: ['TLS_AES_256_GCM_SHA384'] } }],
];

test.each(KINDS)('nothing is left of a handshake by %s and a close', (_name, options) => {
  expect(leftBehind(closeBoth, options)).toEqual([]);
});

test('nothing is left of a pre-shared key without a key exchange', () => {
  const options: PairOptions = {
    client: { ...KEYED_ALONE.client, groups: ['x25519'] },
    server: { ...KEYED_ALONE.server, groups: ['secp256r1'] },
  };
  expect(leftBehind(closeBoth, options)).toEqual([]);
});

test.each(KINDS)('nothing is left of one by %s that was cut anywhere', (_name, options) => {
  for (let steps = 0; steps < 8; steps++) {
    const cut: Story = (pair) => {
      for (let step = 0; step < steps; step++) {
        const [from, to]: [End, End] =
          step % 2 === 0 ? [pair.client, pair.server] : [pair.server, pair.client];
        pair.drain(from, to, Number.POSITIVE_INFINITY);
        pair.pull(to);
      }
    };
    expect(leftBehind(cut, options)).toEqual([]);
  }
});

test.each([
  ['ServerHello', 'server', 2],
  ['EncryptedExtensions', 'server', 8],
  ['CertificateRequest', 'server', 13],
  ['Certificate', 'server', 11],
  ['CertificateVerify', 'server', 15],
  ['Finished', 'server', 20],
  ["the client's Certificate", 'client', 11],
  ["the client's CertificateVerify", 'client', 15],
  ["the client's Finished", 'client', 20],
] as const)('nothing is left when %s is spoiled', (_name, by, type) => {
  const story: Story = (pair) => {
    spoil(pair[by], type);
    pair.exchange();
    for (const end of [pair.client, pair.server]) end.machine.receiveEnd(0, 'finished');
    pair.exchange();
    expect(pair.isSecured && pair.server.failure === null).toBe(false);
  };
  expect(leftBehind(story, CLIENT_CERTIFICATE)).toEqual([]);
});

test('nothing is left of a binder, right or wrong', () => {
  const other = { ...PSK, secret: new Uint8Array(32).fill(1) };
  const options = { ...KEYED, server: { preSharedKeys: [other] } };
  const story: Story = (pair) => {
    pair.exchange();
    expect(pair.server.failure?.code).toBe('TLS_BINDER_MISMATCH');
  };
  expect(leftBehind(story, options)).toEqual([]);
});

test.each(['verify-peer', 'choose-certificate', 'sign'] as const)(
  'nothing is left when the caller refuses at %s',
  (type) => {
    const { chain, key } = credential('p256');
    const options: PairOptions = {
      accepts: false,
      server: {
        credentials: type === 'sign' ? [{ chain, key: { schemes: key.schemes } }] : 'ask',
      },
    };
    const story: Story = (pair) => {
      pair.exchange();
      if (type === 'verify-peer') {
        const { id } = pair.server.only('choose-certificate');
        pair.server.machine.chooseCertificate(id, credential('p256'), 0);
        pair.exchange();
      }
      const asked: End = type === 'verify-peer' ? pair.client : pair.server;
      asked.machine.refuse(asked.only(type).id, 'access_denied', 0);
      pair.exchange();
      expect(asked.failure?.code).toBe('TLS_REFUSED');
    };
    expect(leftBehind(story, options)).toEqual([]);
  },
);

test('nothing is left of a handshake that took too long, was canceled, reset or ended early', () => {
  const stories: readonly Story[] = [
    (pair) => pair.client.machine.onDeadline(30_000),
    (pair) => pair.client.machine.cancel(0),
    (pair) => pair.client.machine.receiveEnd(0, 'reset'),
    (pair) => pair.client.machine.receiveEnd(0, 'finished'),
    (pair) => {
      pair.drain(pair.client, pair.server, Number.POSITIVE_INFINITY);
      pair.server.machine.cancel(0);
      pair.exchange();
    },
  ];
  for (const story of stories) expect(leftBehind(story)).toEqual([]);
});

test('nothing is left of new keys, exporters and certificates shown later', () => {
  const story: Story = (pair) => {
    pair.exchange();
    pair.client.machine.updateKeys(0, true);
    pair.exchange();
    pair.server.machine.updateKeys(0);
    // A multiple of the hash would be the caller's own array.
    pair.client.machine.exportKeyingMaterial('EXPORTER-test', null, 40);
    pair.server.machine.requestCertificate(0);
    pair.exchange();
    expect(pair.server.all('client-authenticated')).toHaveLength(1);
    closeBoth(pair);
  };
  expect(leftBehind(story, CLIENT_CERTIFICATE)).toEqual([]);
});

test('nothing is left of a connection that fails in use', () => {
  const stories: readonly Story[] = [
    (pair) => pair.client.engine.channel.output.send(22, Uint8Array.of(24, 0, 0, 1, 2)),
    (pair) => pair.client.engine.channel.sendAlert('internal_error'),
    (pair) => pair.client.machine.receiveEnd(0, 'truncated'),
    (pair) => pair.server.machine.receive(new Uint8Array(40).fill(23), 0),
  ];
  for (const story of stories) {
    const inUse: Story = (pair) => {
      pair.exchange();
      story(pair);
      pair.exchange();
    };
    expect(leftBehind(inUse)).toEqual([]);
  }
});
