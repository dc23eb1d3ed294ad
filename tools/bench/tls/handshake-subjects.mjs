// Full handshakes with both ends in one process: TLS 1.3, x25519, AES-128-GCM, a certificate on P-256 that
// the client verifies.
import { createPublicKey, verify } from 'node:crypto';
import { Duplex } from 'node:stream';
import { connect, createSecureContext, TLSSocket } from 'node:tls';
import { memoryPair } from '@holdline/net';
import { connectTls, serveTls } from '@holdline/net/tls';
import { clientSettings, TlsClient } from '@holdline/tls/client';
import { nodeCrypto, nodeRandom, pemCredential, pinsFromPem } from '@holdline/tls/node';
import { serverSettings, TlsServer } from '@holdline/tls/server';
import { cert, key, SERVER_NAME } from './credential.mjs';

const GROUP = 'x25519';
const common = { cipherSuites: ['TLS_AES_128_GCM_SHA256'], groups: [GROUP] };
const provided = { crypto: nodeCrypto, random: nodeRandom };
const pinnedCertificates = pinsFromPem(cert);
const credential = pemCredential({ cert, key });

const ours = {
  client: clientSettings({ ...common, ...provided, pinnedCertificates }),
  server: serverSettings({ ...common, ...provided, credentials: [credential] }),
};

/** Passes all output of one machine to the other; whether there was any. */
function pass(from, to) {
  let passed = false;
  for (let chunk = from.nextOutput(); chunk !== null; chunk = from.nextOutput()) {
    to.receive(new Uint8Array(chunk), 0);
    from.outputAccepted(chunk.length, 0);
    passed = true;
  }
  while (to.nextEvent(0).type !== 'need-data');
  return passed;
}

/** The machines alone, handing each other their bytes. */
function machines() {
  const client = new TlsClient(ours.client, 0, SERVER_NAME);
  const server = new TlsServer(ours.server, 0);
  while (pass(client, server) || pass(server, client));
  if (!client.isSecured || !server.isSecured) throw new Error('the machines did not agree');
}

let onSecured = () => {};
const listener = serveTls((connection) => onSecured(connection), { cert, key, ...common });

/** `connectTls` and `serveTls` over a pair of transports. */
async function holdline() {
  const [left, right] = memoryPair();
  const secured = new Promise((resolve) => {
    onSecured = resolve;
  });
  listener.accept(right);
  const target = { transport: left };
  const client = await connectTls(target, {
    ...common,
    pinnedCertificates,
    serverName: SERVER_NAME,
  });
  const server = await secured;
  client.transport.abort();
  server.transport.abort();
}

class MemoryDuplex extends Duplex {
  peer = null;

  _read() {}

  _write(chunk, _encoding, callback) {
    this.peer.push(chunk);
    callback();
  }

  _final(callback) {
    this.peer.push(null);
    callback();
  }
}

const nodes = {
  minVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_128_GCM_SHA256',
  ecdhCurve: 'X25519',
};
const secureContext = createSecureContext({ ...nodes, cert, key });
const clientContext = createSecureContext({ ...nodes, ca: cert });

/** node:tls over a pair of streams. */
async function node() {
  const [left, right] = [new MemoryDuplex(), new MemoryDuplex()];
  left.peer = right;
  right.peer = left;
  const server = new TLSSocket(right, { isServer: true, secureContext });
  const client = connect({ socket: left, secureContext: clientContext, servername: SERVER_NAME });
  const securedServer = new Promise((resolve) => server.once('secure', resolve));
  await new Promise((resolve, reject) => {
    client.once('secureConnect', resolve);
    client.once('error', reject);
  });
  await securedServer;
  client.destroy();
  server.destroy();
}

const content = new Uint8Array(130);
const [scheme] = credential.key.schemes;
const certificateKey = createPublicKey(cert);

/** What no handshake can do without: two key pairs, their agreement, a signature and its verification. */
function cryptography() {
  const exchange = nodeCrypto.startKeyExchange(GROUP);
  const answer = nodeCrypto.answerKeyExchange(GROUP, exchange.share);
  exchange.finish(answer.share);
  verify('sha256', content, certificateKey, credential.key.sign(scheme, content));
}

/** By name, what does one handshake. */
export const HANDSHAKES = { cryptography, machines, holdline, node };
