// Clients of a server of tls.mjs in a process of their own. Arguments: port, and the kind of server. Each
// line on stdin is a command, answered by a line of JSON: `bulk JOB` moves data; `run CASE MILLISECONDS
// CONNECTIONS` exchanges messages; `hold CONNECTIONS` opens connections that exchange one each and then
// keep silent.
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';
import { clientSettings, TlsClient } from '@holdline/tls/client';
import { nodeCrypto, nodeRandom, pinsFromPem } from '@holdline/tls/node';
import { cert, SERVER_NAME } from './credential.mjs';
import { BULK_BYTES, CHUNK_BYTES, MESSAGE_BYTES, MESSAGE_CASES } from './jobs.mjs';

const [portText = '', serverKind = ''] = process.argv.slice(2);
const port = Number(portText);
const IN_FLIGHT = 50;
// A port that was in use is not for a while: on Linux all of 127.0.0.0/8 is this machine, so that there
// are enough of them.
const ADDRESSES = process.platform === 'linux' ? 200 : 0;
const REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
const settings = clientSettings({
  crypto: nodeCrypto,
  random: nodeRandom,
  cipherSuites: ['TLS_AES_128_GCM_SHA256'],
  groups: ['x25519'],
  pinnedCertificates: pinsFromPem(cert),
});
let opened = 0;

function fail(error) {
  process.stderr.write(`clients of ${serverKind}: ${error.message}\n`);
  process.exit(1);
}

function open() {
  opened += 1;
  const own = `127.0.${process.pid % 256}.${2 + (opened % ADDRESSES)}`;
  const local = ADDRESSES > 0 ? { localAddress: own } : {};
  const socket = connect({ host: '127.0.0.1', noDelay: true, port, ...local });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('a connection was closed')));
  return socket;
}

/** The machine on a bare socket, so that records are as this side wants them. */
class SecuredClient {
  #socket = open();
  #machine = new TlsClient(settings, 0, SERVER_NAME);
  #onSecured;
  #onBytes = () => {};

  constructor(onSecured) {
    this.#onSecured = onSecured;
    this.#flush();
    this.#socket.on('data', (data) => {
      this.#machine.receive(data, 0);
      this.#pull();
    });
  }

  /** Writes records of these contents at once; `onBytes` hears how much of the answers came. */
  send(contents, onBytes) {
    this.#onBytes = onBytes;
    this.#socket.cork();
    for (const content of contents) {
      this.#machine.sendData(content, 0);
      this.#flush();
    }
    this.#socket.uncork();
  }

  #flush() {
    const machine = this.#machine;
    for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
      this.#socket.write(chunk);
      machine.outputAccepted(chunk.length, 0);
    }
  }

  #pull() {
    for (;;) {
      const event = this.#machine.nextEvent(0);
      if (event.type === 'need-data') return;
      if (event.type === 'failed') fail(new Error(event.message));
      if (event.type === 'handshake-complete') {
        this.#flush();
        this.#onSecured(this);
      }
      if (event.type === 'data') this.#onBytes(event.data.length);
    }
  }
}

/** A connection without TLS, in the same shape. */
class PlainClient {
  #socket = open();
  #onBytes = () => {};

  constructor(onOpen) {
    this.#socket.on('connect', () => onOpen(this));
    this.#socket.on('data', (data) => this.#onBytes(data.length));
  }

  send(contents, onBytes) {
    this.#onBytes = onBytes;
    for (const content of contents) this.#socket.write(content);
  }
}

const Client = serverKind === 'raw' ? PlainClient : SecuredClient;

function newClient() {
  return new Promise((resolve) => {
    new Client(resolve);
  });
}

/** Sends, and resolves when so many bytes have come. */
function exchange(client, contents, answerBytes) {
  let leftBytes = answerBytes;
  return new Promise((resolve) => {
    client.send(contents, (byteCount) => {
      leftBytes -= byteCount;
      if (leftBytes <= 0) resolve();
    });
  });
}

const clients = [];

async function run(key, milliseconds, count) {
  while (clients.length < count) clients.push(await newClient());
  const { records, perRecord } = MESSAGE_CASES[key];
  const contents = Array.from({ length: records }, () => Buffer.alloc(perRecord * MESSAGE_BYTES));
  const answerBytes = records * perRecord * MESSAGE_BYTES;
  const start = performance.now();
  const end = start + Number(milliseconds);
  let exchanges = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < end) {
        await exchange(client, contents, answerBytes);
        exchanges += 1;
      }
    }),
  );
  const messages = exchanges * records * perRecord;
  return { messages, perSecond: (messages * 1000) / (performance.now() - start) };
}

async function hold(count) {
  const isHttp = serverKind.includes('Http');
  const contents = [isHttp ? REQUEST : Buffer.alloc(MESSAGE_BYTES)];
  let left = Number(count);
  const openNext = async () => {
    while (left > 0) {
      left -= 1;
      const client = await newClient();
      await exchange(client, contents, isHttp ? 1 : MESSAGE_BYTES);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, openNext));
  return { idle: Number(count) };
}

let bulkSocket = null;
let bulkReceived = () => {};

/** By node:tls, whatever the server is. */
async function openBulk() {
  bulkSocket = connectTls({ host: '127.0.0.1', port, ca: cert, servername: SERVER_NAME });
  bulkSocket.on('error', fail);
  bulkSocket.on('data', (data) => bulkReceived(data.length));
  await once(bulkSocket, 'secureConnect');
}

const chunk = Buffer.alloc(CHUNK_BYTES);

async function upload() {
  for (let sentBytes = 0; sentBytes < BULK_BYTES; sentBytes += CHUNK_BYTES) {
    if (!bulkSocket.write(chunk)) await once(bulkSocket, 'drain');
  }
}

async function bulk(job) {
  if (bulkSocket === null) await openBulk();
  const start = performance.now();
  let leftBytes = job === 'download' ? BULK_BYTES : 1;
  const done = new Promise((resolve) => {
    bulkReceived = (byteCount) => {
      leftBytes -= byteCount;
      if (leftBytes === 0) resolve();
    };
  });
  if (job === 'download') bulkSocket.write('x');
  else await upload();
  await done;
  return { bytes: BULK_BYTES, seconds: (performance.now() - start) / 1000 };
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [command, ...words] = line.split(' ');
  const result = await { bulk, run, hold }[command](...words);
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
process.stdout.write(`${JSON.stringify({ port })}\n`);
