// Who writes frames: messages in, bytes for a socket out.

import { randomFillSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import {
  ClientWebSocket,
  clientSettings,
  FIN,
  maskInto,
  ServerWebSocket,
  serializeFrameHeader,
  serverSettings,
} from '@holdline/websocket';
import { letters, OPCODE } from './frames.mjs';

const require = createRequire(import.meta.url);
const { Sender } = require('ws');

const BITS = FIN | OPCODE.binary;
const SLAB_BYTES = 32_768;
/** What a masked frame of the free functions may need. */
const ROOM_BYTES = 128;

/** Messages of 64 bytes: alone, as many chunks; or so many before the socket is written to. */
const SERVER_CASES = [
  { key: 'server', label: 'server, 64 B', isMasked: false, together: 1 },
  { key: 'server16', label: 'server, 16 x 64 B', isMasked: false, together: 16 },
];
const CLIENT_CASES = [
  { key: 'masked', label: 'masked, 64 B', isMasked: true, together: 1 },
  { key: 'masked16', label: 'masked, 16 x 64 B', isMasked: true, together: 16 },
];
const payload = letters(64);

function ours({ isMasked, together }, seen) {
  const connection = isMasked
    ? new ClientWebSocket(clientSettings({ random: randomFillSync }), 0)
    : new ServerWebSocket(serverSettings(), 0);
  const socket = makeSocket(seen);
  return () => {
    for (let count = 0; count < together; count += 1) connection.sendBinary(payload, 0);
    let chunk = connection.nextOutput();
    while (chunk !== null) {
      socket.write(chunk);
      connection.outputAccepted(chunk.length, 0);
      chunk = connection.nextOutput();
    }
  };
}

/** The socket of everybody: a stream of node's whose bytes go nowhere, and are counted. */
function makeSocket(seen) {
  return new Writable({
    write(chunk, _encoding, done) {
      seen.bytes += chunk.length;
      done();
    },
    writev(chunks, done) {
      for (const { chunk } of chunks) seen.bytes += chunk.length;
      done();
    },
  });
}

function ws({ isMasked, together }, seen) {
  const sender = new Sender(makeSocket(seen), {});
  const options = { binary: true, compress: false, fin: true, mask: isMasked };
  return () => {
    for (let count = 0; count < together; count += 1) sender.send(payload, options);
  };
}

/** A header and a masked or plain copy, one frame behind another in a slab. */
function functions({ isMasked, together }, seen) {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let end = 0;
  const keys = new Int32Array(1024);
  let used = keys.length;
  return () => {
    for (let count = 0; count < together; count += 1) {
      if (end + ROOM_BYTES > SLAB_BYTES) {
        slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
        end = 0;
      }
      let key = -1;
      if (isMasked) {
        if (used === keys.length) {
          randomFillSync(keys);
          used = 0;
        }
        key = keys[used++] >>> 0;
      }
      const at = serializeFrameHeader(slab, end, BITS, payload.length, key);
      if (isMasked) maskInto(payload, 0, payload.length, slab, at, key, 0);
      else slab.set(payload, at);
      seen.bytes += at + payload.length - end;
      end = at + payload.length;
    }
  };
}

/** What `ws` has for a frame alone: views of it, which are still to be written. */
function wsFrame({ isMasked, together }, seen) {
  const options = { fin: true, mask: isMasked, opcode: OPCODE.binary, readOnly: true, rsv1: false };
  return () => {
    for (let count = 0; count < together; count += 1) {
      for (const part of Sender.frame(payload, options)) seen.bytes += part.length;
    }
  };
}

const WRITERS = { ours, ws };
const FRAMERS = { ours: functions, ws: wsFrame };

/**
 * By mode: a connection's whole way out beside the sender's, or a frame alone beside `Sender.frame`. A
 * process is a server's or a client's, and the same code of ours serves one subject only.
 */
export const SERIALISERS = {
  serverWrites: { makers: WRITERS, cases: SERVER_CASES },
  clientWrites: { makers: WRITERS, cases: CLIENT_CASES },
  serverFrames: { makers: FRAMERS, cases: SERVER_CASES },
  clientFrames: { makers: FRAMERS, cases: CLIENT_CASES },
};
