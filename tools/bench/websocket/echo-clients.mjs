// Clients of an echo server in a process of their own, on bare sockets. Arguments: port, and whether
// the server is the raw one, which sends back what it got. Each line on stdin is a command, answered
// by a line of JSON: `run CASE MILLISECONDS CONNECTIONS` exchanges messages and says how many came
// back; `hold CASE CONNECTIONS EXCHANGES` opens connections that make so many each and then keep silent.
import { connect } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { checkCompressed, ECHO_CASES, echoBytes, writesOf } from './echo-cases.mjs';

const [portText = '', serverKind = ''] = process.argv.slice(2);
const port = Number(portText);
const isRaw = serverKind === 'raw';
const IN_FLIGHT = 200;
/** What is read at once; shared, since nothing of it is kept. */
const READ_BYTES = 65_536;
const readBuffer = Buffer.alloc(READ_BYTES);
// A port that was in use is not for a while: on Linux all of 127.0.0.0/8 is this machine, so that there
// are enough of them.
const ADDRESSES = process.platform === 'linux' ? 200 : 0;
let opened = 0;

function handshake(isCompressed) {
  const extension = isCompressed ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : '';
  return (
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${extension}\r\n`
  );
}

/** Finds the ends of frames of unknown length. */
class FrameCounter {
  #head = [];
  #left = 0;

  /** How many frames end in `bytes[0..end)`. */
  count(bytes, end) {
    let frames = 0;
    let at = 0;
    while (at < end) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, end - at);
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) frames += 1;
      } else {
        this.#head.push(bytes[at++]);
        this.#readHead();
      }
    }
    return frames;
  }

  #readHead() {
    const [, short, high, low] = this.#head;
    if (short === undefined || (short === 126 && low === undefined)) return;
    if (short === 127) throw new Error('no echo is that long');
    this.#left = short === 126 ? high * 256 + low : short;
    this.#head = [];
  }
}

/** One connection: writes, waits for all of the echo, and goes on while it is told to. */
class Client {
  exchanges = 0;
  #writes;
  #expectedBytes;
  #counter;
  #isOpen = false;
  #receivedBytes = 0;
  #isChecked = false;
  #goesOn = () => false;
  #onIdle = () => {};
  #opening = '';

  constructor(echoCase, writes) {
    this.#writes = writes;
    this.#expectedBytes = echoCase.isCompressed ? 0 : echoBytes(echoCase, isRaw);
    this.#counter = echoCase.isCompressed && !isRaw ? new FrameCounter() : null;
    opened += 1;
    const own = `127.0.${process.pid % 256}.${2 + (opened % ADDRESSES)}`;
    this.socket = connect({
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (byteCount, buffer) => this.#read(byteCount, buffer),
      },
      port,
      ...(ADDRESSES > 0 && { localAddress: own }),
    });
    this.socket.on('error', fail);
    this.socket.on('close', () => fail(new Error('a connection was closed')));
    this.socket.write(handshake(echoCase.isCompressed));
  }

  /** Exchanges until `goesOn()` is false, then calls `onIdle`. */
  start(goesOn, onIdle) {
    this.#goesOn = goesOn;
    this.#onIdle = onIdle;
    if (this.#isOpen) this.#write();
  }

  get #current() {
    return this.#writes[this.exchanges % this.#writes.length];
  }

  #write() {
    this.socket.write(this.#current);
  }

  #read(byteCount, buffer) {
    if (!this.#isOpen) this.#readOpening(buffer.toString('latin1', 0, byteCount));
    else if (this.#isEchoed(byteCount, buffer)) {
      this.exchanges += 1;
      if (this.#goesOn()) this.#write();
      else this.#onIdle();
    }
    return true;
  }

  #readOpening(text) {
    this.#opening += text;
    if (!this.#opening.endsWith('\r\n\r\n')) return;
    const isWanted = this.#counter === null || /permessage-deflate/i.test(this.#opening);
    if (!this.#opening.startsWith('HTTP/1.1 101') || !isWanted) fail(new Error(this.#opening));
    if (/client_no_context_takeover/i.test(this.#opening)) this.#writes = withoutTakeover();
    this.#isOpen = true;
    this.#opening = '';
    this.#write();
  }

  #isEchoed(byteCount, buffer) {
    if (this.#counter !== null) {
      if (!this.#isChecked) checkCompressed(buffer.subarray(0, byteCount));
      this.#isChecked = true;
      return this.#counter.count(buffer, byteCount) === 1;
    }
    this.#receivedBytes += byteCount;
    const expectedBytes = this.#expectedBytes || this.#current.length;
    if (this.#receivedBytes < expectedBytes) return false;
    if (this.#receivedBytes > expectedBytes)
      fail(new Error(`${this.#receivedBytes} bytes: too many`));
    this.#receivedBytes = 0;
    return true;
  }
}

let independent = null;

/** Compressed messages that know of no others. */
function withoutTakeover() {
  independent ??= writesOf(ECHO_CASES.compressed, false);
  return independent;
}

function fail(error) {
  process.stderr.write(`clients of ${serverKind}: ${error.message}\n`);
  process.exit(1);
}

/** By case, the connections that there are. */
const clients = new Map();

function clientsOf(key, count) {
  const echoCase = ECHO_CASES[key];
  const writes = writesOf(echoCase);
  if (!clients.has(key)) {
    clients.set(
      key,
      Array.from({ length: count }, () => new Client(echoCase, writes)),
    );
  }
  return clients.get(key);
}

async function run(key, milliseconds, count) {
  const { depth } = ECHO_CASES[key];
  const some = clientsOf(key, count);
  const exchangesOf = () => some.reduce((sum, { exchanges }) => sum + exchanges, 0);
  const before = exchangesOf();
  const start = performance.now();
  const end = start + milliseconds;
  const goesOn = () => performance.now() < end;
  await Promise.all(some.map((client) => new Promise((resolve) => client.start(goesOn, resolve))));
  const messages = (exchangesOf() - before) * depth;
  return { messages, perSecond: (messages * 1000) / (performance.now() - start) };
}

/** Opens a few at a time. */
async function hold(key, count, exchanges) {
  const echoCase = ECHO_CASES[key];
  const writes = writesOf(echoCase);
  let left = count;
  const openNext = async () => {
    while (left > 0) {
      left -= 1;
      const client = new Client(echoCase, writes);
      await new Promise((resolve) => {
        client.start(() => client.exchanges < exchanges, resolve);
      });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, openNext));
  return { idle: count };
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [command, key, ...numbers] = line.split(' ');
  const result = await { run, hold }[command](key, ...numbers.map(Number));
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
process.stdout.write(`${JSON.stringify({ port })}\n`);
