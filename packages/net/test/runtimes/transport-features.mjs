// Transports without a protocol above them, and the options of TCP.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Ear, get, LARGE_BYTES, settled, turns } from './stage.mjs';

const CHUNK = new Uint8Array(65_536);

/** A socket of the runtime as a transport, and the line at its other end. */
async function transportPair(stage, path) {
  const { socket, line } = await stage.socket(path);
  const transport = stage.net.socketTransport(socket);
  const ear = new Ear();
  transport.attach(ear);
  return { transport, ear, line, socket };
}

async function seeSocket(stage) {
  const { transport, ear, line } = await transportPair(stage);
  line.send('ping');
  await ear.until(() => ear.text === 'ping');
  transport.cork();
  transport.write(Buffer.from('po'));
  transport.write(Buffer.from('ng'));
  transport.uncork();
  transport.end();
  const end = await line.untilEnd();
  line.send('more').finish();
  await ear.until(() => ear.ends.length > 0);
  transport.close();
  return `${line.text}, ${end}, ${ear.text}, ${ear.ends}`;
}

async function seeReset(stage) {
  const { ear, line } = await transportPair(stage);
  line.reset();
  await ear.until(() => ear.ends.length > 0);
  await turns(5);
  return ear.ends.join();
}

async function seeResetBehindFin(stage) {
  const { transport, ear, line } = await transportPair(stage);
  line.finish();
  await ear.until(() => ear.ends.length > 0);
  line.reset();
  await line.untilEnd();
  // It shows once something is written.
  transport.write(CHUNK);
  for (let turn = 0; turn < 2000 && ear.ends.length < 2; turn += 1) await turns(1);
  return ear.ends.join();
}

async function seeAbort(stage) {
  const { transport, ear, line } = await transportPair(stage);
  transport.abort();
  return `${await line.untilEnd()}, ${ear.ends.length} ends told`;
}

async function seeDestroyed(stage) {
  const { ear, socket } = await transportPair(stage);
  socket.destroy();
  await ear.until(() => ear.ends.length > 0);
  return ear.ends.join();
}

async function seeDrain(stage) {
  const { transport, ear, line } = await transportPair(stage);
  line.pause();
  let written = 0;
  while (!transport.full && written < 2000) {
    transport.write(CHUNK);
    written += 1;
    await turns(1);
  }
  const full = transport.full && transport.bufferedBytes > 0 ? 'full' : 'not full';
  transport.watchDrain();
  const drainsBefore = ear.drains;
  line.resume();
  await ear.until(() => ear.drains > 0);
  transport.close();
  await line.untilEnd();
  const missing = written * CHUNK.length - line.bytes;
  return `${full}, drained ${drainsBefore} then ${ear.drains}, ${missing} bytes missing`;
}

async function seePause(stage) {
  const { transport, ear, line } = await transportPair(stage);
  transport.pause();
  line.send('waits');
  const before = await settled(() => ear.text.length);
  transport.resume();
  await ear.until(() => ear.text === 'waits');
  return `${before} bytes, then ${ear.text.length}`;
}

/** What a socket reports at once of much that waits for it. */
async function seeLargestRead(stage) {
  const { socket, line } = await stage.socket();
  const transport = stage.net.socketTransport(socket);
  let largest = 0;
  let received = 0;
  const onData = ({ length }) => {
    largest = Math.max(largest, length);
    received += length;
  };
  transport.attach({ onData, onEnd: () => {}, onDrain: () => {} });
  transport.pause();
  line.pour(LARGE_BYTES);
  const sent = () => line.poured;
  await settled(() => received, sent);
  transport.resume();
  await stage.until(() => received === LARGE_BYTES);
  return `${Math.ceil(largest / 65_536) * 64} KiB`;
}

async function seeUnixSocket(stage) {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  stage.later(() => rmSync(folder, { recursive: true }));
  const { transport, ear, line } = await transportPair(stage, join(folder, 'socket'));
  line.send('ping');
  await ear.until(() => ear.text === 'ping');
  transport.abort();
  return `${ear.text}, ${await line.untilEnd()}`;
}

async function seeDuplex(stage) {
  const stream = new PassThrough();
  const transport = stage.net.duplexTransport(stream);
  const ear = new Ear();
  transport.attach(ear);
  const bytes = Buffer.from('echo');
  transport.write(bytes);
  await ear.until(() => ear.text === 'echo');
  transport.end();
  await ear.until(() => ear.ends.length > 0);
  transport.close();
  return `${ear.text}, ${ear.ends}`;
}

async function seeMemory(stage) {
  const server = stage.net.serveHttp((exchange) => {
    exchange.respond({ status: 200, content: exchange.head.target });
  });
  const [near, far] = stage.net.memoryPair();
  const ear = new Ear();
  far.attach(ear);
  server.accept(near);
  far.write(Buffer.from(get('/memory')));
  await ear.until(() => ear.text.endsWith('/memory'));
  far.end();
  await ear.until(() => ear.ends.length > 0);
  return `${ear.text.slice(9, 12)}, ${ear.ends}`;
}

async function seeAddress(stage) {
  let seen = null;
  const serving = await stage.serve((exchange) => {
    seen = exchange.connection.snapshot();
    exchange.respond({ status: 200, content: 'answer' });
  });
  const line = await stage.call(serving);
  await line.send(get('/')).receive('answer');
  line.reset();
  await serving.cause();
  return `${seen.remoteAddress}, ${seen.remotePort > 0 ? 'port' : 'no port'}`;
}

async function seeAddressInUse(stage) {
  const serving = await stage.serve(() => {});
  const other = stage.net.serveHttp(() => {});
  return other.listen({ port: serving.port }).then(
    () => 'no error',
    ({ code }) => code,
  );
}

/** 192.0.2.0/24 is for documentation (RFC 5737): no machine has an address of it. */
async function seeForeignAddress(stage) {
  return stage.net
    .serveHttp(() => {})
    .listen({ host: '192.0.2.1' })
    .then(
      () => 'no error',
      ({ code }) => code,
    );
}

async function seeCapabilities(stage) {
  const able = Object.entries(stage.net.tcpCapabilities()).filter(([, value]) => value);
  return able.map(([name]) => name).join(', ');
}

/** As Linux writes it: hexadecimal, the address as a number of this machine's byte order. */
const loopbackAddress = (port) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;

/** Linux shows in /proc which timer of a connection runs (2: keep-alive), and for how long still. */
async function seeKeepAlive(stage) {
  if (!existsSync('/proc/net/tcp')) return 'set';
  const keepAlive = { delayMs: 1_000_000 };
  const serving = await stage.serve(() => {}, { tcp: { keepAlive } });
  await stage.call(serving);
  await serving.until(() => serving.server.connections.length === 1);
  const ends = `${loopbackAddress(serving.port)} ${loopbackAddress(serving.connection.remotePort)} `;
  const rows = readFileSync('/proc/net/tcp', 'latin1').split('\n');
  const row = rows.find((line) => line.includes(ends)) ?? '';
  const [, timer, ticks] = / (\d\d):([\dA-F]{8}) /.exec(row.slice(row.indexOf(ends))) ?? [];
  const seconds = Number.parseInt(ticks, 16) / 100;
  return timer === '02' && seconds > 900 && seconds <= 1000
    ? 'set'
    : `timer ${timer}, ${seconds} s`;
}

/** The features of transports. */
export const transportFeatures = [
  { name: 'TCP socket', expected: 'pong, FIN, pingmore, finished', see: seeSocket },
  { name: 'RST is told from FIN', expected: 'reset', see: seeReset },
  { name: 'RST behind FIN', expected: 'finished,reset', see: seeResetBehindFin },
  { name: 'abort sends RST', expected: 'RST, 0 ends told', see: seeAbort },
  { name: 'socket destroyed by others', expected: 'failed', see: seeDestroyed },
  {
    name: 'full, then drained',
    expected: 'full, drained 0 then 1, 0 bytes missing',
    see: seeDrain,
  },
  { name: 'pause and resume', expected: '0 bytes, then 5', see: seePause },
  { name: 'largest read', expected: '64 KiB', see: seeLargestRead },
  { name: 'Unix socket', expected: 'ping, FIN', see: seeUnixSocket },
  { name: 'Duplex stream', expected: 'echo, finished', see: seeDuplex },
  { name: 'pair in memory', expected: '200, finished', see: seeMemory },
  { name: 'address of the client', expected: '127.0.0.1, port', see: seeAddress },
  { name: 'port in use', expected: 'EADDRINUSE', see: seeAddressInUse },
  { name: "another machine's address", expected: 'EADDRNOTAVAIL', see: seeForeignAddress },
  {
    name: 'TCP options',
    expected: 'noDelay, keepAliveDelay, keepAliveInterval, keepAliveCount',
    see: seeCapabilities,
  },
  { name: 'TCP keep-alive', expected: 'set', see: seeKeepAlive },
];
