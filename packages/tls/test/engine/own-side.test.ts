// What an end says and bears by its own options: schemes, the sizes of keys, heartbeats, a key that fails.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { clientSettings, type SignatureScheme } from '../../src/index.ts';
import { nodeCrypto, nodeRandom } from '../../src/node/index.ts';
import { credential, EnginePair } from '../support/engine-pair.ts';

const RSA_PKCS1 = [0x0401, 0x0501, 0x0601];

test('signature_algorithms ends with the schemes of PKCS #1, for chains alone', () => {
  const pair = new EnginePair({
    client: { signatureSchemes: ['ecdsa_secp256r1_sha256'], credential: 'ask' },
    server: { credentials: 'ask', clientCertificate: 'request' },
  });
  pair.exchange();
  const { id, schemes, certificateSchemes } = pair.server.only('choose-certificate');
  expect(schemes).toEqual([0x0403, ...RSA_PKCS1]);
  expect(certificateSchemes).toEqual(schemes);
  pair.server.machine.chooseCertificate(id, credential('p256'), 0);
  pair.exchange();
  const asked = pair.client.only('choose-certificate').schemes;
  expect(asked.slice(-3)).toEqual(RSA_PKCS1);
  expect(asked.length).toBe(nodeCrypto.schemes.length + RSA_PKCS1.length);
});

test('a server with an RSA key is no match for a client that takes PKCS #1 in chains alone', () => {
  const pair = new EnginePair({
    client: { signatureSchemes: ['ecdsa_secp256r1_sha256'] },
    server: { credentials: [credential('rsa')] },
  });
  pair.exchange();
  expect(pair.server.failure?.code).toBe('TLS_NO_COMMON_SIGNATURE_SCHEME');
});

test.each(RSA_PKCS1)(
  'a CertificateVerify by scheme %i is refused, though it is advertised',
  (code) => {
    const pair = new EnginePair({ server: { credentials: [credential('rsa')] } });
    pair.server.tamper((message) => {
      if (message[0] === 15) message.set([code >> 8, code & 0xff], 4);
      return message;
    });
    pair.exchange();
    expect(pair.client.failure).toEqual({
      code: 'TLS_INVALID_SIGNATURE_SCHEME',
      alert: 'illegal_parameter',
    });
  },
);

test('RSA keys have 2048 bits, or what the option wants', () => {
  const servers = { credentials: [credential('rsa')] };
  const exact = new EnginePair({ client: { rsaBitsMin: 2048 }, server: servers });
  exact.exchange();
  expect(exact.isSecured).toBe(true);
  const more = new EnginePair({ client: { rsaBitsMin: 2049 }, server: servers });
  more.exchange();
  expect(more.client.failure).toEqual({
    code: 'TLS_UNSUPPORTED_CERTIFICATE',
    alert: 'unsupported_certificate',
  });
  expect(more.client.only('failed').message).toContain('2048 bits, fewer than 2049');
  const asking = new EnginePair({
    client: { credential: credential('rsa') },
    server: { clientCertificate: 'require', rsaBitsMin: 4096 },
  });
  asking.exchange();
  expect(asking.server.failure?.code).toBe('TLS_UNSUPPORTED_CERTIFICATE');
  const common = { crypto: nodeCrypto, random: nodeRandom };
  expect(clientSettings(common).rsaBitsMin).toBe(2048);
  for (const rsaBitsMin of [1023, 8193, 2048.5]) {
    expect(() => clientSettings({ ...common, rsaBitsMin })).toThrow(RangeError);
  }
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const info = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  expect(nodeCrypto.verifyingKey(info)?.rsaBits).toBe(1024);
});

/** A key as in a card that was pulled. */
function failingKey(name: 'p256' | 'ed25519') {
  const { chain, key } = credential(name);
  const schemes: readonly SignatureScheme[] = key.schemes;
  const sign = (): never => {
    throw new Error('the card is gone');
  };
  return { chain, key: { schemes, sign } };
}

const SIGNING_FAILED = { code: 'TLS_SIGNING_FAILED', alert: 'internal_error' };

test('a signing key of the server that throws fails the handshake, and the client hears of it', () => {
  const pair = new EnginePair({ server: { credentials: [failingKey('p256')] } });
  pair.exchange();
  expect(pair.server.failure).toEqual(SIGNING_FAILED);
  expect(pair.server.only('failed').cause).toEqual(new Error('the card is gone'));
  // Nothing of a foreign error gets into our own text.
  expect(pair.server.only('failed').message).not.toContain('card');
  expect(pair.client.receivedAlert).toBe(80);
  expect(pair.client.only('failed').cause).toBeNull();
  for (const end of [pair.client, pair.server]) {
    end.machine.receiveEnd(0, 'finished');
  }
  pair.exchange();
  expect(pair.server.only('closed').cause).toBe('failed');
  expect(pair.client.only('closed').cause).toBe('failed');
});

test('so it does behind an answer of the caller', () => {
  const pair = new EnginePair({ server: { credentials: 'ask' } });
  pair.exchange();
  const { id } = pair.server.only('choose-certificate');
  pair.server.machine.chooseCertificate(id, failingKey('p256'), 0);
  pair.exchange();
  expect(pair.server.failure).toEqual(SIGNING_FAILED);
  expect(pair.client.receivedAlert).toBe(80);
});

test('and so does that of a client, in the handshake and after it', () => {
  const within = new EnginePair({
    client: { credential: failingKey('ed25519') },
    server: { clientCertificate: 'request' },
  });
  within.exchange();
  expect(within.client.failure).toEqual(SIGNING_FAILED);
  expect(within.server.receivedAlert).toBe(80);
  const after = new EnginePair({
    client: { credential: failingKey('ed25519'), postHandshakeAuth: true },
  });
  after.exchange();
  after.server.machine.requestCertificate(0);
  after.client.machine.sendData(new Uint8Array(1), 0);
  after.exchange();
  expect(after.client.failure).toEqual(SIGNING_FAILED);
  expect(after.server.receivedAlert).toBe(80);
});

test('heartbeats at a rate are answered for ever, a flood is not', () => {
  const heartbeat = 'peer-allowed-to-send' as const;
  const limits = { heartbeatsPerSecondMax: 4 };
  const pair = new EnginePair({ client: { heartbeat, limits }, server: { heartbeat } });
  pair.exchange();
  const { client, server } = pair;
  const request = (): void => {
    server.engine.channel.sendHeartbeat(Uint8Array.of(1, 0, 0, ...new Uint8Array(16)));
    pair.exchange();
  };
  for (let count = 0; count < 100; count++) {
    pair.now += 250;
    request();
  }
  expect(client.all('heartbeat-request')).toHaveLength(100);
  // Four seconds' worth at once, and no more.
  pair.now += 4000;
  for (let count = 0; count < 16; count++) request();
  expect(client.failure).toBeNull();
  request();
  expect(client.failure).toEqual({ code: 'TLS_TOO_MANY_HEARTBEATS', alert: 'unexpected_message' });
  expect(client.all('heartbeat-request')).toHaveLength(116);
});

test('messages that are discarded count as well', () => {
  const heartbeat = 'peer-allowed-to-send' as const;
  const limits = { heartbeatsPerSecondMax: 1 };
  const pair = new EnginePair({ client: { heartbeat, limits }, server: { heartbeat } });
  pair.exchange();
  for (let count = 0; count < 5; count++) {
    pair.server.engine.channel.sendHeartbeat(Uint8Array.of(1, 0xff, 0xff));
  }
  pair.exchange();
  expect(pair.client.failure?.code).toBe('TLS_TOO_MANY_HEARTBEATS');
});

test('a server that reads no answers does not make its client keep them all', () => {
  const pair = new EnginePair({
    client: {
      credential: credential('p256'),
      postHandshakeAuth: true,
      limits: { outputBytesMax: 4000 },
    },
    server: { limits: { certificateRequestsMax: 100 } },
  });
  pair.exchange();
  const { client, server } = pair;
  for (let count = 0; count < 50; count++) server.machine.requestCertificate(0);
  for (let chunk = server.machine.nextOutput(); chunk; chunk = server.machine.nextOutput()) {
    client.machine.receive(chunk.slice(), 0);
    server.machine.outputAccepted(chunk.length, 0);
  }
  pair.pull(client);
  expect(client.failure).toEqual({
    code: 'TLS_TOO_MANY_CERTIFICATE_REQUESTS',
    alert: 'unexpected_message',
  });
  expect(client.machine.outputBytes).toBeLessThan(8000);
});

test('the version of a HelloRetryRequest is retained', () => {
  const pair = new EnginePair({
    client: { groups: ['x25519', 'secp256r1'] },
    server: { groups: ['secp256r1'] },
  });
  let hellos = 0;
  pair.server.tamper((message) => {
    if (message[0] !== 2) return message;
    hellos += 1;
    // The second without its extensions: TLS 1.2.
    if (hellos < 2) return message;
    const sessionIdBytes = message[38]!;
    const end = 39 + sessionIdBytes + 3;
    const cut = message.slice(0, end);
    cut[3] = end - 4;
    cut[2] = 0;
    return cut;
  });
  pair.exchange();
  expect(pair.client.failure).toEqual({
    code: 'TLS_INVALID_SELECTED_VERSION',
    alert: 'illegal_parameter',
  });
});
