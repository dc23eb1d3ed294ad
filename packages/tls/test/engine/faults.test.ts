// What a peer does wrong in a handshake, and the alert that the RFC names for it.
import { expect, test } from 'vitest';
import type { TlsClient, TlsServer } from '../../src/index.ts';
import type { PairEnd } from '../support/engine-pair.ts';
import { credential, EnginePair, type PairOptions } from '../support/engine-pair.ts';

type Change = (message: Uint8Array) => Uint8Array | readonly Uint8Array[] | null;

const TYPE = { clientHello: 1, serverHello: 2, ticket: 4, extensions: 8, certificate: 11 } as const;
const REQUEST = 13;
const VERIFY = 15;
const FINISHED = 20;

/** Changes the first message of a type. */
function only(type: number, change: Change): Change {
  let isDone = false;
  return (message) => {
    if (isDone || message[0] !== type) return message;
    isDone = true;
    return change(message);
  };
}

/** A handshake in which one end's messages are changed; how the other end fails. */
function fate(by: 'client' | 'server', change: Change, options: PairOptions = {}): unknown {
  const pair = new EnginePair(options);
  const liar: PairEnd<TlsClient | TlsServer> = pair[by];
  const judge: PairEnd<TlsClient | TlsServer> = by === 'client' ? pair.server : pair.client;
  liar.tamper(change);
  pair.exchange();
  expect(pair.isSecured && judge.failure === null).toBe(false);
  const { failure } = judge;
  expect(liar.receivedAlert).not.toBeNull();
  return failure === null ? null : [failure.code, failure.alert];
}

/** A first ClientHello changed after the fact: it leaves when the client is made. */
function helloFate(change: Change, options: PairOptions = {}): unknown {
  const pair = new EnginePair(options);
  const { client, server } = pair;
  const chunk = client.machine.nextOutput()!;
  client.machine.outputAccepted(chunk.length, 0);
  const changed = change(chunk.subarray(5)) as Uint8Array;
  server.engine.channel.input.append(record(22, changed));
  server.engine.isUnread = true;
  pair.exchange();
  const { failure } = server;
  expect(client.receivedAlert).not.toBeNull();
  return failure === null ? null : [failure.code, failure.alert];
}

function record(type: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  return Uint8Array.of(type, 3, 3, length >> 8, length & 0xff, ...content);
}

/** Sets one byte. */
function poke(at: number, value: number): Change {
  return (message) => {
    message[at < 0 ? message.length + at : at] = value;
    return message;
  };
}

/** The last bit of the last byte. */
const flipLast: Change = (message) => {
  message[message.length - 1]! ^= 1;
  return message;
};

const SESSION_ID_AT = 39;
const SUITE_AT = SESSION_ID_AT + 32;

test('ServerHello', () => {
  const hello = (change: Change, options?: PairOptions): unknown =>
    fate('server', only(TYPE.serverHello, change), options);
  expect(hello(poke(5, 4))).toEqual(['TLS_INVALID_LEGACY_VERSION', 'protocol_version']);
  expect(hello(poke(SESSION_ID_AT, 0))).toEqual(['TLS_SESSION_ID_MISMATCH', 'illegal_parameter']);
  expect(hello(poke(SUITE_AT + 1, 9))).toEqual(['TLS_INVALID_CIPHER_SUITE', 'illegal_parameter']);
  const only128 = { client: { cipherSuites: ['TLS_AES_128_GCM_SHA256' as const] } };
  expect(hello(poke(SUITE_AT + 1, 2), only128)).toEqual([
    'TLS_INVALID_CIPHER_SUITE',
    'illegal_parameter',
  ]);
  expect(hello(poke(SUITE_AT + 2, 1))).toEqual(['TLS_INVALID_COMPRESSION', 'illegal_parameter']);
  expect(hello(() => Uint8Array.of(2, 0, 0, 0))).toEqual(['TLS_DECODE_ERROR', 'decode_error']);
  expect(hello(only(2, (message) => [message, Uint8Array.of(8, 0, 0, 2, 0, 0)]))).toEqual([
    'TLS_KEY_CHANGE_IN_RECORD',
    'unexpected_message',
  ]);
});

/** A ServerHello of which the extensions are these. */
function withExtensions(message: Uint8Array, extensions: readonly number[]): Uint8Array {
  const start = message.subarray(4, SUITE_AT + 3);
  const body = [...start, extensions.length >> 8, extensions.length & 0xff, ...extensions];
  return Uint8Array.of(2, 0, body.length >> 8, body.length & 0xff, ...body);
}

const VERSION = [0, 43, 0, 2, 3, 4];
const share = (group: number, bytes: readonly number[]): number[] => {
  const { length } = bytes;
  return [0, 51, 0, length + 4, group >> 8, group & 0xff, 0, length, ...bytes];
};

test('extensions of ServerHello', () => {
  const hello = (extensions: readonly number[], options?: PairOptions): unknown => {
    const change: Change = (message) => withExtensions(message, extensions);
    return fate('server', only(TYPE.serverHello, change), options);
  };
  const point = Array.from({ length: 32 }, () => 9);
  expect(hello([0, 43, 0, 2, 3, 3])).toEqual(['TLS_INVALID_SELECTED_VERSION', 'illegal_parameter']);
  expect(hello([...VERSION, 0x12, 0x34, 0, 0])).toEqual([
    'TLS_UNSOLICITED_EXTENSION',
    'unsupported_extension',
  ]);
  expect(hello(VERSION)).toEqual(['TLS_MISSING_EXTENSION', 'missing_extension']);
  expect(hello(share(29, point))).toEqual(['TLS_UNSUPPORTED_VERSION', 'protocol_version']);
  expect(hello([...VERSION, ...share(23, point)])).toEqual([
    'TLS_INVALID_SELECTED_GROUP',
    'illegal_parameter',
  ]);
  // A point of small order, and a share that is too short.
  const zeros = Array.from({ length: 32 }, () => 0);
  for (const bad of [zeros, point.slice(1)]) {
    expect(hello([...VERSION, ...share(29, bad)])).toEqual([
      'TLS_INVALID_KEY_EXCHANGE',
      'illegal_parameter',
    ]);
  }
  const psk = { identity: Uint8Array.of(1), secret: Uint8Array.of(1) };
  const keyed = { client: { preSharedKeys: [psk] } };
  const selected = [0, 41, 0, 2, 0, 0];
  const invalid = ['TLS_INVALID_SELECTED_PSK', 'illegal_parameter'];
  // Beyond what was offered; without the key exchange; of another hash than the suite's.
  expect(hello([...VERSION, ...share(29, point), 0, 41, 0, 2, 0, 1], keyed)).toEqual(invalid);
  expect(hello([...VERSION, ...selected], keyed)).toEqual(invalid);
  const strong = { client: { preSharedKeys: [{ ...psk, hash: 'sha384' as const }] } };
  expect(hello([...VERSION, ...share(29, point), ...selected], strong)).toEqual(invalid);
  expect(hello([...VERSION, ...share(29, point), ...selected])).toEqual([
    'TLS_UNSOLICITED_EXTENSION',
    'unsupported_extension',
  ]);
});

test('a server that speaks TLS 1.2 alone, or says so although it can do more', () => {
  const older = (sentinel: readonly number[]): unknown =>
    fate(
      'server',
      only(TYPE.serverHello, (message) => {
        message.set(sentinel, 4 + 2 + 32 - sentinel.length);
        return withExtensions(message, []);
      }),
    );
  expect(older([])).toEqual(['TLS_UNSUPPORTED_VERSION', 'protocol_version']);
  for (const last of [0, 1]) {
    const sentinel = [0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, last];
    expect(older(sentinel)).toEqual(['TLS_DOWNGRADED', 'illegal_parameter']);
  }
});

test('HelloRetryRequest', () => {
  const retried = { server: { groups: ['secp256r1' as const] } };
  const retry = (extensions: readonly number[], options: PairOptions = retried): unknown => {
    const change: Change = (message) => withExtensions(message, extensions);
    return fate('server', only(TYPE.serverHello, change), options);
  };
  const group = (code: number): number[] => [0, 51, 0, 2, code >> 8, code & 0xff];
  expect(retry(VERSION)).toEqual(['TLS_POINTLESS_RETRY', 'illegal_parameter']);
  // A group that had its share, and one that was never offered.
  for (const code of [29, 24]) {
    expect(retry([...VERSION, ...group(code)])).toEqual([
      'TLS_INVALID_SELECTED_GROUP',
      'illegal_parameter',
    ]);
  }
  expect(retry(group(23))).toEqual(['TLS_UNSUPPORTED_VERSION', 'protocol_version']);
  const suite = only(TYPE.serverHello, poke(SUITE_AT + 1, 4));
  expect(fate('server', suite, retried)).toEqual(['TLS_INVALID_CIPHER_SUITE', 'illegal_parameter']);
});

test('the hello behind a HelloRetryRequest', () => {
  const retried = { server: { groups: ['secp256r1' as const] } };
  let count = 0;
  let first: Uint8Array | null = null;
  const again: Change = (message) => {
    if (message[0] !== 2) return message;
    count++;
    if (count === 1) first = message.slice();
    return count === 2 ? first! : message;
  };
  expect(fate('server', again, retried)).toEqual(['TLS_SECOND_RETRY', 'unexpected_message']);
  let hellos = 0;
  const otherSuite: Change = (message) => {
    if (message[0] === 2) hellos++;
    return message[0] === 2 && hellos === 2 ? poke(SUITE_AT + 1, 3)(message) : message;
  };
  expect(fate('server', otherSuite, retried)).toEqual([
    'TLS_INVALID_CIPHER_SUITE',
    'illegal_parameter',
  ]);
  const changed = ['TLS_CLIENT_HELLO_CHANGED', 'illegal_parameter'];
  // Another random, and another order of suites.
  expect(fate('client', only(TYPE.clientHello, poke(7, 0)), retried)).toEqual(changed);
  const cookie = { server: { sendsCookie: true } };
  expect(fate('client', only(TYPE.clientHello, poke(7, 0)), cookie)).toEqual(changed);
});

test('messages that come where others are expected', () => {
  const unexpected = ['TLS_UNEXPECTED_MESSAGE', 'unexpected_message'];
  const finished = Uint8Array.of(FINISHED, 0, 0, 32, ...new Uint8Array(32));
  const update = Uint8Array.of(24, 0, 0, 1, 0);
  for (const type of [TYPE.extensions, TYPE.certificate, VERIFY, FINISHED]) {
    for (const other of [finished, update, Uint8Array.of(5, 0, 0, 0), Uint8Array.of(1, 0, 0, 0)]) {
      if (other[0] === type) continue;
      expect(
        fate(
          'server',
          only(type, () => other),
        ),
      ).toEqual(unexpected);
    }
  }
  expect(
    fate(
      'server',
      only(TYPE.extensions, () => Uint8Array.of(0, 0, 0, 0)),
    ),
  ).toEqual(['TLS_UNKNOWN_MESSAGE', 'unexpected_message']);
  const asked: PairOptions = {
    client: { credential: credential('p256') },
    server: { clientCertificate: 'require' },
  };
  for (const type of [TYPE.certificate, VERIFY, FINISHED]) {
    for (const other of [update, Uint8Array.of(5, 0, 0, 0), Uint8Array.of(1, 0, 0, 0)]) {
      expect(
        fate(
          'client',
          only(type, () => other),
          asked,
        ),
      ).toEqual(unexpected);
    }
  }
  // A second CertificateRequest.
  const twice = only(REQUEST, (message) => [message, message]);
  expect(fate('server', twice, asked)).toEqual(unexpected);
  // A server's request where a pre-shared key authenticates.
  const psk = { identity: Uint8Array.of(1), secret: Uint8Array.of(1) };
  const keyed = { client: { preSharedKeys: [psk] }, server: { preSharedKeys: [psk] } };
  const request = only(FINISHED, (message) => [Uint8Array.of(REQUEST, 0, 0, 3, 0, 0, 0), message]);
  expect(fate('server', request, keyed)).toEqual(unexpected);
});

test('EncryptedExtensions', () => {
  const say = (...extensions: number[]): unknown =>
    fate(
      'server',
      only(TYPE.extensions, () =>
        Uint8Array.of(8, 0, 0, extensions.length + 2, 0, extensions.length, ...extensions),
      ),
      { client: { protocols: ['h2'] } },
    );
  expect(say(0, 16, 0, 5, 0, 3, 2, 0x68, 0x33)).toEqual([
    'TLS_INVALID_SELECTED_PROTOCOL',
    'illegal_parameter',
  ]);
  expect(say(0, 15, 0, 1, 1)).toEqual(['TLS_UNSOLICITED_EXTENSION', 'unsupported_extension']);
  expect(say(0, 51, 0, 2, 0, 29)).toEqual(['TLS_MISPLACED_EXTENSION', 'illegal_parameter']);
  expect(say(0, 42, 0, 0)).toEqual(['TLS_UNSOLICITED_EXTENSION', 'unsupported_extension']);
});

test('Certificate and CertificateVerify of either side', () => {
  const asked: PairOptions = {
    client: { credential: credential('p256') },
    server: { clientCertificate: 'require' },
  };
  for (const by of ['server', 'client'] as const) {
    const say = (type: number, change: Change): unknown => fate(by, only(type, change), asked);
    expect(say(VERIFY, flipLast)).toEqual(['TLS_SIGNATURE_MISMATCH', 'decrypt_error']);
    // rsa_pkcs1_sha256, ecdsa_sha1, a scheme of another key, one that nobody knows
    for (const [high, low] of [
      [4, 1],
      [2, 3],
      [8, 4],
      [9, 9],
    ] as const) {
      const change: Change = (message) => poke(5, low)(poke(4, high)(message) as Uint8Array);
      expect(say(VERIFY, change)).toEqual(['TLS_INVALID_SIGNATURE_SCHEME', 'illegal_parameter']);
    }
    const noDer: Change = poke(4 + 1 + 3 + 3, 0);
    expect(say(TYPE.certificate, noDer)).toEqual(['TLS_INVALID_CERTIFICATE', 'bad_certificate']);
    const context: Change = () => Uint8Array.of(11, 0, 0, 5, 1, 7, 0, 0, 0);
    expect(say(TYPE.certificate, context)).toEqual([
      'TLS_INVALID_CERTIFICATE_CONTEXT',
      'illegal_parameter',
    ]);
    expect(say(FINISHED, flipLast)).toEqual(['TLS_FINISHED_MISMATCH', 'decrypt_error']);
    const short: Change = () => Uint8Array.of(FINISHED, 0, 0, 1, 0);
    expect(say(FINISHED, short)).toEqual(['TLS_DECODE_ERROR', 'decode_error']);
  }
  const empty: Change = () => Uint8Array.of(11, 0, 0, 4, 0, 0, 0, 0);
  expect(fate('server', only(TYPE.certificate, empty))).toEqual([
    'TLS_NO_CERTIFICATE',
    'decode_error',
  ]);
  const context: Change = () =>
    Uint8Array.of(REQUEST, 0, 0, 12, 1, 7, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3);
  expect(fate('server', only(REQUEST, context), asked)).toEqual([
    'TLS_INVALID_CERTIFICATE_CONTEXT',
    'illegal_parameter',
  ]);
});

test('certificates that may not be used', () => {
  const unsupported = ['TLS_UNSUPPORTED_CERTIFICATE', 'unsupported_certificate'];
  const mayNot = { server: { credentials: [credential('may-not-sign')] } };
  expect(fate('server', (message) => message, mayNot)).toEqual(unsupported);
  // A certificate of a kind that the client has not asked for, whatever the key signs.
  const { chain } = credential('rsa');
  const { key } = credential('ed25519');
  const other: PairOptions = {
    client: { signatureSchemes: ['ed25519'] },
    server: { credentials: [{ chain, key }] },
  };
  expect(fate('server', (message) => message, other)).toEqual(unsupported);
});

test('ClientHello', () => {
  expect(helloFate(poke(5, 4))).toEqual(['TLS_INVALID_LEGACY_VERSION', 'protocol_version']);
  expect(helloFate((message) => message.fill(0, 4))).toEqual(['TLS_DECODE_ERROR', 'decode_error']);
  const noVersion: Change = (message) => {
    const text = Array.from(message).join(',');
    const at = text.slice(0, text.indexOf(',0,43,0,3,2,3,4')).split(',').length;
    return poke(at + 6, 3)(message);
  };
  expect(helloFate(noVersion)).toEqual(['TLS_UNSUPPORTED_VERSION', 'protocol_version']);
  const fallback: Change = (message) => {
    const changed = noVersion(message) as Uint8Array;
    changed.set([0x56, 0x00], SUITE_AT + 2);
    return changed;
  };
  expect(helloFate(fallback)).toEqual(['TLS_INAPPROPRIATE_FALLBACK', 'inappropriate_fallback']);
  expect(helloFate((message) => Uint8Array.of(...message, 1, 0, 0))).toEqual([
    'TLS_KEY_CHANGE_IN_RECORD',
    'unexpected_message',
  ]);
});

test('records where they may not be', () => {
  const server = (...records: Uint8Array[]): unknown => {
    const pair = new EnginePair();
    for (const one of records) pair.server.machine.receive(one, 0);
    pair.pull(pair.server);
    return pair.server.failure;
  };
  const unexpected = (code: string): unknown => ({ code, alert: 'unexpected_message' });
  expect(server(record(23, Uint8Array.of(1)))).toEqual(unexpected('TLS_UNEXPECTED_RECORD'));
  expect(server(record(20, Uint8Array.of(1)))).toEqual(
    unexpected('TLS_UNEXPECTED_CHANGE_CIPHER_SPEC'),
  );
  expect(server(record(22, Uint8Array.of(20, 0, 0, 0)))).toEqual(
    unexpected('TLS_UNEXPECTED_MESSAGE'),
  );
  expect(server(record(22, Uint8Array.of(1, 0)), record(21, Uint8Array.of(1, 0)))).toEqual(
    unexpected('TLS_INTERLEAVED_HANDSHAKE'),
  );
  const late = new EnginePair();
  late.exchange();
  late.client.machine.receive(record(20, Uint8Array.of(1)), 0);
  late.exchange();
  expect(late.client.failure).toEqual(unexpected('TLS_UNEXPECTED_CHANGE_CIPHER_SPEC'));
});

test('data before the handshake is complete', () => {
  const pair = new EnginePair({ accepts: false });
  pair.exchange();
  // The client is under the keys of the handshake.
  pair.client.engine.channel.output.send(23, Uint8Array.of(1));
  const chunk = pair.client.machine.nextOutput()!;
  pair.server.machine.receive(chunk, 0);
  pair.exchange();
  expect(pair.server.failure).toEqual({ code: 'TLS_UNEXPECTED_DATA', alert: 'unexpected_message' });
});
