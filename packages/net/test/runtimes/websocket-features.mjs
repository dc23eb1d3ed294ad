// WebSockets of a server, told from outside and from inside.
import { inflateRawSync } from 'node:zlib';
import { closing, FRAME, fromClient, header, opening, receiveFrames } from './frames.mjs';
import { boundOf, LARGE_BYTES, pieces, settled } from './stage.mjs';

/** How a connection ended, as its event tells it. */
export const endOf = ({ code, reason, wasClean, observation }) =>
  [code, reason, wasClean ? 'clean' : observation].filter((word) => word !== '').join(' ');

/** A server of WebSockets, and a line that has opened one. */
async function open(stage, options = {}, ...lines) {
  const { serveWebSocket } = stage.modules.websocket;
  const opened = [];
  const server = serveWebSocket({
    ...options,
    onOpen: (connection) => opened.push(connection),
  });
  const serving = await stage.serve(server.handle);
  const line = await stage.call(serving);
  await line.send(opening(...lines)).receive('\r\n\r\n');
  await stage.until(() => opened.length === 1);
  return { server, serving, line, connection: opened[0] };
}

const echo = { onMessage: (message, connection) => connection.send(message) };

const NAMES = new Map(Object.entries(FRAME).map(([name, first]) => [first, name]));

/** What a frame is, and what it says: a Close frame its code. */
function wordsOf({ first, payload }) {
  if (first !== FRAME.close) return `${NAMES.get(first) ?? first} ${JSON.stringify(payload)}`;
  return `close ${payload.charCodeAt(0) * 256 + payload.charCodeAt(1)}`;
}

/** The first frames that a line receives, in words. */
async function heardBy(line, count) {
  const frames = await receiveFrames(line, count);
  return frames.map(wordsOf).join(', ');
}

async function seeMessages(stage) {
  const { line } = await open(stage, echo);
  line.send(fromClient(FRAME.text, 'text') + fromClient(FRAME.binary, '..\xff'));
  return heardBy(line, 2);
}

async function seeFragments(stage) {
  const { line } = await open(stage, echo);
  const [begin, end] = [fromClient(0x01, 'frag'), fromClient(0x80, 'ments')];
  for (const byte of begin + fromClient(FRAME.ping, '?') + end) line.send(byte);
  return heardBy(line, 2);
}

/** The example of RFC 7692 section 7.2.3.1 in, and far more of the same out. */
async function seeCompression(stage) {
  const { nodeCompression: compression } = await stage.load('@holdline/websocket/node');
  const onMessage = (message, connection) => connection.send(message.repeat(2000));
  const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';
  const { line } = await open(stage, { compression, onMessage }, offer);
  line.send(fromClient(0xc1, '\xf2\x48\xcd\xc9\xc9\x07\0'));
  const [{ first, payload }] = await receiveFrames(line, 1);
  const whole = Buffer.from(`${payload}\0\0\xff\xff`, 'latin1');
  const text = inflateRawSync(whole, { finishFlush: 2 }).toString('latin1');
  const isShort = payload.length < 200 ? 'short' : `${payload.length} bytes`;
  return `${first === 0xc1 ? 'compressed' : first}, ${isShort}, ${text === 'Hello'.repeat(2000)}`;
}

async function seePing(stage) {
  const { line, connection } = await open(stage, echo);
  const pinged = connection.ping(new Uint8Array([104, 105]));
  const [{ first, payload }] = await receiveFrames(line, 1);
  line.send(fromClient(FRAME.pong, payload));
  const roundTripMs = await pinged;
  return `${NAMES.get(first)} ${payload}, ${roundTripMs >= 0 ? 'answered' : roundTripMs}`;
}

async function seeClose(stage) {
  const { line, connection } = await open(stage, echo);
  line.send(fromClient(FRAME.text, 'last') + fromClient(FRAME.close, closing(4001, 'bye')));
  const frames = await heardBy(line, 2);
  const end = await line.untilEnd();
  line.finish();
  return `${frames}, ${end}, ${endOf(await connection.closed)}`;
}

/** An end without a Close frame. */
async function cut(stage, how, before = '') {
  const { line, connection } = await open(stage, echo);
  await receiveFrames(line.send(fromClient(FRAME.text, 'there?')), 1);
  line.send(before);
  how(line);
  return endOf(await connection.closed);
}

const seeFin = (stage) => cut(stage, (line) => line.finish());
const seeFinWithin = (stage) => cut(stage, (line) => line.finish(), header(FRAME.text, 5, true));
const seeReset = (stage) => cut(stage, (line) => line.reset());

async function seeFault(stage) {
  const { line, connection } = await open(stage, echo);
  line.send(fromClient(FRAME.text, '\xc3\x28'));
  const close = await heardBy(line, 1);
  const end = await line.untilEnd();
  line.finish();
  await connection.closed;
  return `${close}, ${end}, ${connection.failure.code}`;
}

async function seeUnanswered(stage) {
  const { connection } = await open(stage, {
    ...echo,
    websocket: { timeouts: { pingMs: 30, pongMs: 30 } },
  });
  return endOf(await connection.closed);
}

async function seeDrain(stage) {
  const { line, serving, connection } = await open(stage, echo);
  const report = serving.server.drain({ timeoutMs: 5000 });
  const [frame] = await receiveFrames(line, 1);
  line.send(fromClient(FRAME.close, frame.payload));
  const end = await line.untilEnd();
  line.finish();
  const { connectionsCut } = await report;
  return `${wordsOf(frame)}, ${end}, ${endOf(await connection.closed)}, ${connectionsCut} cut`;
}

async function seeStubborn(stage) {
  const { line, server } = await open(stage, echo);
  const { closed, cut: cutCount } = await server.close({ timeoutMs: 50 });
  return `${closed} closed, ${cutCount} cut, ${await line.untilEnd()}`;
}

/** How much is produced for a client that does not read, and whether all of it goes out then. */
async function seeSlowReader(stage) {
  const { line, connection } = await open(stage, echo);
  line.pause();
  let produced = 0;
  const source = pieces(LARGE_BYTES, (bytes) => {
    produced += bytes;
  });
  const sent = connection.sendStream('binary', source, { byteCount: LARGE_BYTES });
  const held = await settled(
    () => produced,
    () => produced === LARGE_BYTES,
  );
  line.resume();
  await sent;
  await line.until(() => line.bytes > LARGE_BYTES || line.end !== 'open');
  return `${boundOf(held)}, ${line.bytes > LARGE_BYTES ? 'all' : line.bytes} received`;
}

/** How much of a message is taken while nobody reads it, and whether all of it comes then. */
async function seeSlowServer(stage) {
  const limits = { messageBytesMax: LARGE_BYTES };
  const websocket = { delivery: 'pieces', limits };
  const { line, connection } = await open(stage, { websocket });
  line.send(header(FRAME.binary, LARGE_BYTES, true)).pour(LARGE_BYTES);
  const held = await settled(
    () => connection.bytesReceived,
    () => line.poured,
  );
  let received = 0;
  for await (const message of connection.streams()) {
    for await (const piece of message) received += piece.length;
    break;
  }
  return `${boundOf(held)}, ${received === LARGE_BYTES ? 'all' : received} received`;
}

/** The features of a server's WebSockets. */
export const webSocketFeatures = [
  { name: 'messages', expected: 'text "text", binary "..ÿ"', see: seeMessages },
  {
    name: 'fragments, byte by byte, and a ping between them',
    expected: 'pong "?", text "fragments"',
    see: seeFragments,
  },
  { name: 'compression by node:zlib', expected: 'compressed, short, true', see: seeCompression },
  { name: 'ping', expected: 'ping hi, answered', see: seePing },
  {
    name: 'the client closes',
    expected: 'text "last", close 4001, FIN, 4001 bye clean',
    see: seeClose,
  },
  { name: 'FIN without a Close frame', expected: '1006 fin-without-close', see: seeFin },
  { name: 'FIN within a message', expected: '1006 ended-in-message', see: seeFinWithin },
  { name: 'RST', expected: '1006 reset', see: seeReset },
  { name: 'a text that is not UTF-8', expected: 'close 1007, FIN, WS_INVALID_UTF8', see: seeFault },
  { name: 'a ping that nobody answers', expected: '1006 ping-unanswered', see: seeUnanswered },
  { name: 'drain with WebSockets', expected: 'close 1001, FIN, 1001 clean, 0 cut', see: seeDrain },
  { name: 'a client that does not close', expected: '0 closed, 1 cut, RST', see: seeStubborn },
  { name: 'a client that does not read', expected: 'bounded, all received', see: seeSlowReader },
  { name: 'a message that nobody reads', expected: 'bounded, all received', see: seeSlowServer },
];
