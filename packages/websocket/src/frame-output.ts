// Frames on their way out. Pings and pongs overtake the messages that the transport has not pulled
// yet, though never within a frame. While the transport is blocked only the newest ping is answered:
// «it MAY elect to send a response for only the most recent Ping frame», RFC 6455 section 5.5.3.
import { OutputQueue } from './bytes/output-queue.ts';
import {
  FIN,
  frameHeaderBytes,
  HEADER_BYTES_MAX,
  serializeFrameHeader,
  serializeMaskedHeader,
} from './frame-header.ts';
import type { Masker } from './masker.ts';
import type { MaskingKeys } from './masking-keys.ts';
import { OPCODE } from './opcode.ts';

/** Payload up to here is copied behind its header; more is borrowed, or masked into memory of its own. */
const COPY_BYTES_MAX = 4_096;
/** While no more than this is handed out or urgent, the transport is not blocked: each ping is answered. */
const COALESCE_BYTES_MIN = 4_096;
/** A code unit becomes at most three bytes of UTF-8. */
const UTF8_BYTES_MAX = 3;
const ASCII_MAX = 0x7f;
/** The frame is not masked. */
const NO_KEY = -1;
/** Above this many code units the platform's encoder is faster than a loop. */
const LOOP_UNITS_MAX = 96;
const encoder = /* @__PURE__ */ new TextEncoder();

/** First in, first out, except for pings and pongs. */
export class FrameOutput {
  /** Bytes queued or handed out and not yet accepted. */
  pendingBytes = 0;
  /** Of these, bytes handed out. */
  handedOutBytes = 0;
  private readonly queue = new OutputQueue();
  private readonly urgent = new OutputQueue();
  /** Null for a server, which «MUST NOT mask any frames», RFC 6455 section 5.1. */
  private readonly keys: MaskingKeys | null;
  private readonly masker: Masker;
  /** The payload of a pong that waits. */
  private pong: Uint8Array | null = null;
  /** Bytes that were ever put into the queue, and that came out of it. */
  private queuedBytes = 0;
  private givenBytes = 0;
  /** Where frames begin and end, by `queuedBytes`, that come out in more than one chunk. */
  private divided: number[] = [];
  /** Our Close frame is queued. */
  private isEnded = false;

  /** `keys` is null for a server's side. */
  constructor(keys: MaskingKeys | null, masker: Masker) {
    this.keys = keys;
    this.masker = masker;
  }

  /** A frame with its whole payload, which is borrowed, and in a client's frame only read. */
  writeFrame(bits: number, payload: Uint8Array): void {
    const { queue } = this;
    const byteCount = payload.length;
    if (byteCount <= COPY_BYTES_MAX) {
      queue.reserve(HEADER_BYTES_MAX + byteCount);
      this.committed(this.serialize(queue.bytes, queue.end, bits, payload));
    } else if (this.keys === null) {
      this.declareFrame(bits, byteCount);
      this.append(payload);
    } else {
      // «clients MUST mask [...] before any of it is sent»: it is all there, section 10.3.
      const frame = new Uint8Array(frameHeaderBytes(byteCount, true) + byteCount);
      this.serialize(frame, 0, bits, payload);
      this.append(frame);
    }
  }

  /** A frame whose payload is a text as UTF-8; lone surrogates become U+FFFD. */
  writeText(bits: number, text: string): void {
    const { queue } = this;
    const { length } = text;
    if (length * UTF8_BYTES_MAX > COPY_BYTES_MAX) {
      this.writeFrame(bits, encoder.encode(text));
      return;
    }
    queue.reserve(HEADER_BYTES_MAX + length * UTF8_BYTES_MAX);
    const { keys } = this;
    const key = keys === null ? 0 : keys.next();
    const payloadAt = queue.end + frameHeaderBytes(length, keys !== null);
    const end = encodeAscii(text, queue.bytes, payloadAt);
    if (end < 0) {
      this.writeFrame(bits, encoder.encode(text));
      return;
    }
    if (keys === null) serializeFrameHeader(queue.bytes, queue.end, bits, length, NO_KEY);
    else {
      serializeMaskedHeader(queue.bytes, queue.end, bits, length, key);
      this.masker.mask(queue.bytes, payloadAt, end, key, 0);
    }
    this.committed(end);
  }

  /** The header of a frame whose payload follows by {@link append}; a server's. */
  declareFrame(bits: number, byteCount: number): void {
    const { queue } = this;
    queue.reserve(HEADER_BYTES_MAX);
    this.divided.push(this.queuedBytes);
    this.committed(serializeFrameHeader(queue.bytes, queue.end, bits, byteCount, -1));
    this.divided.push(this.queuedBytes + byteCount);
  }

  /** Bytes that are part of a declared frame, or whole frames; borrowed. */
  append(data: Uint8Array): void {
    this.queue.append(data);
    this.queuedBytes += data.length;
    this.pendingBytes += data.length;
  }

  /** A ping: goes before all messages that wait. 0-125 bytes, copied. */
  writePing(payload: Uint8Array): void {
    this.writeUrgent(FIN | OPCODE.ping, payload);
  }

  /** An unasked pong. 0-125 bytes, copied. */
  writePong(payload: Uint8Array): void {
    this.writeUrgent(FIN | OPCODE.pong, payload);
  }

  /** Answers a ping; where output waits, only the newest. 0-125 bytes, borrowed. */
  answerPing(payload: Uint8Array): void {
    if (this.isEnded) return;
    const waitingBytes = this.handedOutBytes + this.urgent.pendingBytes;
    if (this.pong === null && waitingBytes <= COALESCE_BYTES_MIN) {
      this.writePong(payload);
      return;
    }
    this.dropPong();
    this.pong = payload;
    this.pendingBytes += this.pongBytes(payload);
  }

  /** The Close frame, behind all that is queued: no ping is answered any more. */
  writeClose(payload: Uint8Array): void {
    // The chunk that ends a frame under way would have the Close frame in it as well.
    if (!this.isBetweenFrames()) this.queueUrgent();
    this.writeFrame(FIN | OPCODE.close, payload);
    this.isEnded = true;
  }

  /** The next chunk to write, or null. */
  next(): Uint8Array | null {
    const hasUrgent = this.pong !== null || this.urgent.pendingBytes > 0;
    const isFirst = hasUrgent && this.isBetweenFrames();
    const chunk = (isFirst ? this.nextUrgent() : null) ?? this.nextQueued();
    if (chunk !== null) this.handedOutBytes += chunk.length;
    return chunk;
  }

  /** The transport took bytes; returns false, and changes nothing, for more than were handed out or no count at all. */
  accept(byteCount: number): boolean {
    if (!(Number.isInteger(byteCount) && byteCount >= 0)) return false;
    if (byteCount > this.handedOutBytes) return false;
    this.handedOutBytes -= byteCount;
    this.pendingBytes -= byteCount;
    return true;
  }

  /** Gives up whatever has not begun to leave: what was begun is a frame's rest. */
  clear(): void {
    this.queue.clear();
    this.urgent.clear();
    this.pong = null;
    this.pendingBytes = 0;
    this.handedOutBytes = 0;
    this.queuedBytes = 0;
    this.givenBytes = 0;
    this.divided.length = 0;
  }

  private nextUrgent(): Uint8Array | null {
    const { pong, urgent } = this;
    if (pong !== null) {
      this.dropPong();
      this.writePong(pong);
    }
    const chunk = urgent.next();
    if (chunk !== null) urgent.accept(chunk.length);
    return chunk;
  }

  /** Pings and pongs that wait take their places among the messages. */
  private queueUrgent(): void {
    for (let chunk = this.nextUrgent(); chunk !== null; chunk = this.nextUrgent()) {
      this.pendingBytes -= chunk.length;
      this.append(chunk);
    }
  }

  private nextQueued(): Uint8Array | null {
    const { queue } = this;
    const chunk = queue.next();
    if (chunk === null) return null;
    queue.accept(chunk.length);
    this.givenBytes += chunk.length;
    this.forgetDivided();
    return chunk;
  }

  /** With each chunk, so that what is remembered is no more than what waits. */
  private forgetDivided(): void {
    const { divided, givenBytes } = this;
    while (divided.length > 0 && divided[1]! <= givenBytes) {
      divided.shift();
      divided.shift();
    }
  }

  /** What has come out ends with a whole frame. */
  private isBetweenFrames(): boolean {
    const { divided } = this;
    return divided.length === 0 || this.givenBytes <= divided[0]!;
  }

  private writeUrgent(bits: number, payload: Uint8Array): void {
    const { urgent } = this;
    urgent.reserve(HEADER_BYTES_MAX + payload.length);
    const end = this.serialize(urgent.bytes, urgent.end, bits, payload);
    this.pendingBytes += end - urgent.end;
    urgent.commit(end);
  }

  private dropPong(): void {
    if (this.pong === null) return;
    this.pendingBytes -= this.pongBytes(this.pong);
    this.pong = null;
  }

  private pongBytes(payload: Uint8Array): number {
    return frameHeaderBytes(payload.length, this.keys !== null) + payload.length;
  }

  /** Writes a whole frame to `target[at..]`; returns the index behind it. */
  private serialize(target: Uint8Array, at: number, bits: number, payload: Uint8Array): number {
    const { keys } = this;
    const byteCount = payload.length;
    if (keys === null) {
      const payloadAt = serializeFrameHeader(target, at, bits, byteCount, NO_KEY);
      target.set(payload, payloadAt);
      return payloadAt + byteCount;
    }
    const key = keys.next();
    const payloadAt = serializeMaskedHeader(target, at, bits, byteCount, key);
    this.masker.maskInto(payload, 0, byteCount, target, payloadAt, key, 0);
    return payloadAt + byteCount;
  }

  private committed(end: number): void {
    const { queue } = this;
    const byteCount = end - queue.end;
    queue.commit(end);
    this.queuedBytes += byteCount;
    this.pendingBytes += byteCount;
  }
}

/** Writes a text of ASCII characters; returns the index behind it, or -1 for any other text. */
function encodeAscii(text: string, target: Uint8Array, at: number): number {
  const { length } = text;
  if (length > LOOP_UNITS_MAX) {
    // A byte for each code unit: then there were none but ASCII.
    const room = target.subarray(at, at + length);
    return encoder.encodeInto(text, room).read === length ? at + length : -1;
  }
  let all = 0;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    target[at + index] = unit;
    all |= unit;
  }
  return all <= ASCII_MAX ? at + length : -1;
}
