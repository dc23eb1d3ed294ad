// One server under measurement, in a process of its own. Arguments: kind and job. Prints its port as a line
// of JSON, and answers each line on stdin with one line of what it has used so far.
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createSocketServer } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer } from 'node:tls';
import { cert, key } from './credential.mjs';
import { JOBS } from './jobs.mjs';

const [kind = '', jobName = 'echo'] = process.argv.slice(2);
const Job = JOBS[jobName];
const BACKLOG = 4096;
const CONTENT = 'Hello, world!';
const OURS = { cert, key, cipherSuites: ['TLS_AES_128_GCM_SHA256'], groups: ['x25519'] };
const NODES = {
  cert,
  key,
  minVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_128_GCM_SHA256',
  ecdhCurve: 'X25519',
};

async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', BACKLOG, resolve));
  return server.address().port;
}

/** A stream of Node's to a job. */
class StreamPeer {
  #stream;

  constructor(stream) {
    this.#stream = stream;
    const job = new Job(this);
    stream.on('data', (data) => job.onData(data));
    if (jobName === 'download') stream.on('drain', () => job.onDrain());
    stream.on('error', () => {});
  }

  write(bytes) {
    return this.#stream.write(bytes);
  }

  watchDrain() {}
}

/** A transport to a job, and what listens to it. */
class TransportPeer {
  #transport;
  #job;

  constructor({ transport }) {
    this.#transport = transport;
    this.#job = new Job(this);
    transport.attach(this);
  }

  write(bytes) {
    this.#transport.write(bytes);
    return !this.#transport.full;
  }

  watchDrain() {
    this.#transport.watchDrain();
  }

  onData(data) {
    this.#job.onData(data);
  }

  onDrain() {
    this.#job.onDrain();
  }

  onEnd() {
    this.#transport.close();
  }
}

async function startHoldline() {
  const { serveTls } = await import('@holdline/net/tls');
  const server = serveTls((connection) => new TransportPeer(connection), OURS);
  return (await server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG })).port;
}

async function startHoldlineHttp(engine) {
  const { serveHttp } = await import('@holdline/net');
  const { nodeTlsServer, tlsServer } = await import('@holdline/net/tls');
  const security = engine === 'node' ? nodeTlsServer(NODES) : tlsServer(OURS);
  const server = serveHttp((exchange) => exchange.respond({ status: 200, content: CONTENT }), {
    http1: { timeouts: { idleMs: 600_000 } },
    security,
  });
  return (await server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG })).port;
}

function startNodeHttp() {
  const options = { ...NODES, keepAliveTimeout: 600_000 };
  return listening(createHttpsServer(options, (_request, response) => response.end(CONTENT)));
}

const STARTERS = {
  raw: () => listening(createSocketServer({ noDelay: true }, (socket) => new StreamPeer(socket))),
  node: () => listening(createTlsServer(NODES, (socket) => new StreamPeer(socket.setNoDelay()))),
  holdline: startHoldline,
  nodeHttp: startNodeHttp,
  holdlineHttp: () => startHoldlineHttp('holdline'),
  holdlineHttpOnNode: () => startHoldlineHttp('node'),
};

const port = await STARTERS[kind]();

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'memory') for (let pass = 0; pass < 4; pass += 1) globalThis.gc();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed: heap, external } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ cpuMicros: user + system, rss, heap, external })}\n`);
});
process.stdout.write(`${JSON.stringify({ port })}\n`);
