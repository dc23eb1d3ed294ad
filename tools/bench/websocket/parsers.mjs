// Who reads frames: the bytes of a chunk in, messages out, in the process that measures. Unmasking is
// done in place by all of them, so that each needs a chunk of its own.
import { createRequire } from 'node:module';
import {
  adaptMasker,
  mask,
  parseFrameHeader,
  ServerWebSocket,
  serverSettings,
} from '@holdline/websocket';
import { asciiKey, frame, letters, OPCODE } from './frames.mjs';

const require = createRequire(import.meta.url);
const { Receiver } = require('ws');
const driver = require('websocket-driver');

/** The cases: so many equal frames to a chunk, which is no larger than one read of a socket. */
export const PARSE_CASES = [
  { key: 'binary16', label: 'binary, 16 B', opcode: OPCODE.binary, size: 16, count: 100 },
  { key: 'binary125', label: 'binary, 125 B', opcode: OPCODE.binary, size: 125, count: 100 },
  { key: 'text64', label: 'text, 64 B', opcode: OPCODE.text, size: 64, count: 100 },
  { key: 'binary16k', label: 'binary, 16 KiB', opcode: OPCODE.binary, size: 16_384, count: 4 },
];

/** One read after another: their memory is the same, the view is new each time. */
function chunks({ opcode, size, count }) {
  const payload = letters(size);
  const frames = Array.from({ length: count }, () => frame(opcode, payload, asciiKey()));
  const { length } = Buffer.concat(frames);
  const memory = new ArrayBuffer(length);
  Buffer.from(memory).set(Buffer.concat(frames));
  return () => Buffer.from(memory, 0, length);
}

function oursWith(options) {
  return (parseCase, seen) => {
    const next = chunks(parseCase);
    const connection = new ServerWebSocket(serverSettings(options), 0);
    return () => {
      connection.receive(next(), 0);
      let event = connection.nextEvent(0);
      while (event.type !== 'need-data') {
        seen.messages += 1;
        seen.bytes += event.type === 'text' ? event.text.length : event.data.length;
        event = connection.nextEvent(0);
      }
    };
  };
}

/** Headers and masking alone, by the free functions; nobody checks a rule or makes an object. */
function functions(parseCase, seen) {
  const next = chunks(parseCase);
  const header = { bits: 0, payloadBytes: 0, isMasked: false, maskingKey: 0 };
  return () => {
    const chunk = next();
    const { length } = chunk;
    for (let at = 0; at < length; ) {
      at += parseFrameHeader(chunk, at, length, header);
      mask(chunk, at, at + header.payloadBytes, header.maskingKey, 0);
      at += header.payloadBytes;
      seen.messages += 1;
      seen.bytes += header.payloadBytes;
    }
  };
}

function ws(parseCase, seen) {
  const next = chunks(parseCase);
  // What `WebSocketServer` gives it; messages of one turn come at once, as by default.
  const receiver = new Receiver({ allowSynchronousEvents: true, isServer: true });
  receiver.on('message', (data, isBinary) => {
    seen.messages += 1;
    seen.bytes += isBinary ? data.length : data.toString().length;
  });
  return () => receiver.write(next());
}

function websocketDriver(parseCase, seen) {
  const next = chunks(parseCase);
  const headers = {
    connection: 'Upgrade',
    host: 'localhost',
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  };
  const connection = driver.http({ headers, method: 'GET', url: '/' });
  connection.on('message', ({ data }) => {
    seen.messages += 1;
    seen.bytes += data.length;
  });
  connection.start();
  return () => connection.parse(next());
}

/** What can be injected where there is a native addon. */
function injected() {
  return oursWith({ masker: adaptMasker(require('bufferutil')) });
}

/** By mode: who reads. In each process the same code of ours serves one of them only. */
export const PARSERS = {
  plain: { ours: oursWith({}), ws, websocketDriver },
  native: { ours: oursWith({}), ws },
  injected: { ours: injected(), ws },
  functions: { ours: functions, ws },
};
