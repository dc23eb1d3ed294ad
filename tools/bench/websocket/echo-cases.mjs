// What the clients of an echo server say: frames made beforehand, so that a client costs little more
// than its system calls.
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { asciiKey, frame, jsonMessage, letters, OPCODE } from './frames.mjs';

/** 00 00 ff ff, which a sender takes off (RFC 7692 section 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const WINDOW_BYTES = 32_768;
/** Messages of a cycle, each of which knows of those before it. */
const CYCLE = 16;

/** Each case: so many messages at once on each connection, of one size, or compressed JSON. */
export const ECHO_CASES = {
  one: { label: '64 B, one at a time', size: 64, depth: 1 },
  sixteen: { label: '64 B, sixteen at a time', size: 64, depth: 16 },
  large: { label: '16 KiB, one at a time', size: 16_384, depth: 1 },
  compressed: { label: '1 KiB of JSON, compressed', isCompressed: true, depth: 1 },
};

/**
 * What is written to a connection, one after another and over again; `takesOver`: compressed messages
 * share a window.
 */
export function writesOf({ size, depth, isCompressed }, takesOver = true) {
  if (isCompressed) return compressedWrites(takesOver);
  const payload = letters(size);
  return Array.from({ length: 4 }, () =>
    Buffer.concat(Array.from({ length: depth }, () => frame(OPCODE.binary, payload, asciiKey()))),
  );
}

/** Bytes that an echo of one write has. */
export function echoBytes({ size, depth }, isRaw) {
  const echoed = frame(OPCODE.binary, letters(size), isRaw ? asciiKey() : null);
  return depth * echoed.length;
}

/**
 * Messages that share a window; the first of a cycle begins a new one, as any sender may at any time.
 */
function compressedWrites(takesOver) {
  let window = Buffer.alloc(0);
  return Array.from({ length: CYCLE }, (_, index) => {
    const text = jsonMessage(index);
    const data = deflateRawSync(text, {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(window.length > 0 && { dictionary: window }),
    });
    if (takesOver) window = Buffer.concat([window, text]).subarray(-WINDOW_BYTES);
    return frame(OPCODE.text, data.subarray(0, -TAIL.length), asciiKey(), true);
  });
}

/** Throws unless a first message came back compressed, and is the first of the cycle. */
export function checkCompressed(echo) {
  if ((echo[0] & 0x40) === 0) throw new Error('an echo is not compressed');
  const payload = echo.subarray(echo[1] === 126 ? 4 : 2);
  const text = inflateRawSync(Buffer.concat([payload, TAIL]), {
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  if (!text.equals(jsonMessage(0))) throw new Error('an echo says something else');
}
