// One server under measurement, in a process of its own. Prints its port as a line of JSON, and
// answers each line on stdin with one line of what it has used and served so far.
import { createServer as createHttpServer } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';

const [kind = '', requestBytesText = '0'] = process.argv.slice(2);
const CONTENT = 'Hello, world!';
let served = 0;

/** The limit: one read, one write, no protocol. It knows how long a request is. */
async function startRaw() {
  const date = new Date().toUTCString();
  const response = Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ndate: ${date}\r\ncontent-length: ${CONTENT.length}\r\n` +
      `Connection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n${CONTENT}`,
  );
  const requestBytes = { value: Number(requestBytesText) };
  const batches = Array.from({ length: 65 }, (_, count) =>
    Buffer.concat(Array.from({ length: count }, () => response)),
  );
  const unread = new WeakMap();
  function onData(data) {
    const bytes = (unread.get(this) ?? 0) + data.length;
    const count = Math.floor(bytes / requestBytes.value);
    // Only an incomplete request costs a look-up.
    if (bytes % requestBytes.value !== 0) unread.set(this, bytes % requestBytes.value);
    else if (bytes !== data.length) unread.delete(this);
    served += count;
    this.write(batches[count] ?? Buffer.concat(Array.from({ length: count }, () => response)));
  }
  const server = createSocketServer({ noDelay: true }, (socket) => {
    socket.on('data', onData);
    socket.on('error', () => {});
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return { port: server.address().port, setRequestBytes: (value) => (requestBytes.value = value) };
}

async function startNodeHttp() {
  const server = createHttpServer({ keepAliveTimeout: 600_000 }, (_request, response) => {
    served += 1;
    response.setHeader('content-type', 'text/plain');
    response.end(CONTENT);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return { port: server.address().port };
}

async function startHoldline() {
  const { serveHttp } = await import('@holdline/net');
  const fields = [{ name: 'content-type', value: 'text/plain' }];
  const server = serveHttp(
    (exchange) => {
      served += 1;
      exchange.respond({ status: 200, fields, content: CONTENT });
    },
    { http1: { timeouts: { idleMs: 600_000 } } },
  );
  const { port } = await server.listen({ port: 0, backlog: 4096 });
  return { port };
}

async function startBun() {
  const { Bun } = globalThis;
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 255,
    fetch() {
      served += 1;
      return new Response(CONTENT, { headers: { 'content-type': 'text/plain' } });
    },
  });
  return { port: server.port };
}

function collectGarbage() {
  if (globalThis.Bun) globalThis.Bun.gc(true);
  else for (let pass = 0; pass < 4; pass += 1) globalThis.gc();
}

const STARTERS = { raw: startRaw, node: startNodeHttp, holdline: startHoldline, bun: startBun };
const { port, setRequestBytes } = await STARTERS[kind]();

createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, value] = line.split(' ');
  if (command === 'request-bytes') setRequestBytes?.(Number(value));
  if (command === 'memory') collectGarbage();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const usage = { cpuMicros: user + system, served, rss, heap: heapUsed + external };
  process.stdout.write(`${JSON.stringify(usage)}\n`);
});
process.stdout.write(`${JSON.stringify({ port })}\n`);
