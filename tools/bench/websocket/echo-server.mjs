// One echo server under measurement, in a process of its own. Prints its port as a line of JSON, and
// answers each line on stdin with one line of what it has used so far.
import { createServer as createSocketServer } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';

const [kind = ''] = process.argv.slice(2);
const BACKLOG = 4096;
/** Whatever the clients do between two runs is not the subject. */
const NEVER = Number.POSITIVE_INFINITY;

async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', BACKLOG, resolve));
  return server.address().port;
}

/** The limit: one read, one write. It answers the opening handshake, then sends back what it is sent. */
function startRaw() {
  const response = Buffer.from(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  );
  function onData(data) {
    this.write(data);
  }
  const server = createSocketServer({ noDelay: true }, (socket) => {
    socket.once('data', () => {
      socket.write(response);
      socket.on('data', onData);
    });
    socket.on('error', () => {});
  });
  return listening(server);
}

async function startHoldline(options) {
  const { serveHttp } = await import('@holdline/net');
  const { serveWebSocket } = await import('@holdline/net/websocket');
  const onMessage = (message, connection) => {
    connection.send(message);
  };
  const { websocket, ...further } = options;
  const webSockets = serveWebSocket({
    onMessage,
    websocket: { timeouts: { pingMs: NEVER }, ...websocket },
    ...further,
  });
  const server = serveHttp(webSockets.handle);
  return (await server.listen({ port: 0, backlog: BACKLOG })).port;
}

async function startDeflating(options) {
  const { nodeCompression } = await import('@holdline/websocket/node');
  return startHoldline({
    compression: nodeCompression,
    websocket: { compressBytesMin: 0 },
    ...options,
  });
}

async function startWs(perMessageDeflate) {
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({
    backlog: BACKLOG,
    host: '127.0.0.1',
    perMessageDeflate,
    port: 0,
  });
  server.on('connection', (webSocket) => {
    webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
    webSocket.on('error', () => {});
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return server.address().port;
}

function startBun(perMessageDeflate) {
  const { Bun } = globalThis;
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request, server) => (server.upgrade(request) ? undefined : new Response('426')),
    websocket: {
      idleTimeout: 0,
      perMessageDeflate,
      message: (webSocket, message) => {
        webSocket.send(message, perMessageDeflate);
      },
    },
  });
  return server.port;
}

const TAKEOVER = { clientNoContextTakeover: false, serverNoContextTakeover: false };
const STARTERS = {
  raw: startRaw,
  holdline: () => startHoldline({}),
  holdlineDeflate: () => startDeflating({}),
  holdlineTakeover: () => startDeflating({ deflate: TAKEOVER, contextBytesMax: NEVER }),
  holdlineKept: () =>
    startDeflating({ deflate: TAKEOVER, contextBytesMax: NEVER, contextIdleMs: NEVER }),
  ws: () => startWs(false),
  wsDeflate: () => startWs({ threshold: 0 }),
  bun: () => startBun(false),
  bunDeflate: () => startBun(true),
};

function collectGarbage() {
  if (globalThis.Bun) globalThis.Bun.gc(true);
  else for (let pass = 0; pass < 4; pass += 1) globalThis.gc();
}

const port = await STARTERS[kind]();

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'memory') collectGarbage();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const usage = { cpuMicros: user + system, rss, heap: heapUsed + external };
  process.stdout.write(`${JSON.stringify(usage)}\n`);
});
process.stdout.write(`${JSON.stringify({ port })}\n`);
