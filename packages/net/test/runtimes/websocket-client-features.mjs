// WebSockets of a client, whose server is the far end, and of both ends on the same runtime.
import { CERTIFICATE } from './certificate.mjs';
import { acceptance, closing, FRAME, fromServer, receiveFrames } from './frames.mjs';
import { endOf } from './websocket-features.mjs';

/** A client that a door has let in, and the far end's line. */
async function visit(stage, options = {}, doorOptions = {}, ...lines) {
  const door = await stage.peer.listen(doorOptions);
  const scheme = doorOptions.secure === undefined ? 'ws' : 'wss';
  const url = `${scheme}://localhost:${door.port}/`;
  const opened = stage.modules.websocket.connectWebSocket(url, {
    connectMs: 5000,
    ...options,
  });
  const line = await door.accepted();
  line.send(acceptance(await line.receive('\r\n\r\n'), ...lines));
  const connection = await opened;
  stage.later(() => connection.abort());
  return { line, connection };
}

/** The next messages, in words. */
async function read(connection, count) {
  const words = [];
  for await (const message of connection) {
    words.push(typeof message === 'string' ? message : `${message.length} bytes`);
    if (words.length === count) break;
  }
  return words.join(', ');
}

async function seeMessages(stage, options, doorOptions) {
  const { line, connection } = await visit(stage, options, doorOptions);
  connection.send('text');
  connection.send(new Uint8Array(70_000));
  const frames = await receiveFrames(line, 2);
  const sent = frames.map(
    ({ isMasked, payload }) => `${isMasked ? 'masked' : ''} ${payload.length}`,
  );
  line.send(fromServer(0x01, 'frag') + fromServer(FRAME.ping, '') + fromServer(0x80, 'ments'));
  line.send(fromServer(FRAME.binary, 'bytes'));
  return `${sent.join(', ')}; ${await read(connection, 2)}`;
}

const tls = { ca: CERTIFICATE };
const seeTls = (stage) => seeMessages(stage, { tls }, { secure: 'TLSv1.3' });

async function seeClose(stage) {
  const { line, connection } = await visit(stage, { onMessage: () => {} });
  line.send(fromServer(FRAME.close, closing(1001, 'later')));
  await receiveFrames(line, 1);
  line.finish();
  return `${endOf(await connection.closed)}, ${await line.untilEnd()}`;
}

/** An end without a Close frame. */
async function cut(stage, how) {
  const { line, connection } = await visit(stage, { onMessage: () => {} });
  how(line);
  return endOf(await connection.closed);
}

const seeFin = (stage) => cut(stage, (line) => line.finish());
const seeReset = (stage) => cut(stage, (line) => line.reset());

async function seeRefusal(stage) {
  const door = await stage.peer.listen();
  const url = `ws://127.0.0.1:${door.port}/`;
  const opened = stage.modules.websocket.connectWebSocket(url).catch((error) => error);
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  line.send('HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nnope');
  const { code, response } = await opened;
  return `${code}, ${response.status}`;
}

async function seeNobody(stage) {
  const door = await stage.peer.listen();
  await door.close();
  const url = `ws://127.0.0.1:${door.port}/`;
  const error = await stage.modules.websocket.connectWebSocket(url).catch((reason) => reason);
  return `${error.code}, ${error.cause?.code}`;
}

/** Both ends here: compressed by node:zlib, in pieces, and closed in all forms. */
async function seeBothEnds(stage) {
  const { serveWebSocket, connectWebSocket } = stage.modules.websocket;
  const { nodeCompression: compression } = await stage.load('@holdline/websocket/node');
  const onMessage = (message, connection) => connection.send(message);
  const serving = await stage.serve(serveWebSocket({ compression, onMessage }).handle);
  const url = `ws://127.0.0.1:${serving.port}/`;
  const connection = await connectWebSocket(url, { compression });
  const rows = JSON.stringify(Array.from({ length: 5000 }, (_, index) => ({ index })));
  connection.send(rows);
  connection.send('short');
  await connection.sendStream('binary', [new Uint8Array(30_000), new Uint8Array(40_000)]);
  const words = (await read(connection, 3)).replace(rows, 'rows');
  const { bytesReceived } = connection;
  const isSmall = bytesReceived < rows.length / 2 ? 'compressed' : `${bytesReceived} bytes`;
  return `${words}, ${isSmall}, ${endOf(await connection.close(1000, 'done'))}`;
}

/** Programs for browsers, and for ws. */
async function seeOtherClasses(stage) {
  const { WebSocketServer } = stage.modules.ws;
  const { WebSocket } = stage.modules['websocket-api'];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  stage.later(() => server.close());
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(`${data}!`)));
  await new Promise((resolve) => server.on('listening', resolve));
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}/`);
  socket.onopen = () => socket.send('hello');
  const { data } = await new Promise((resolve) => {
    socket.onmessage = resolve;
  });
  const closed = new Promise((resolve) => {
    socket.onclose = resolve;
  });
  socket.close(1000, 'done');
  const { code, reason, wasClean } = await closed;
  return `${data}, ${code} ${reason} ${wasClean}`;
}

/** The features of a client's WebSockets. */
export const webSocketClientFeatures = [
  {
    name: 'a client: messages',
    expected: 'masked 4, masked 70000; fragments, 5 bytes',
    see: (stage) => seeMessages(stage),
  },
  {
    name: 'a client: messages over TLS 1.3',
    expected: 'masked 4, masked 70000; fragments, 5 bytes',
    see: seeTls,
  },
  { name: 'a client: the server closes', expected: '1001 later clean, FIN', see: seeClose },
  { name: 'a client: FIN', expected: '1006 fin-without-close', see: seeFin },
  { name: 'a client: RST', expected: '1006 reset', see: seeReset },
  { name: 'a client: 401', expected: 'WEBSOCKET_REFUSED, 401', see: seeRefusal },
  {
    name: 'a client: nobody listens to it',
    expected: 'WEBSOCKET_CONNECT_FAILED, ECONNREFUSED',
    see: seeNobody,
  },
  {
    name: 'both ends: compression by node:zlib',
    expected: 'rows, short, 70000 bytes, compressed, 1000 done clean',
    see: seeBothEnds,
  },
  {
    name: 'both ends: the class of browsers, and that of ws',
    expected: 'hello!, 1000 done true',
    see: seeOtherClasses,
  },
];
