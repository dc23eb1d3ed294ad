// The conversations of RFC 8448, byte for byte, both roles at once: keys, randoms and signatures are
// those of the traces, and so are the few messages where the RFC leaves a choice that the traces make
// differently (hellos, EncryptedExtensions, CertificateRequest). All else is ours.
import { createECDH, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Engine } from '../../src/engine.ts';
import { EXTENSION_TYPE } from '../../src/extensions/extension-type.ts';
import { clientSettings, serverSettings, TlsClient, TlsServer } from '../../src/index.ts';
import {
  parseHelloRetryRequestExtensions,
  parseServerHello,
} from '../../src/messages/server-hello.ts';
import type { NamedGroup } from '../../src/named-group.ts';
import { nodeCrypto } from '../../src/node/index.ts';
import type { CryptoProvider } from '../../src/provider.ts';
import type { SignatureScheme } from '../../src/signature-scheme.ts';
import { fromHex, Trace, type TraceName, toHex } from '../rfc8448/trace.ts';

const SESSION_ID_BYTES = 32;

/** Messages of the trace that stand for ours, in their order. */
const given: Record<string, Uint8Array[]> = {};

function givenOr(name: string, own: (...values: never[]) => Uint8Array) {
  return (...values: never[]): Uint8Array => given[name]?.shift() ?? own(...values);
}

vi.mock('../../src/messages/client-hello.ts', async (original) => {
  const own = await original<typeof import('../../src/messages/client-hello.ts')>();
  return { ...own, serializeClientHello: givenOr('ClientHello', own.serializeClientHello) };
});
vi.mock('../../src/messages/server-hello.ts', async (original) => {
  const own = await original<typeof import('../../src/messages/server-hello.ts')>();
  return {
    ...own,
    serializeServerHello: givenOr('ServerHello', own.serializeServerHello),
    serializeHelloRetryRequest: givenOr('ServerHello', own.serializeHelloRetryRequest),
  };
});
vi.mock('../../src/messages/encrypted-extensions.ts', async (original) => {
  const own = await original<typeof import('../../src/messages/encrypted-extensions.ts')>();
  const serialize = givenOr('EncryptedExtensions', own.serializeEncryptedExtensions);
  return { ...own, serializeEncryptedExtensions: serialize };
});
vi.mock('../../src/messages/certificate-request.ts', async (original) => {
  const own = await original<typeof import('../../src/messages/certificate-request.ts')>();
  const serialize = givenOr('CertificateRequest', own.serializeCertificateRequest);
  return { ...own, serializeCertificateRequest: serialize };
});

vi.mock('../../src/messages/client-hello-change.ts', async (original) => {
  const own = await original<typeof import('../../src/messages/client-hello-change.ts')>();
  const check: typeof own.checkSecondClientHello = (first, second, terms) =>
    own.checkSecondClientHello(first, second, { ...terms, cookie: given['cookie']?.[0] ?? null });
  return { ...own, checkSecondClientHello: check };
});

beforeEach(() => {
  for (const name of Object.keys(given)) delete given[name];
});

type Side = 'client' | 'server';

/** Key pairs of the trace, each used once. */
function traceCrypto(trace: Trace, by: Side): CryptoProvider {
  const pairs = trace.all('create an ephemeral', by).map((step) => ({
    group: (step.does.includes('x25519') ? 'x25519' : 'secp256r1') as NamedGroup,
    privateKey: fromHex(step.values['private key']!),
    publicKey: fromHex(step.values['public key']!),
  }));
  const take = (group: NamedGroup) =>
    pairs.splice(
      pairs.findIndex((p) => p.group === group),
      1,
    )[0]!;
  return {
    ...nodeCrypto,
    groups: ['x25519', 'secp256r1'],
    startKeyExchange(group) {
      const { privateKey, publicKey } = take(group);
      const finish = (peer: Uint8Array): Uint8Array => agree(group, privateKey, publicKey, peer);
      return { share: publicKey, finish, destroy: () => undefined };
    },
    answerKeyExchange(group, peer) {
      const { privateKey, publicKey } = take(group);
      return { share: publicKey, secret: agree(group, privateKey, publicKey, peer) };
    },
  };
}

function agree(
  group: NamedGroup,
  privateKey: Uint8Array,
  publicKey: Uint8Array,
  peer: Uint8Array,
): Uint8Array {
  if (group === 'secp256r1') {
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(privateKey);
    return new Uint8Array(ecdh.computeSecret(peer));
  }
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const own = { kty: 'OKP', crv: 'X25519', d: base64(privateKey), x: base64(publicKey) };
  const other = { kty: 'OKP', crv: 'X25519', x: base64(peer) };
  const secret = diffieHellman({
    privateKey: createPrivateKey({ key: own, format: 'jwk' }),
    publicKey: createPublicKey({ key: other, format: 'jwk' }),
  });
  return new Uint8Array(secret);
}

/** The certificate and the signature that a side shows in the trace. */
function traceCredential(trace: Trace, by: Side) {
  const certificate = trace.value('construct a Certificate handshake', 'Certificate', by);
  const verify = trace.value('construct a CertificateVerify', 'CertificateVerify', by);
  // type, length, context, length of the list, length of the certificate; no extensions
  const chain = [certificate.slice(4 + 1 + 3 + 3, -2)];
  const code = verify[5] === 3 ? 'ecdsa_secp256r1_sha256' : 'rsa_pss_rsae_sha256';
  const schemes: SignatureScheme[] = [code];
  return { chain, key: { schemes, sign: () => verify.slice(8) } };
}

function records(trace: Trace, by: Side): string {
  return trace
    .all('send', by)
    .map(({ values }) => values['complete record'])
    .join('');
}

/** Gives one side's output to the other, and lets it act; all of it in hexadecimal. */
function pass(from: TlsClient | TlsServer, to: TlsClient | TlsServer): string {
  let sent = '';
  for (let chunk = from.nextOutput(); chunk !== null; chunk = from.nextOutput()) {
    sent += toHex(chunk);
    to.receive(chunk, 0);
    from.outputAccepted(chunk.length, 0);
  }
  return sent;
}

function events(machine: TlsClient | TlsServer): { readonly type: string }[] {
  const seen: { readonly type: string }[] = [];
  for (;;) {
    const event = machine.nextEvent(0);
    if (event.type === 'need-data' || event.type === 'paused') return seen;
    if (event.type === 'verify-peer') machine.acceptPeer(event.id, 0);
    seen.push(event);
  }
}

/** The cookie in a HelloRetryRequest. */
function cookieOf(message: Uint8Array): Uint8Array {
  const types = [EXTENSION_TYPE.supported_versions, EXTENSION_TYPE.key_share];
  return parseHelloRetryRequestExtensions(parseServerHello(message), types).cookie!;
}

/** Tickets are sent by nobody yet: the trace's takes its place in the sequence of records. */
function sendTicket(trace: Trace, server: TlsServer): void {
  const [step] = trace.all('construct a NewSessionTicket');
  if (step === undefined) return;
  const { engine } = server as unknown as { readonly engine: Engine };
  engine.channel.sendHandshake(fromHex(step.values['NewSessionTicket']!));
}

function conversation(name: TraceName): void {
  const trace = new Trace(name);
  for (const message of [
    'ClientHello',
    'ServerHello',
    'EncryptedExtensions',
    'CertificateRequest',
  ]) {
    given[message] = trace.steps.flatMap(({ does, values }) =>
      does.startsWith('construct') && values[message] !== undefined
        ? [fromHex(values[message])]
        : [],
    );
  }
  // Behind header, version, random and its own length: the legacy_session_id, which has to be the trace's.
  const sessionId = given['ClientHello']![0]!.subarray(39, 39 + SESSION_ID_BYTES);
  const random = (target: Uint8Array): void => target.set(sessionId.subarray(0, target.length));
  // The keys of the traces are small.
  const common = { random, input: 'borrowed' as const, rsaBitsMin: 1024 };
  const asksClient = given['CertificateRequest']!.length > 0;
  const isRetried = given['ServerHello']!.length > 1;
  const client = new TlsClient(
    clientSettings({
      ...common,
      crypto: traceCrypto(trace, 'client'),
      middleboxCompatibility: name === 'compatibility-mode',
      ...(asksClient ? { credential: traceCredential(trace, 'client') } : {}),
    }),
    0,
    'server',
  );
  const server = new TlsServer(
    serverSettings({
      ...common,
      crypto: traceCrypto(trace, 'server'),
      credentials: [traceCredential(trace, 'server')],
      clientCertificate: asksClient ? 'require' : 'none',
      // The server of the trace wants P-256, and a cookie brought back.
      ...(isRetried ? { groups: ['secp256r1'], sendsCookie: true } : {}),
    }),
    0,
  );
  if (isRetried) given['cookie'] = [cookieOf(given['ServerHello']![0]!)];
  const sent = { client: '', server: '' };
  const exchange = (): void => {
    for (let round = 0; round < 4; round++) {
      sent.client += pass(client, server);
      events(server);
      sent.server += pass(server, client);
      events(client);
    }
  };
  exchange();
  expect([client.isSecured, server.isSecured]).toEqual([true, true]);
  sendTicket(trace, server);
  exchange();
  const data = trace.all('send application_data', 'client')[0];
  if (data !== undefined) {
    client.sendData(fromHex(data.values['payload']!), 0);
    server.sendData(fromHex(data.values['payload']!), 0);
    exchange();
  }
  client.closeNotify(0);
  server.closeNotify(0);
  exchange();
  expect(sent.client).toBe(records(trace, 'client'));
  expect(sent.server).toBe(records(trace, 'server'));
  expect([client.transport, server.transport]).toEqual(['close', 'close']);
}

test('section 3: a handshake of one round trip, a ticket, data, close_notify', () => {
  conversation('simple-1-rtt');
});

test('section 5: HelloRetryRequest with a group and a cookie', () => {
  conversation('hello-retry-request');
});

test('section 6: a client that shows a certificate', () => {
  conversation('client-authentication');
});

test('section 7: middlebox compatibility mode', () => {
  conversation('compatibility-mode');
});
