// holdline's TLS on any transport: what reaches the application, and what its owner decides.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { memoryPair } from '../../src/index.ts';
import { type AnyTlsEvent, connectTls, serveTls } from '../../src/tls/index.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';
import { CREDENTIAL, Ear, PINS, TlsBench } from './support.ts';

it('carries bytes both ways and ends each direction by close_notify', async () => {
  const bench = new TlsBench({ protocols: ['toy/2', 'toy/1'] });
  const client = await bench.connect({
    pinnedCertificates: PINS,
    protocols: ['toy/1'],
    serverName: 'a.example',
  });
  const ear = new Ear(client.transport);
  ear.write('hello');
  await bench.ears[0]?.until(() => bench.ears[0]?.text === 'hello');
  bench.ears[0]?.write('world');
  client.transport.end();
  await bench.ears[0]?.until(() => bench.ears[0]?.ends.length === 1);
  expect(bench.ears[0]?.ends).toEqual(['finished']);
  // The other direction goes on (RFC 9846 section 6.1).
  bench.ears[0]?.write('!');
  bench.ears[0]?.transport.end();
  await ear.until(() => ear.ends.length === 1);
  expect([ear.text, ear.ends]).toEqual(['world!', ['finished']]);
  expect(client).toMatchObject({ protocol: 'toy/1', serverName: 'a.example', engine: 'holdline' });
  expect(bench.served[0]).toMatchObject({ protocol: 'toy/1', serverName: 'a.example' });
  await ear.until(() => client.closed !== null);
  expect(client.closed).toMatchObject({
    cause: 'finished',
    sentCloseNotify: true,
    receivedCloseNotify: true,
  });
});

it('carries megabytes through both layers, and waits for whoever does not read', async () => {
  const bench = new TlsBench();
  const client = await bench.connect();
  new Ear(client.transport);
  const [served] = bench.ears;
  const chunk = Buffer.alloc(100_000, 'x');
  served?.transport.pause();
  let count = 0;
  while (!client.transport.full) {
    client.transport.write(chunk);
    count += 1;
    await sleep(0);
  }
  // What both sides keep, and not all that is written.
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(50);
  served?.transport.resume();
  await served?.until(() => served.text.length === count * chunk.length);
  expect(client.transport.bufferedBytes).toBe(0);
});

it('asks whom it may trust, now or later, and refuses who is not', async () => {
  const bench = new TlsBench();
  const seen: Uint8Array[][] = [];
  const client = await bench.connect({
    async verifyPeer({ chain }) {
      await sleep(1);
      seen.push([...chain]);
      return true;
    },
  });
  expect(seen).toEqual([PINS]);
  expect(client.peerCertificates).toEqual(PINS);
  for (const [verdict, alert] of [
    [false, 'certificate_unknown'],
    ['unknown_ca', 'unknown_ca'],
    ['certificate_expired', 'certificate_expired'],
  ] as const) {
    const refused = bench.connect({ verifyPeer: () => verdict });
    await expect(refused).rejects.toMatchObject({ name: 'TlsError', code: 'TLS_REFUSED', alert });
  }
  expect(bench.failures).toEqual(Array(3).fill('TLS_ALERT_RECEIVED'));
});

it('refuses with internal_error where a decision fails, and says so', async () => {
  const bench = new TlsBench();
  const faults: unknown[] = [];
  const error = new Error('no database');
  for (const verifyPeer of [
    () => Promise.reject(error),
    () => {
      throw error;
    },
  ]) {
    const failed = bench.connect({ verifyPeer, onFault: (fault) => faults.push(fault) });
    await expect(failed).rejects.toMatchObject({ alert: 'internal_error' });
  }
  expect(faults).toEqual([error, error]);
});

it('connects to nobody without being told whom to trust', async () => {
  const [lower] = memoryPair();
  await expect(connectTls({ transport: lower }, {})).rejects.toThrow(TypeError);
  expect(() => serveTls(() => {}, {})).toThrow('cert and key, or credentials, are missing');
  expect(() => serveTls(() => {}, { cert: TEST_CERTIFICATE })).toThrow('cert and key go together');
  expect(() =>
    serveTls(() => {}, { cert: TEST_CERTIFICATE, key: TEST_KEY, clientCertificate: 'require' }),
  ).toThrow('verifyPeer or pinnedCertificates');
});

it('refuses another certificate than the pinned one', async () => {
  const bench = new TlsBench();
  const other = [Uint8Array.of(1, 2, 3)];
  const failed = bench.connect({ pinnedCertificates: other });
  await expect(failed).rejects.toMatchObject({ alert: 'unknown_ca' });
});

it('chooses certificates and signs elsewhere, on both sides', async () => {
  const wishes: unknown[] = [];
  const remote = { chain: CREDENTIAL.chain, key: { schemes: CREDENTIAL.key.schemes } };
  const sign = async (request: { scheme: never; content: Uint8Array }) => {
    await sleep(1);
    if (!('sign' in CREDENTIAL.key)) throw new Error('the key signs');
    return CREDENTIAL.key.sign(request.scheme, request.content);
  };
  const bench = new TlsBench({
    credentials: 'ask',
    chooseCertificate(event) {
      wishes.push(event.serverName);
      return remote;
    },
    sign: sign as never,
    clientCertificate: 'require',
    pinnedCertificates: PINS,
  });
  const client = await bench.connect({
    pinnedCertificates: PINS,
    serverName: 'b.example',
    credential: 'ask',
    async chooseCertificate(event) {
      wishes.push(event.isAfterHandshake);
      return remote;
    },
    sign: sign as never,
  });
  const ear = new Ear(client.transport);
  await ear.until(() => true);
  await sleep(20);
  expect(wishes).toEqual(['b.example', false]);
  expect(bench.served[0]?.peerCertificates).toEqual(PINS);
});

it.each([
  ['at once', () => CREDENTIAL],
  ['later', () => Promise.resolve(CREDENTIAL)],
])(
  'refuses a peer for whom the chosen certificate is of no use: %s',
  async (_, chooseCertificate) => {
    const bench = new TlsBench({ credentials: 'ask', chooseCertificate });
    // The certificate's key signs by ECDSA.
    const attempt = bench.connect({ pinnedCertificates: PINS, signatureSchemes: ['ed25519'] });
    // internal_error
    await expect(attempt).rejects.toMatchObject({ receivedAlert: 80 });
    expect(bench.faults).toMatchObject([{ code: 'TLS_CREDENTIAL_NOT_SUITABLE' }]);
  },
);

it('updates keys and tells of it on both sides', async () => {
  const bench = new TlsBench({}, true);
  const events: AnyTlsEvent[] = [];
  const client = await bench.connect({
    pinnedCertificates: PINS,
    onEvent: (event) => events.push(event),
  });
  const ear = new Ear(client.transport);
  client.updateKeys(true);
  ear.write('after');
  await ear.until(() => ear.text === 'after');
  expect([client.sendingEpoch, client.receivingEpoch]).toEqual([1, 1]);
  expect([bench.served[0]?.sendingEpoch, bench.served[0]?.receivingEpoch]).toEqual([1, 1]);
  expect(events.map(({ type }) => type)).toEqual([
    'handshake-complete',
    'key-update',
    'key-update',
  ]);
});

it('measures heartbeats, where the peer takes them', async () => {
  const bench = new TlsBench({ heartbeat: 'peer-allowed-to-send' });
  const client = await bench.connect({
    pinnedCertificates: PINS,
    heartbeat: 'peer-not-allowed-to-send',
  });
  const ear = new Ear(client.transport);
  client.sendHeartbeat();
  while (client.heartbeatRoundTripMs === null) await sleep(1);
  expect(client.heartbeatRoundTripMs).toBeGreaterThanOrEqual(0);
  const [served] = bench.served;
  expect(() => served?.sendHeartbeat()).toThrow('TLS_NOT_AGREED');
  expect(ear.ends).toEqual([]);
});

it('exports the same keying material on both sides', async () => {
  const bench = new TlsBench();
  const client = await bench.connect();
  const context = Uint8Array.of(7);
  const exported = client.exportKeyingMaterial('EXPORTER-test', context, 40);
  const [served] = bench.served;
  expect(served?.exportKeyingMaterial('EXPORTER-test', context, 40)).toEqual(exported);
  expect(served?.exportKeyingMaterial('EXPORTER-test', null, 40)).not.toEqual(exported);
});

it('asks for a certificate after the handshake', async () => {
  const answered: unknown[] = [];
  const bench = new TlsBench({
    verifyPeer: () => true,
    onEvent: (event) => {
      if (event.type === 'client-authenticated') answered.push(event.request, event.chain);
    },
  });
  const client = await bench.connect({
    pinnedCertificates: PINS,
    credential: CREDENTIAL,
    postHandshakeAuth: true,
  });
  new Ear(client.transport);
  const request = bench.served[0]?.requestCertificate();
  while (answered.length === 0) await sleep(1);
  expect(answered).toEqual([request, PINS]);
  expect(() => client.requestCertificate()).toThrow('only a server');
});

it('shakes hands with a pre-shared key and no certificate', async () => {
  const psk = { identity: Buffer.from('me'), secret: new Uint8Array(32).fill(9) };
  const bench = new TlsBench({ credentials: [], preSharedKeys: [psk] });
  const client = await bench.connect({ preSharedKeys: [psk] });
  expect(client.handshake?.pskIdentity).toEqual(psk.identity);
  expect(client.peerCertificates).toEqual([]);
  const asked = new TlsBench({
    credentials: [],
    preSharedKeys: 'ask',
    choosePsk: async ({ identities }) => ({ index: identities.length - 1, psk }),
  });
  await asked.connect({ preSharedKeys: [psk] });
  expect(asked.served.length).toBe(1);
});

it('gives up when the signal is aborted, or the time is over', async () => {
  const [silent] = memoryPair();
  const controller = new AbortController();
  const waits = connectTls(
    { transport: silent },
    { pinnedCertificates: PINS, signal: controller.signal },
  );
  controller.abort('enough');
  await expect(waits).rejects.toMatchObject({ code: 'TLS_ABORTED', cause: 'enough' });
  const [mute] = memoryPair();
  const late = connectTls({ transport: mute }, { pinnedCertificates: PINS, connectMs: 5 });
  await expect(late).rejects.toMatchObject({ code: 'TLS_CONNECT_TIMEOUT' });
});

it('says that nobody listens, and that somebody else than TLS answers', async () => {
  const nobody = connectTls({ host: '127.0.0.1', port: 1 }, { pinnedCertificates: PINS });
  await expect(nobody).rejects.toMatchObject({
    code: 'TLS_CONNECT_FAILED',
    cause: { code: 'ECONNREFUSED' },
  });
  const [client, server] = memoryPair();
  server.attach({ onData() {}, onEnd() {}, onDrain() {} });
  server.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const wrong = connectTls({ transport: client }, { pinnedCertificates: PINS });
  await expect(wrong).rejects.toMatchObject({ name: 'TlsError', alert: expect.any(String) });
});

it('reports a cut as truncated, and a handshake that was cut as ended', async () => {
  const bench = new TlsBench();
  const [clientLower, serverLower] = memoryPair();
  bench.listener.accept(serverLower);
  const client = await connectTls({ transport: clientLower }, { pinnedCertificates: PINS });
  const ear = new Ear(client.transport);
  // FIN below, and no close_notify (RFC 9846 section 6.1).
  serverLower.end();
  await ear.until(() => ear.ends.length > 0);
  expect(ear.ends).toEqual(['truncated']);
  const [cut, other] = memoryPair();
  other.attach({ onData() {}, onEnd() {}, onDrain() {} });
  const failed = connectTls({ transport: cut }, { pinnedCertificates: PINS });
  other.end();
  await expect(failed).rejects.toMatchObject({ closeCause: 'truncated' });
});

it('tells of keys that were updated on the way out, though nothing comes in', async () => {
  const bench = new TlsBench();
  const client = await bench.connect({ pinnedCertificates: PINS, limits: { keyRecordsMax: 4 } });
  const received: string[] = [];
  const ear = new Ear(client.transport);
  ear.onData = (data) => received.push(String(data));
  for (let count = 0; count < 12; count += 1) {
    ear.write('x');
    await sleep(0);
  }
  await bench.ears[0]?.until(() => bench.ears[0]?.text.length === 12);
  // The server is silent: nothing but the acceptance of our own records made anybody look for events.
  expect([client.sendingEpoch, client.receivingEpoch, received]).toEqual([2, 0, []]);
  expect(bench.served[0]?.receivingEpoch).toBe(2);
});
