// One client under measurement, in a process of its own. Arguments: its name, the server's port, the
// number of requests at a time. Answers each line on stdin with one line of what it has used:
// `run SECONDS` makes requests for so long, `idle COUNT` opens so many connections and leaves them.
import { connect } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';

const [kind = '', portText = '', concurrencyText = ''] = process.argv.slice(2);
const port = Number(portText);
const concurrency = Number(concurrencyText);
const origin = `http://127.0.0.1:${port}`;
const CONTENT = 'Hello, world!';

function check(text) {
  if (text !== CONTENT) throw new Error(`${kind} received ${JSON.stringify(text)}`);
}

/** The limit: bytes out, bytes in, on the sockets of node:net. */
function rawClient() {
  const request = Buffer.from(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  const idle = [];
  const open = () => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setNoDelay(true);
    const state = { socket, resolve: null };
    socket.on('data', (data) => {
      check(data.latin1Slice(data.length - CONTENT.length));
      idle.push(state);
      state.resolve();
    });
    return state;
  };
  return () =>
    new Promise((resolve) => {
      const state = idle.pop() ?? open();
      state.resolve = resolve;
      state.socket.write(request);
    });
}

async function holdlineClient(countMax) {
  const { HttpClient } = await import('@holdline/net');
  const client = new HttpClient({ connectionsPerOriginMax: countMax });
  return { client, request: { origin, target: '/' } };
}

async function holdlineRequest(countMax) {
  const { client, request } = await holdlineClient(countMax);
  return async () => {
    const response = await client.request(request);
    check(await response.content.text());
  };
}

async function holdlineSend(countMax) {
  const { client, request } = await holdlineClient(countMax);
  class Sink {
    constructor(resolve, reject) {
      this.resolve = resolve;
      this.onError = reject;
    }
    onResponse() {}
    onData(data) {
      check(Buffer.prototype.latin1Slice.call(data));
    }
    onEnd() {
      this.resolve();
    }
  }
  return () => new Promise((resolve, reject) => client.send(request, new Sink(resolve, reject)));
}

async function undiciRequest(countMax) {
  // The newest undici does not run on Node 20.
  const isOld = Number(process.versions.node.split('.')[0]) < 22;
  const { Pool } = isOld ? await import('undici-7') : await import('undici');
  const pool = new Pool(origin, { connections: countMax, pipelining: 1 });
  return async () => {
    const { body } = await pool.request({ path: '/', method: 'GET' });
    check(await body.text());
  };
}

async function nodeRequest(countMax) {
  const { Agent } = await import('node:http');
  return nodeGet(new Agent({ keepAlive: true, maxSockets: countMax, maxFreeSockets: countMax }));
}

async function agentRequest(countMax) {
  const { createAgent } = await import('@holdline/net/agent');
  const { client } = await holdlineClient(countMax);
  return nodeGet(createAgent(client));
}

async function nodeGet(agent) {
  const { get } = await import('node:http');
  return () =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (data) => {
          text += data;
        });
        response.on('end', () => {
          check(text);
          resolve();
        });
      }).on('error', reject);
    });
}

async function holdlineFetch(countMax) {
  const { createFetch } = await import('@holdline/net/fetch');
  const { client } = await holdlineClient(countMax);
  return fetchText(createFetch(client));
}

function fetchText(fetchOne) {
  return async () => check(await (await fetchOne(`${origin}/`)).text());
}

const CLIENTS = {
  raw: rawClient,
  send: holdlineSend,
  holdline: holdlineRequest,
  undici: undiciRequest,
  node: nodeRequest,
  agent: agentRequest,
  fetch: holdlineFetch,
  'platform-fetch': () => fetchText(fetch),
};

async function run(request, seconds) {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  let requests = 0;
  const loop = async () => {
    while (performance.now() < endAt) {
      await request();
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  const { user, system } = process.cpuUsage(before);
  const perSecond = (requests * 1000) / (performance.now() - startedAt);
  return { cpuMicros: (user + system) / requests, perSecond };
}

async function idle(request, count) {
  await Promise.all(Array.from({ length: count }, request));
  for (let pass = 0; pass < 4; pass += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    globalThis.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

const request = await CLIENTS[kind](100_000);
for await (const line of createInterface({ input: process.stdin })) {
  const [command, value] = line.split(' ');
  const result = await (command === 'run' ? run : idle)(request, Number(value));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
