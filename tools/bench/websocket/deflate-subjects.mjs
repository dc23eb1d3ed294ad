// Who compresses and decompresses. Each makes a function that does the next message, and says how many
// bytes a message takes on average when it is compressed.
import {
  constants,
  createDeflateRaw,
  createInflateRaw,
  deflateRawSync,
  inflateRawSync,
} from 'node:zlib';
import { pureCompression } from '@holdline/websocket/deflate';
import { nodeCompression } from '@holdline/websocket/node';
import { Deflate, Inflate } from 'pako';

const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff);
const FLUSH = { finishFlush: constants.Z_SYNC_FLUSH };
const WINDOW_BYTES = 32_768;
/** What a receiver that assembles messages says that it takes at once. */
const OUTPUT_BYTES_MAX = 16 * 1_048_576;

/** The messages as zlib would send them, each with its predecessors for a window. */
function compressed(messages, takeover) {
  let window = new Uint8Array(0);
  // Twice round: the second time, everybody remembers the first.
  return [...messages, ...messages].map((message) => {
    const options = window.length > 0 ? { ...FLUSH, dictionary: window } : FLUSH;
    const result = deflateRawSync(message, options).subarray(0, -TAIL.length);
    if (takeover) window = Buffer.concat([window, message]).subarray(-WINDOW_BYTES);
    return result;
  });
}

/** Goes round a list. */
function round(list, work) {
  let next = 0;
  return () => {
    const index = next;
    next = next + 1 === list.length ? 0 : next + 1;
    return work(list[index], index);
  };
}

/** Every stream with takeover begins anew with the list. */
function ofCompression(compression) {
  return (direction, takeover, messages) => {
    const context = { windowBits: 15, contextTakeover: takeover };
    if (direction === 'deflate') {
      const deflater = compression.createDeflater(context);
      const sizes = messages.map((message) => deflater.deflate(message, true).length);
      return {
        bytes: sizes.reduce((sum, size) => sum + size) / sizes.length,
        work: round(messages, (message) => void deflater.deflate(message, true)),
      };
    }
    const list = compressed(messages, takeover);
    let inflater = null;
    const work = round(list, (data, index) => {
      if (index === 0) inflater = compression.createInflater(context);
      inflater.push(data, true);
      let piece = inflater.next(OUTPUT_BYTES_MAX);
      while (piece !== null) {
        if (piece === 'invalid') throw new Error('invalid');
        piece = inflater.next(OUTPUT_BYTES_MAX);
      }
    });
    return { work };
  };
}

function oneShot(direction, takeover, messages) {
  let window = new Uint8Array(0);
  const remember = (message) => {
    if (takeover) window = Buffer.concat([window, message]).subarray(-WINDOW_BYTES);
  };
  const options = () => (window.length > 0 ? { ...FLUSH, dictionary: window } : FLUSH);
  if (direction === 'deflate') {
    const sizes = [];
    const work = round(messages, (message) => {
      sizes.push(deflateRawSync(message, options()).length - TAIL.length);
      remember(message);
    });
    for (const _ of messages) work();
    return { bytes: sizes.reduce((sum, size) => sum + size) / sizes.length, work };
  }
  const list = compressed(messages, takeover);
  const work = round(list, (data, index) => {
    if (index === 0) window = new Uint8Array(0);
    remember(inflateRawSync(Buffer.concat([data, TAIL]), options()));
  });
  return { work };
}

/** As ws: a stream for each direction of a connection, written to and flushed. */
function stream(direction, takeover, messages) {
  const make = () =>
    direction === 'deflate' ? createDeflateRaw({ windowBits: 15 }) : createInflateRaw();
  const list = direction === 'deflate' ? messages : compressed(messages, takeover);
  let zlib = null;
  let pieces = [];
  const work = round(list, (data, index) => {
    if (zlib === null || (index === 0 && direction === 'inflate')) {
      zlib?.close();
      zlib = make().on('data', (piece) => pieces.push(piece));
    }
    zlib.write(data);
    if (direction === 'inflate') zlib.write(TAIL);
    return new Promise((resolve) => {
      const done = () => {
        const result = Buffer.concat(pieces);
        pieces = [];
        if (!takeover) zlib.reset();
        resolve(result);
      };
      if (direction === 'deflate') zlib.flush(constants.Z_SYNC_FLUSH, done);
      else zlib.flush(done);
    });
  });
  return { work };
}

function pakoStream(direction, takeover, messages) {
  const list = direction === 'deflate' ? messages : compressed(messages, takeover);
  let codec = null;
  const work = round(list, (data, index) => {
    if (codec === null || !takeover || (index === 0 && direction === 'inflate')) {
      codec = direction === 'deflate' ? new Deflate({ raw: true }) : new Inflate({ raw: true });
      codec.onData = () => {};
    }
    codec.push(data, constants.Z_SYNC_FLUSH);
    if (direction === 'inflate') codec.push(TAIL, constants.Z_SYNC_FLUSH);
  });
  return { work };
}

/** The first is what the others are compared to. */
export const CODECS = [
  { label: 'node provider', make: ofCompression(nodeCompression) },
  { label: 'pure', make: ofCompression(pureCompression) },
  { label: 'zlib one-shot', make: oneShot },
  { label: 'zlib stream', make: stream },
  { label: 'pako', make: pakoStream },
];
