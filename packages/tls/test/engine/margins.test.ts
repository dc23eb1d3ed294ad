// The edges of a connection in use, each of which a small mistake in the engine would move.
import { expect, test } from 'vitest';
import { limitSending } from '../../src/handshake/record-sizes.ts';
import { clientSettings, TlsClient } from '../../src/index.ts';
import { parseClientHello, parseClientHelloExtensions } from '../../src/messages/client-hello.ts';
import { serializeKeyUpdate } from '../../src/messages/key-update.ts';
import { nodeCrypto, nodeRandom } from '../../src/node/index.ts';
import { CONTENT_TYPE } from '../../src/record/content-type.ts';
import { credential, EnginePair, PairEnd, type PairOptions } from '../support/engine-pair.ts';

const HEARTBEATS = { heartbeat: 'peer-allowed-to-send' } as const;

function securedPair(options: PairOptions = {}): EnginePair {
  const pair = new EnginePair(options);
  pair.exchange();
  expect(pair.isSecured).toBe(true);
  return pair;
}

test('data without bytes is no event', () => {
  const pair = securedPair();
  pair.client.engine.channel.output.send(23, new Uint8Array(0));
  pair.exchange();
  expect(pair.server.all('data')).toEqual([]);
  expect(pair.talk()).toBe(true);
});

test('a KeyUpdate between the messages of an answer is refused', () => {
  const pair = securedPair({
    client: { postHandshakeAuth: true, credential: credential('p256') },
  });
  pair.client.tamper((message) =>
    message[0] === 15 ? [serializeKeyUpdate('update_not_requested'), message] : message,
  );
  pair.server.machine.requestCertificate(0);
  pair.exchange();
  expect(pair.server.failure).toEqual({
    code: 'TLS_UNEXPECTED_MESSAGE',
    alert: 'unexpected_message',
  });
});

test('of the heartbeats of a peer that reads no answers the newest waits for room', () => {
  const pair = securedPair({
    client: { ...HEARTBEATS, limits: { outputBytesMax: 100 } },
    server: HEARTBEATS,
  });
  const { client, server } = pair;
  for (let count = 0; count < 20; count++) {
    // Requests with a payload of one byte.
    server.engine.channel.sendHeartbeat(Uint8Array.of(1, 0, 1, count, ...new Uint8Array(16)));
  }
  const answered = answersOf(pair);
  const chunk = server.machine.nextOutput()!;
  client.machine.receive(chunk.slice(), 0);
  pair.pull(client);
  expect(client.all('heartbeat-request')).toHaveLength(20);
  // Answers of 42 bytes each.
  expect(client.machine.outputBytes).toBe(126);
  client.machine.nextOutput();
  // Still too much.
  client.machine.outputAccepted(26, 0);
  expect(client.machine.outputBytes).toBe(100);
  client.machine.outputAccepted(1, 0);
  expect(client.machine.outputBytes).toBe(99 + 42);
  client.machine.nextOutput();
  client.machine.outputAccepted(99 + 42, 0);
  expect(client.machine.outputBytes).toBe(0);
  expect(answered).toEqual([0, 1, 2, 19]);
});

test('a heartbeat that waits for room is not answered behind a fatal alert', () => {
  const pair = securedPair({
    client: { ...HEARTBEATS, limits: { outputBytesMax: 1 } },
    server: HEARTBEATS,
  });
  const { client, server } = pair;
  for (let count = 0; count < 2; count++) {
    server.engine.channel.sendHeartbeat(Uint8Array.of(1, 0, 1, count, ...new Uint8Array(16)));
  }
  // A message of no known type.
  server.engine.channel.sendHandshake(Uint8Array.of(99, 0, 0, 0));
  const answered = answersOf(pair);
  for (let chunk = server.machine.nextOutput(); chunk; chunk = server.machine.nextOutput()) {
    client.machine.receive(chunk.slice(), 0);
    server.machine.outputAccepted(chunk.length, 0);
  }
  pair.pull(client);
  expect(client.failure?.code).toBe('TLS_UNKNOWN_MESSAGE');
  for (let chunk = client.machine.nextOutput(); chunk; chunk = client.machine.nextOutput()) {
    client.machine.outputAccepted(chunk.length, 0);
  }
  expect(client.machine.outputBytes).toBe(0);
  expect(answered).toEqual([0]);
});

test('heartbeats are answered in front of close_notify, while data keeps it waiting', () => {
  const pair = securedPair({ client: HEARTBEATS, server: HEARTBEATS });
  const { client, server } = pair;
  client.machine.sendData(new Uint8Array(200_000), 0);
  client.machine.closeNotify(0);
  server.machine.sendHeartbeat(0);
  const request = server.machine.nextOutput()!;
  client.machine.receive(request.slice(), 0);
  pair.pull(client);
  server.machine.outputAccepted(request.length, 0);
  pair.exchange();
  expect(server.all('heartbeat')).toHaveLength(1);
  expect(server.text).toHaveLength(200_000);
  expect(server.all('end')).toEqual([{ type: 'end', end: 'finished' }]);
});

test('behind close_notify no heartbeat is answered and no key updated', () => {
  const pair = securedPair({ client: HEARTBEATS, server: HEARTBEATS });
  const { client, server } = pair;
  client.machine.closeNotify(0);
  pair.exchange();
  server.machine.sendHeartbeat(0);
  server.machine.updateKeys(0, true);
  for (let chunk = server.machine.nextOutput(); chunk; chunk = server.machine.nextOutput()) {
    client.machine.receive(chunk.slice(), 0);
    server.machine.outputAccepted(chunk.length, 0);
  }
  pair.pull(client);
  // The server would not tell: it ignores what comes behind close_notify.
  expect(client.machine.nextOutput()).toBeNull();
  expect(client.all('heartbeat-request')).toHaveLength(1);
  expect(server.all('heartbeat')).toEqual([]);
  expect(client.all('key-update')).toEqual([
    { type: 'key-update', direction: 'receiving', epoch: 1, cause: 'peer-requests' },
  ]);
  expect(client.machine.outputBytes).toBe(0);
  expect(server.failure).toBeNull();
});

test('in front of close_notify keys are updated as ever', () => {
  const pair = securedPair({ client: { limits: { keyBytesMax: 20_000 } } });
  const { client, server } = pair;
  client.machine.sendData(new Uint8Array(200_000), 0);
  client.machine.closeNotify(0);
  pair.exchange();
  const byBytes = client.all('key-update').map(({ cause }) => cause);
  expect(new Set(byBytes)).toEqual(new Set(['bytes']));
  expect(byBytes.length).toBeGreaterThan(5);
  expect(server.only('end').end).toBe('finished');
  expect(server.text.length).toBe(200_000);
});

test('an update by hand is the answer that was owed, and no more of them than there may be', () => {
  const pair = securedPair();
  const { client, server } = pair;
  /** The server is asked, and has not answered yet. */
  const ask = ({ client: asking, server: asked }: EnginePair): void => {
    asking.machine.updateKeys(0, true);
    const chunk = asking.machine.nextOutput()!;
    asked.machine.receive(chunk.slice(), 0);
    asking.machine.outputAccepted(chunk.length, 0);
    asked.machine.nextEvent(0);
  };
  ask(pair);
  server.machine.updateKeys(0);
  pair.exchange();
  const sent = server.all('key-update').filter(({ direction }) => direction === 'sending');
  expect(sent).toEqual([{ type: 'key-update', direction: 'sending', epoch: 1, cause: 'asked' }]);
  expect(client.failure).toBeNull();
  const last = securedPair({ server: { limits: { keyUpdatesMax: 1 } } });
  ask(last);
  last.server.machine.updateKeys(0, true);
  last.exchange();
  const epochs = last.server.all('key-update').map(({ direction, epoch }) => [direction, epoch]);
  expect(epochs).toEqual([['sending', 1]]);
});

test('behind close_notify nothing is due but the end', () => {
  const timeouts = { keyAgeMs: 100, heartbeatMs: 200, closingMs: 5000 };
  const pair = securedPair({ client: { ...HEARTBEATS, timeouts }, server: HEARTBEATS });
  expect(pair.client.machine.deadline()).toBe(100);
  pair.client.machine.closeNotify(0);
  expect(pair.client.machine.deadline()).toBe(5000);
});

test('while bytes of the peer are unread here, it is not asked whether it is there', () => {
  const timeouts = { heartbeatMs: 200, keyAgeMs: 100_000 };
  const pair = securedPair({ client: { ...HEARTBEATS, timeouts }, server: HEARTBEATS });
  const { client } = pair;
  expect(client.machine.deadline()).toBe(200);
  client.machine.receive(Uint8Array.of(23), 50);
  expect(client.machine.deadline()).toBe(100_000);
  client.machine.nextEvent(60);
  expect(client.machine.deadline()).toBe(250);
});

test('a question that outlives its connection has no answer', () => {
  const pair = securedPair({ client: { postHandshakeAuth: true, credential: 'ask' } });
  const { client, server } = pair;
  server.machine.requestCertificate(0);
  pair.exchange();
  const { id } = client.only('choose-certificate');
  server.engine.channel.output.send(22, Uint8Array.of(20, 0, 0, 0));
  pair.exchange();
  expect(client.failure?.alert).toBe('unexpected_message');
  const { outputBytes } = client.machine;
  client.machine.chooseCertificate(id, credential('p256'), 0);
  client.machine.refuse(id, 'access_denied', 0);
  expect(client.machine.outputBytes).toBe(outputBytes);
  expect(client.all('failed')).toHaveLength(1);
});

test('no limit of the caller takes a key beyond what its cipher may', () => {
  const pair = securedPair({
    client: {
      cipherSuites: ['TLS_AES_128_GCM_SHA256'],
      limits: { keyRecordsMax: 2 ** 40, keyBytesMax: 2 ** 50 },
    },
  });
  const sealer = pair.client.engine.channel.output.sealer as unknown as {
    readonly use: { readonly limits: object };
  };
  expect(sealer.use.limits).toEqual({
    recordsSoftMax: 8_388_608,
    recordsHardMax: 23_725_542,
    bytesSoftMax: 137_438_953_472,
  });
});

test('a heartbeat fits the records that the peer takes', () => {
  const pair = securedPair({
    client: HEARTBEATS,
    server: { ...HEARTBEATS, recordSizeLimit: 100 },
  });
  const request = (payloadBytes: number) => (): void =>
    pair.client.machine.sendHeartbeat(0, { payload: new Uint8Array(payloadBytes) });
  // 100 bytes less type of record, type, length and padding.
  expect(request(81)).toThrow(RangeError);
  request(80)();
  pair.exchange();
  expect(pair.client.all('heartbeat')).toHaveLength(1);
});

test('a client takes no larger records than it has said', () => {
  const pair = securedPair({ client: { recordSizeLimit: 200 } });
  const { output } = pair.server.engine.channel;
  expect(output.plaintextBytesMax).toBe(200);
  output.plaintextBytesMax = 201;
  pair.server.machine.sendData(new Uint8Array(200), 0);
  pair.exchange();
  expect(pair.client.failure).toEqual({ code: 'TLS_RECORD_OVERFLOW', alert: 'record_overflow' });
});

test('behind close_notify and behind a failure: nothing is kept, nothing sent', () => {
  const pair = securedPair();
  const { client, server } = pair;
  client.machine.closeNotify(0);
  pair.exchange();
  server.machine.receive(new Uint8Array(1000), 0);
  expect(server.engine.channel.input.length).toBe(0);
  const failed = securedPair();
  failed.client.engine.channel.output.send(22, Uint8Array.of(20, 0, 0, 0));
  failed.exchange();
  expect(failed.server.failure).not.toBeNull();
  expect(() => failed.server.machine.updateKeys(0)).toThrow('TLS_CLOSED');
});

test('who goes on sending is waited for', () => {
  const timeouts = { closingMs: 5000 };
  const pair = securedPair({ client: { timeouts } });
  const { client, server } = pair;
  client.machine.closeNotify(0);
  pair.exchange();
  expect(client.machine.deadline()).toBe(5000);
  pair.now = 3000;
  server.machine.sendData(new Uint8Array(1), 3000);
  pair.exchange();
  expect(client.machine.deadline()).toBe(8000);
});

test('the hello behind a HelloRetryRequest offers no key of another hash', () => {
  const key = (first: number, hash: 'sha256' | 'sha384') => ({
    identity: Uint8Array.of(first),
    secret: new Uint8Array(32).fill(first),
    hash,
  });
  const pair = new EnginePair({
    client: { preSharedKeys: [key(1, 'sha256'), key(2, 'sha384')] },
    server: { preSharedKeys: [key(2, 'sha384')], groups: ['secp256r1'] },
  });
  const offered: number[][] = [];
  pair.client.tamper((message) => {
    if (message[0] === 1) {
      const { preSharedKey } = parseClientHelloExtensions(parseClientHello(message));
      offered.push(preSharedKey!.identities.map(({ identity }) => identity[0]!));
    }
    return message;
  });
  pair.exchange();
  expect(pair.isSecured).toBe(true);
  // The first left before anybody could look.
  expect(offered).toEqual([[2]]);
});

test('a server that answers what means nothing is refused', () => {
  const zeros = (target: Uint8Array): void => void target.fill(0);
  const pair = new EnginePair({ client: { grease: true, random: zeros } });
  pair.server.tamper((message) => {
    if (message[0] !== 8) return message;
    // EncryptedExtensions with one more extension, 0x0a0a.
    const longer = Uint8Array.of(...message, 0x0a, 0x0a, 0, 0);
    longer[3] = longer.length - 4;
    longer[5] = longer.length - 6;
    return longer;
  });
  pair.exchange();
  expect(pair.client.failure).toEqual({
    code: 'TLS_UNSOLICITED_EXTENSION',
    alert: 'unsupported_extension',
  });
});

test('a certificate of X.509 version 2 is refused', () => {
  const { chain, key } = credential('p256');
  const certificate = Uint8Array.from(chain[0]!);
  const version = Buffer.from(certificate).indexOf(Buffer.from('a003020102', 'hex'));
  expect(version).toBeGreaterThan(0);
  certificate[version + 4] = 1;
  const pair = new EnginePair({ server: { credentials: [{ chain: [certificate], key }] } });
  pair.exchange();
  expect(pair.client.failure).toEqual({
    code: 'TLS_UNSUPPORTED_CERTIFICATE',
    alert: 'unsupported_certificate',
  });
});

test('one change_cipher_spec, whether or not there are two hellos', () => {
  for (const groups of [['x25519'], ['secp256r1']] as const) {
    const pair = new EnginePair({ server: { groups } });
    const sent: number[] = [];
    for (const end of [pair.client, pair.server]) {
      const { channel } = end.engine;
      const send = channel.sendChangeCipherSpec.bind(channel);
      let count = 0;
      channel.sendChangeCipherSpec = () => {
        count += 1;
        sent.push(count);
        send();
      };
    }
    pair.exchange();
    expect(pair.isSecured).toBe(true);
    expect(sent).toEqual([1, 1]);
  }
});

test('a pinned certificate counts whole, and only as the first of the chain', () => {
  const [own] = credential('p256').chain;
  const other = credential('p384').chain[0]!;
  const fate = (pin: Uint8Array, chain: readonly Uint8Array[]): string | null => {
    const { key } = credential('p256');
    const pair = new EnginePair({
      client: { pinnedCertificates: [pin] },
      server: { credentials: [{ chain, key }] },
    });
    pair.exchange();
    return pair.client.failure?.code ?? null;
  };
  expect(fate(own!, [own!, other])).toBeNull();
  expect(fate(other, [own!, other])).toBe('TLS_CERTIFICATE_NOT_PINNED');
  expect(fate(own!.subarray(0, 100), [own!])).toBe('TLS_CERTIFICATE_NOT_PINNED');
  expect(fate(Uint8Array.of(...own!, 0), [own!])).toBe('TLS_CERTIFICATE_NOT_PINNED');
  expect(fate(new Uint8Array(0), [own!])).toBe('TLS_CERTIFICATE_NOT_PINNED');
});

test('a client with a pre-shared key is not asked for a certificate, though it offers to be', () => {
  const psk = { identity: Uint8Array.of(1), secret: Uint8Array.of(1, 2, 3) };
  const pair = new EnginePair({ server: { preSharedKeys: [psk] } });
  // Our own options do not allow both.
  const common = { crypto: nodeCrypto, random: nodeRandom, input: 'borrowed' as const };
  const settings = {
    ...clientSettings({ ...common, preSharedKeys: [psk] }),
    postHandshakeAuth: true,
  };
  const both = Object.assign(pair, { client: new PairEnd(new TlsClient(settings, 0, null)) });
  both.exchange();
  expect(both.isSecured).toBe(true);
  expect(() => both.server.machine.requestCertificate(0)).toThrow('TLS_NOT_AGREED');
});

test('behind our close_notify no request for a certificate is answered', () => {
  const pair = securedPair({ client: { postHandshakeAuth: true, credential: 'ask' } });
  const { client, server } = pair;
  server.machine.requestCertificate(0);
  pair.exchange();
  client.machine.closeNotify(0);
  pair.exchange();
  const { id } = client.only('choose-certificate');
  client.machine.chooseCertificate(id, credential('p256'), 0);
  expect(client.machine.nextOutput()).toBeNull();
  expect(client.machine.outputBytes).toBe(0);
});

test('an OCSP response stands with the first certificate alone', () => {
  const { chain, key } = credential('p256');
  const ocspResponse = Uint8Array.of(0x30, 0);
  const credentials = [{ chain: [...chain, ...credential('p384').chain], key, ocspResponse }];
  const pair = new EnginePair({ server: { credentials } });
  let certificate = '';
  pair.server.tamper((message) => {
    if (message[0] === 11) certificate = Buffer.from(message).toString('hex');
    return message;
  });
  pair.exchange();
  expect(pair.client.only('verify-peer').ocspResponse).toEqual(ocspResponse);
  // status_request, its length, type ocsp, length, response.
  expect(certificate.split('00050006010000023000').length).toBe(2);
});

test('a peer that takes larger records than there are gets none', () => {
  const { channel } = securedPair().client.engine;
  limitSending(channel, 65_535);
  expect(channel.output.plaintextBytesMax).toBe(16_385);
});

/** The first bytes of the payloads that the client answers from now on. */
function answersOf({ client }: EnginePair): number[] {
  const answered: number[] = [];
  const { output } = client.engine.channel;
  const send = output.send.bind(output);
  output.send = (type, content) => {
    if (type === CONTENT_TYPE.heartbeat) answered.push(content[3]!);
    send(type, content);
  };
  return answered;
}
