// A secured connection in use: key updates, certificates after the handshake, heartbeats.
import { expect, test } from 'vitest';
import { serializeKeyUpdate } from '../../src/messages/key-update.ts';
import { credential, EnginePair, type PairOptions } from '../support/engine-pair.ts';

function securedPair(options: PairOptions = {}): EnginePair {
  const pair = new EnginePair(options);
  pair.exchange();
  if (!pair.isSecured)
    throw new Error(JSON.stringify(pair.client.events.concat(pair.server.events)));
  return pair;
}

test('keys are updated by hand, for one direction or both', () => {
  const pair = securedPair();
  pair.client.machine.updateKeys(0);
  pair.exchange();
  expect(pair.server.all('key-update')).toEqual([
    { type: 'key-update', direction: 'receiving', epoch: 1, cause: 'peer' },
  ]);
  expect(pair.talk()).toBe(true);
  pair.client.machine.updateKeys(0, true);
  expect(() => pair.client.machine.updateKeys(0, true)).toThrow('TLS_OUTSTANDING');
  pair.exchange();
  expect(pair.client.all('key-update')).toEqual([
    { type: 'key-update', direction: 'sending', epoch: 1, cause: 'asked' },
    { type: 'key-update', direction: 'sending', epoch: 2, cause: 'asked' },
    { type: 'key-update', direction: 'receiving', epoch: 1, cause: 'peer' },
  ]);
  expect(pair.talk()).toBe(true);
  // The peer has updated its keys: it may be asked again.
  pair.client.machine.updateKeys(0, true);
  pair.exchange();
  expect(pair.talk()).toBe(true);
});

test('requests that cross make both sides advance by two', () => {
  const pair = securedPair();
  pair.client.machine.updateKeys(0, true);
  pair.server.machine.updateKeys(0, true);
  pair.exchange();
  for (const end of [pair.client, pair.server]) {
    const epochs = end.all('key-update').map(({ direction, epoch }) => `${direction} ${epoch}`);
    expect(epochs.sort()).toEqual(['receiving 1', 'receiving 2', 'sending 1', 'sending 2']);
  }
  expect(pair.talk()).toBe(true);
});

test('several requests to a side that is silent have one answer', () => {
  const pair = securedPair();
  const { channel, traffic } = pair.client.engine;
  // What an implementation of RFC 8446 may do: ask again and again.
  for (let count = 0; count < 3; count++) {
    traffic!.keys.send(channel, true, 'asked', 0);
  }
  pair.exchange();
  expect(pair.server.all('key-update').filter(({ direction }) => direction === 'sending')).toEqual([
    { type: 'key-update', direction: 'sending', epoch: 1, cause: 'requested' },
  ]);
  expect(pair.talk()).toBe(true);
});

test('keys are updated before they have done too much, by records and by bytes', () => {
  for (const [limits, cause] of [
    [{ keyRecordsMax: 4 }, 'records'],
    [{ keyBytesMax: 50_000 }, 'bytes'],
  ] as const) {
    const pair = securedPair({ client: { limits } });
    const data = new Uint8Array(1_000_000).fill(0x61);
    pair.client.machine.sendData(data, 0);
    pair.exchange();
    expect(pair.server.text).toHaveLength(data.length);
    const updates = pair.client.all('key-update');
    expect(updates.length).toBeGreaterThan(5);
    expect(new Set(updates.map((update) => update.cause))).toEqual(new Set([cause]));
    expect(pair.server.all('key-update')).toHaveLength(updates.length);
  }
});

test("the limits of a key are its sender's: who receives more does not complain", () => {
  const limits = { keyRecordsMax: 2, keyBytesMax: 10, keyUpdatesMax: 1 };
  const pair = securedPair({ server: { limits } });
  for (let count = 0; count < 20; count++) {
    pair.client.machine.sendData(new Uint8Array(100), 0);
    pair.exchange();
  }
  for (let count = 0; count < 3; count++) {
    pair.client.machine.updateKeys(0);
    pair.exchange();
  }
  expect(pair.server.failure).toBeNull();
  expect(pair.server.all('key-update').map(({ direction }) => direction)).toEqual(
    Array(3).fill('receiving'),
  );
});

test('keys are updated when they are old', () => {
  const pair = securedPair({ client: { timeouts: { keyAgeMs: 1000 } } });
  const { machine } = pair.client;
  expect(machine.deadline()).toBe(1000);
  machine.onDeadline(999);
  pair.now = 1000;
  machine.onDeadline(1000);
  expect(machine.deadline()).toBe(2000);
  pair.exchange();
  expect(pair.client.all('key-update')).toEqual([
    { type: 'key-update', direction: 'sending', epoch: 1, cause: 'age' },
  ]);
  expect(pair.talk()).toBe(true);
});

test('when no update is left, requests are ignored and the connection ends with the key', () => {
  const pair = securedPair({ client: { limits: { keyUpdatesMax: 1, keyRecordsMax: 2 } } });
  pair.client.machine.updateKeys(0);
  expect(() => pair.client.machine.updateKeys(0)).toThrow('TLS_KEY_UPDATES_SPENT');
  pair.server.machine.updateKeys(0, true);
  pair.exchange();
  expect(pair.client.all('key-update').at(-1)?.cause).toBe('peer-requests');
  // Worn keys go on until they are spent.
  for (let count = 0; count < 5; count++) expect(pair.talk()).toBe(true);
  const { sealer } = pair.client.engine.channel.output;
  Object.defineProperty(sealer, 'wear', { value: 'spent' });
  pair.client.machine.sendData(new Uint8Array(10), 0);
  pair.exchange();
  expect(pair.client.failure).toEqual({ code: 'TLS_KEY_SPENT', alert: null });
  expect(pair.client.only('closed').cause).toBe('failed');
});

test('too many key updates at once, and as many as one likes over time', () => {
  const limits = { keyUpdatesPerSecondMax: 2 };
  const patient = securedPair({ server: { limits } });
  for (let count = 0; count < 100; count++) {
    patient.now += 500;
    patient.client.machine.updateKeys(patient.now);
    patient.exchange();
  }
  expect(patient.server.all('key-update')).toHaveLength(100);
  expect(patient.talk()).toBe(true);
  const hasty = securedPair({ server: { limits } });
  for (let count = 0; count < 9; count++) hasty.client.machine.updateKeys(0);
  hasty.exchange();
  const failure = { code: 'TLS_TOO_MANY_KEY_UPDATES', alert: 'unexpected_message' };
  expect(hasty.server.failure).toEqual(failure);
});

test('nothing may follow a KeyUpdate in its record', () => {
  const pair = securedPair();
  const { channel } = pair.client.engine;
  const update = serializeKeyUpdate('update_not_requested');
  channel.sendHandshake(update);
  channel.sendHandshake(update);
  pair.exchange();
  expect(pair.server.failure?.code).toBe('TLS_KEY_CHANGE_IN_RECORD');
});

test('certificates after the handshake, several requests at once, answered in any order', () => {
  const pair = securedPair({
    client: { postHandshakeAuth: true, credential: 'ask' },
    server: { limits: { certificateRequestsMax: 3 } },
  });
  const { client, server } = pair;
  const requests = [0, 1, 2].map(() => server.machine.requestCertificate(0));
  expect(requests).toEqual([1, 2, 3]);
  expect(() => server.machine.requestCertificate(0)).toThrow('TLS_OUTSTANDING');
  pair.exchange();
  const questions = client.all('choose-certificate');
  expect(questions).toHaveLength(3);
  // The connection goes on meanwhile, keys change, and the answers come last first.
  expect(pair.talk()).toBe(true);
  client.machine.updateKeys(0, true);
  pair.exchange();
  client.machine.chooseCertificate(questions[2]!.id, credential('ed25519'), 0);
  client.machine.chooseCertificate(questions[0]!.id, null, 0);
  pair.exchange();
  client.machine.chooseCertificate(questions[1]!.id, credential('rsa'), 0);
  pair.exchange();
  expect(server.all('client-authenticated')).toEqual([
    { type: 'client-authenticated', request: 3, chain: credential('ed25519').chain },
    { type: 'client-authenticated', request: 1, chain: [] },
    { type: 'client-authenticated', request: 2, chain: credential('rsa').chain },
  ]);
  expect(server.all('verify-peer').map(({ request }) => request)).toEqual([3, 2]);
  expect(pair.talk()).toBe(true);
});

test('a remote key signs after the handshake, too', () => {
  const { chain, key } = credential('p256');
  const remote = { chain, key: { schemes: key.schemes } };
  const pair = securedPair({ client: { postHandshakeAuth: true, credential: remote } });
  pair.server.machine.requestCertificate(0);
  pair.exchange();
  const { id, scheme, content } = pair.client.only('sign');
  expect(pair.talk()).toBe(true);
  pair.client.machine.answerSignature(id, 'sign' in key ? key.sign(scheme, content) : content, 0);
  pair.exchange();
  expect(pair.server.only('client-authenticated').chain).toEqual(chain);
});

test('a client that has not offered it is not asked, nor lets itself be', () => {
  const pair = securedPair();
  expect(() => pair.server.machine.requestCertificate(0)).toThrow('TLS_NOT_AGREED');
  const psk = { identity: Uint8Array.of(1), secret: Uint8Array.of(1, 2, 3) };
  const keyed = securedPair({
    client: { preSharedKeys: [psk] },
    server: { preSharedKeys: [psk] },
  });
  expect(() => keyed.server.machine.requestCertificate(0)).toThrow('TLS_NOT_AGREED');
  const asking = securedPair({ client: { postHandshakeAuth: true, credential: 'ask' } });
  const { channel } = asking.server.engine;
  let request = new Uint8Array(0);
  asking.server.tamper((message) => {
    request = message as Uint8Array<ArrayBuffer>;
    return null;
  });
  asking.server.machine.requestCertificate(0);
  // The same context twice.
  channel.output.send(22, request);
  channel.output.send(22, request);
  asking.exchange();
  expect(asking.client.failure?.code).toBe('TLS_INVALID_CERTIFICATE_CONTEXT');
  pair.server.engine.channel.output.send(22, request);
  pair.exchange();
  expect(pair.client.failure?.alert).toBe('unexpected_message');
});

test('more requests than a client keeps open', () => {
  const pair = securedPair({
    client: { postHandshakeAuth: true, credential: 'ask', limits: { certificateRequestsMax: 2 } },
  });
  for (let count = 0; count < 3; count++) pair.server.machine.requestCertificate(0);
  pair.exchange();
  expect(pair.client.failure?.code).toBe('TLS_TOO_MANY_CERTIFICATE_REQUESTS');
});

test('nothing comes between the messages of an answer', () => {
  const pair = securedPair({ client: { postHandshakeAuth: true, credential: 'ask' } });
  const { client, server } = pair;
  server.machine.requestCertificate(0);
  pair.exchange();
  client.tamper((message) => {
    // Behind Certificate comes data.
    client.engine.channel.output.send(22, message);
    if (message[0] === 11) client.engine.channel.output.send(23, Uint8Array.of(1));
    return null;
  });
  const { id } = client.only('choose-certificate');
  client.machine.chooseCertificate(id, credential('p256'), 0);
  pair.exchange();
  expect(server.failure).toEqual({ code: 'TLS_UNEXPECTED_DATA', alert: 'unexpected_message' });
});

test('heartbeats, where both have agreed', () => {
  const pair = securedPair({
    client: { heartbeat: 'peer-allowed-to-send' },
    server: { heartbeat: 'peer-not-allowed-to-send' },
  });
  expect(pair.client.only('handshake-complete').heartbeat).toEqual({
    sends: false,
    receives: true,
  });
  expect(pair.server.only('handshake-complete').heartbeat).toEqual({
    sends: true,
    receives: false,
  });
  pair.server.machine.sendHeartbeat(0);
  expect(() => pair.server.machine.sendHeartbeat(0)).toThrow('TLS_OUTSTANDING');
  expect(() => pair.client.machine.sendHeartbeat(0)).toThrow('TLS_NOT_AGREED');
  pair.now = 30;
  pair.exchange();
  expect(pair.client.all('heartbeat-request')).toEqual([
    { type: 'heartbeat-request', payloadBytes: 16 },
  ]);
  expect(pair.server.all('heartbeat')).toEqual([{ type: 'heartbeat', roundTripMs: 30 }]);
  const without = securedPair({ client: { heartbeat: 'peer-allowed-to-send' } });
  expect(() => without.client.machine.sendHeartbeat(0)).toThrow('TLS_NOT_AGREED');
  without.server.engine.channel.sendHeartbeat(Uint8Array.of(1, 0, 0));
  without.exchange();
  expect(without.client.failure?.code).toBe('TLS_UNEXPECTED_RECORD');
});

test('a silent peer is asked, and given up when it does not answer', () => {
  const timeouts = { heartbeatMs: 1000, heartbeatAnswerMs: 300 };
  const heartbeat = 'peer-allowed-to-send' as const;
  const pair = securedPair({ client: { heartbeat, timeouts }, server: { heartbeat } });
  const { client, server } = pair;
  expect(client.machine.deadline()).toBe(1000);
  pair.now = 1000;
  client.machine.onDeadline(1000);
  pair.exchange();
  expect(client.all('heartbeat')).toHaveLength(1);
  expect(client.machine.deadline()).toBe(2000);
  client.machine.onDeadline(2000);
  // The server is not there any more.
  expect(client.machine.nextOutput()).not.toBeNull();
  expect(client.machine.deadline()).toBe(2300);
  client.machine.onDeadline(2300);
  pair.pull(client);
  expect(client.only('closed').cause).toBe('heartbeat-timeout');
  expect(client.machine.transport).toBe('abort');
  expect(client.machine.deadline()).toBe(Number.POSITIVE_INFINITY);
  expect(server.all('failed')).toEqual([]);
});

test('what cannot be done before the handshake is complete or after the end', () => {
  const early = new EnginePair();
  expect(() => early.client.machine.updateKeys(0)).toThrow('TLS_NOT_SECURED');
  expect(() => early.client.machine.sendHeartbeat(0)).toThrow('TLS_NOT_SECURED');
  expect(() => early.server.machine.requestCertificate(0)).toThrow('TLS_NOT_SECURED');
  expect(() => early.server.machine.takeTrailingData()).toThrow('TLS_CLOSED');
  const late = securedPair();
  late.client.machine.closeNotify(0);
  late.client.machine.closeNotify(0);
  expect(() => late.client.machine.updateKeys(0)).toThrow('TLS_CLOSED');
  expect(() => late.client.machine.sendData(new Uint8Array(1), 0)).toThrow('TLS_CLOSED');
});
