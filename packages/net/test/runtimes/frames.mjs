// WebSockets as the far ends of lines speak them, by hand: characters stand for bytes.
import { createHash } from 'node:crypto';
import { get } from './stage.mjs';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
/** Of a key of no bits, under which a masked payload is what it was. */
const NO_MASK = '\0\0\0\0';

/** FIN and the opcode of a frame. */
export const FRAME = { text: 0x81, binary: 0x82, close: 0x88, ping: 0x89, pong: 0x8a };

/** What a client asks. */
export function opening(...lines) {
  const fields = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  return get('/', ...fields, `Sec-WebSocket-Key: ${KEY}`, ...lines);
}

/** What a server answers to the request that a client has sent. */
export function acceptance(request, ...lines) {
  const [, key] = /^sec-websocket-key: (\S+)/im.exec(request);
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  const fields = ['Connection: Upgrade', 'Upgrade: websocket', `Sec-WebSocket-Accept: ${accept}`];
  return ['HTTP/1.1 101 Switching Protocols', ...fields, ...lines, '', ''].join('\r\n');
}

/** The header of a frame of a client's, or of a server's, which does not mask. */
export function header(first, byteCount, masks) {
  const bytes = [first];
  const bit = masks ? 0x80 : 0;
  if (byteCount < 126) bytes.push(bit | byteCount);
  else if (byteCount < 65_536) bytes.push(bit | 126, byteCount >> 8, byteCount & 255);
  else {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(byteCount));
    bytes.push(bit | 127, ...length);
  }
  return String.fromCharCode(...bytes) + (masks ? NO_MASK : '');
}

/** A frame of a client's. */
export const fromClient = (first, payload) => header(first, payload.length, true) + payload;

/** A frame of a server's. */
export const fromServer = (first, payload) => header(first, payload.length, false) + payload;

/** A Close frame's payload. */
export const closing = (code, reason = '') => String.fromCharCode(code >> 8, code & 255) + reason;

/** A frame's length, and the bytes that say it; lengths beyond 32 bits do not occur. */
function lengthAt(bytes, at) {
  const short = bytes[at] & 127;
  if (short < 126) return [short, 1];
  // A length that is cut short is beyond what is there.
  if (bytes.length < at + 9) return [bytes.length, 1];
  return short === 126 ? [bytes.readUInt16BE(at + 1), 3] : [bytes.readUInt32BE(at + 5), 9];
}

/** The whole frames behind the head in what a line has received, unmasked. */
function framesIn(text) {
  const frames = [];
  const bytes = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1');
  for (let at = 0; at + 2 <= bytes.length; ) {
    const [length, lengthBytes] = lengthAt(bytes, at + 1);
    const isMasked = bytes[at + 1] >= 128;
    const start = at + 1 + lengthBytes + (isMasked ? 4 : 0);
    if (start + length > bytes.length) break;
    const key = bytes.subarray(start - 4, start);
    const payload = bytes.subarray(start, start + length);
    const plain = isMasked ? payload.map((byte, index) => byte ^ key[index & 3]) : payload;
    frames.push({ first: bytes[at], isMasked, payload: Buffer.from(plain).toString('latin1') });
    at = start + length;
  }
  return frames;
}

/** Waits until a line has received so many frames; throws when it ends before. */
export async function receiveFrames(line, count) {
  await line.until(() => framesIn(line.text).length >= count || line.end !== 'open');
  const frames = framesIn(line.text);
  if (frames.length >= count) return frames;
  throw new Error(`${line.end} after ${frames.length} frames`);
}
