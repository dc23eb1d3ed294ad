import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/node/index.ts';
import { HASH_BYTES } from '../../src/schedule/hkdf-label.ts';
import {
  EarlySecret,
  type HandshakeSecret,
  type MainSecret,
} from '../../src/schedule/key-schedule.ts';
import { verifyData } from '../../src/schedule/traffic-keys.ts';
import { Transcript } from '../../src/schedule/transcript.ts';
import { TRACES, Trace, type TraceName, toHex } from '../rfc8448/trace.ts';

/** The value under `name` of the step that derives the secret with this label. */
function derived(trace: Trace, label: string, name = 'expanded'): string {
  return toHex(trace.value(`derive secret "tls13 ${label}"`, name));
}

/** Walks through a trace with its messages and compares every secret on the way. */
function follow(name: TraceName): void {
  const trace = new Trace(name);
  const messages = [...trace.messages];
  const transcript = new Transcript(nodeCrypto);
  const addNext = () => {
    transcript.add(messages[0]!);
    return messages.shift()!;
  };
  addNext();
  transcript.choose('sha256');
  const early = new EarlySecret(nodeCrypto, 'sha256', name === 'resumed-0-rtt' ? psk() : null);
  if (name === 'resumed-0-rtt') {
    expect(toHex(early.clientTraffic(transcript.hash()))).toBe(derived(trace, 'c e traffic'));
    expect(toHex(early.exporter(transcript.hash()))).toBe(derived(trace, 'e exp master'));
  }
  if (name === 'hello-retry-request') {
    transcript.replaceFirstHello();
    addNext();
    addNext();
  }
  addNext();

  const handshake = early.toHandshake(trace.value('extract secret "handshake"', 'IKM'));
  const clientHandshake = handshake.clientTraffic(transcript.hash());
  const serverHandshake = handshake.serverTraffic(transcript.hash());
  expect(toHex(transcript.hash())).toBe(derived(trace, 'c hs traffic', 'hash'));
  expect(toHex(clientHandshake)).toBe(derived(trace, 'c hs traffic'));
  expect(toHex(serverHandshake)).toBe(derived(trace, 's hs traffic'));

  // Everything of the server's up to its Finished, which comes first.
  while (messages[0]![0] !== 20) addNext();
  checkFinished(messages[0]!, serverHandshake, transcript);
  addNext();
  const main = handshake.toMain();
  const hash = transcript.hash();
  expect(toHex(hash)).toBe(derived(trace, 'c ap traffic', 'hash'));
  expect(toHex(main.clientTraffic(hash))).toBe(derived(trace, 'c ap traffic'));
  expect(toHex(main.serverTraffic(hash))).toBe(derived(trace, 's ap traffic'));
  expect(toHex(main.exporter(hash))).toBe(derived(trace, 'exp master'));

  while (messages[0]![0] !== 20) addNext();
  checkFinished(messages[0]!, clientHandshake, transcript);
  addNext();
  expect(messages).toEqual([]);
  expect(toHex(main.resumption(transcript.hash()))).toBe(derived(trace, 'res master'));
}

/** The ticket's key that the resumed handshake uses: it comes from the trace before. */
function psk(): Uint8Array {
  return new Trace('simple-1-rtt').value('generate resumption secret', 'expanded');
}

function checkFinished(message: Uint8Array, baseKey: Uint8Array, transcript: Transcript): void {
  const data = verifyData(nodeCrypto, 'sha256', baseKey, transcript.hash());
  expect(toHex(message)).toBe(`14000020${toHex(data)}`);
}

describe('the traces of RFC 8448, from ClientHello to the resumption secret', () => {
  for (const name of TRACES) test(name, () => follow(name));
});

test('the binder of the resumed handshake (RFC 8448 section 4)', () => {
  const trace = new Trace('resumed-0-rtt');
  const step = 'calculate PSK binder';
  const transcript = new Transcript(nodeCrypto);
  transcript.choose('sha256');
  transcript.add(trace.value(step, 'ClientHello prefix'));
  expect(toHex(transcript.hash())).toBe(toHex(trace.value(step, 'binder hash')));
  const key = new EarlySecret(nodeCrypto, 'sha256', psk()).binderKey('resumption');
  expect(toHex(key)).toBe(toHex(trace.value(step, 'PRK')));
  const binder = verifyData(nodeCrypto, 'sha256', key, transcript.hash());
  expect(toHex(binder)).toBe(toHex(trace.value(step, 'finished')));
  // The rest of the message is the list of binders, with this one in it.
  const hello = trace.messages[0]!;
  const truncated = trace.value(step, 'ClientHello prefix');
  expect(toHex(hello)).toBe(`${toHex(truncated)}002120${toHex(binder)}`);
  transcript.add(hello.subarray(truncated.length));
  expect(toHex(transcript.hash())).toBe(derived(trace, 'c e traffic', 'hash'));
});

test('an external key has another binder than a ticket with the same secret', () => {
  const early = new EarlySecret(nodeCrypto, 'sha384', Uint8Array.of(1, 2, 3));
  expect(early.binderKey('external')).not.toEqual(early.binderKey('resumption'));
  expect(early.binderKey('external')).toHaveLength(HASH_BYTES.sha384);
});

test('no key is the key of zeros, and no shared secret is the one of zeros', () => {
  for (const hash of ['sha256', 'sha384'] as const) {
    const zeros = new Uint8Array(HASH_BYTES[hash]);
    const without = new EarlySecret(nodeCrypto, hash, null);
    const withZeros = new EarlySecret(nodeCrypto, hash, zeros);
    expect(without.binderKey('external')).toEqual(withZeros.binderKey('external'));
    const hellos = new Uint8Array(HASH_BYTES[hash]);
    expect(without.toHandshake(null).clientTraffic(hellos)).toEqual(
      withZeros.toHandshake(zeros).clientTraffic(hellos),
    );
  }
});

test('each step overwrites the secret that it leaves', () => {
  const secretOf = (holder: EarlySecret | HandshakeSecret | MainSecret) =>
    (holder as unknown as { secret: Uint8Array }).secret;
  const early = new EarlySecret(nodeCrypto, 'sha256', null);
  expect(secretOf(early).some((byte) => byte !== 0)).toBe(true);
  const handshake = early.toHandshake(null);
  expect(secretOf(early)).toEqual(new Uint8Array(32));
  const main = handshake.toMain();
  expect(secretOf(handshake)).toEqual(new Uint8Array(32));
  main.destroy();
  expect(secretOf(main)).toEqual(new Uint8Array(32));
});

test('what the caller gives is left alone', () => {
  const [key, shared] = [Uint8Array.of(1, 2), Uint8Array.of(3, 4)];
  new EarlySecret(nodeCrypto, 'sha256', key).toHandshake(shared);
  expect([key, shared]).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]);
});
