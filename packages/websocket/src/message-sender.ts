// Messages out, in whole or in pieces (RFC 6455 sections 5.4 and 6.1), compressed where that was
// agreed (RFC 7692 section 7.2.1).
import { moved, type StateOf } from './bytes/transition-table.ts';
import type { MessageDeflater } from './compression.ts';
import { LocalProtocolError } from './faults.ts';
import { FIN, RSV1, SHORT_PAYLOAD_BYTES_MAX } from './frame-header.ts';
import type { FrameOutput } from './frame-output.ts';
import { type MessageKind, OPCODE } from './opcode.ts';
import { SEND } from './state.ts';
import { UTF8_BOUNDARY, validateUtf8 } from './utf8.ts';

/** How a message is to be sent. */
export interface SendOptions {
  /** Compress it, or not, where the handshake agreed on compression; by its size. */
  readonly compress?: boolean;
}

/** What goes out in pieces is no text. */
const NO_TEXT = -1;
const encoder = /* @__PURE__ */ new TextEncoder();

/** The sending direction of one connection. */
export class MessageSender {
  state: StateOf<typeof SEND> = 'idle';
  private readonly output: FrameOutput;
  private deflater: MessageDeflater | null = null;
  private compressBytesMin = 0;
  /** First byte of the next frame of the message under way, but for FIN. */
  private bits = 0;
  private isCompressed = false;
  /** Payload that a declared frame still lacks. */
  private declaredBytes = 0;
  /** Where the text stands that goes out in pieces; -1 when it is no text. */
  private textState = NO_TEXT;

  constructor(output: FrameOutput) {
    this.output = output;
  }

  /** Serves a connection; `deflater` is null where no compression was agreed. */
  begin(deflater: MessageDeflater | null, compressBytesMin: number): void {
    this.deflater = deflater;
    this.compressBytesMin = compressBytesMin;
    this.state = 'idle';
  }

  /** Messages may be sent: no Close frame is queued. */
  get isOpen(): boolean {
    return this.state !== 'closed' && this.state !== 'ended';
  }

  /** A whole message in one frame. Bytes are borrowed. */
  message(kind: MessageKind, content: string | Uint8Array, options: SendOptions | undefined): void {
    requireContent(content, kind === 'text');
    this.require('idle');
    const opcode = FIN | OPCODE[kind];
    if (kind === 'text' && typeof content !== 'string') requireUtf8(content);
    if (this.compresses(content.length, options)) {
      const data = typeof content === 'string' ? encoder.encode(content) : content;
      this.output.writeFrame(opcode | RSV1, this.deflater!.deflate(data, true));
    } else if (typeof content === 'string') {
      this.output.writeText(opcode, content);
    } else {
      this.output.writeFrame(opcode, content);
    }
  }

  /** A whole message in a frame that was made before; what it may have compressed has a window of its own. */
  prepared(frame: Uint8Array): void {
    this.require('idle');
    this.output.append(frame);
    if (((frame[0] as number) & RSV1) !== 0) this.deflater!.reset();
  }

  /** Begins a message whose length nobody knows; nothing leaves before its first piece. */
  beginMessage(kind: MessageKind, options: SendOptions | undefined): void {
    requireKind(kind);
    this.require('idle');
    this.state = moved(SEND, this.state, 'begin');
    this.isCompressed = this.compresses(Number.POSITIVE_INFINITY, options);
    this.bits = OPCODE[kind] | (this.isCompressed ? RSV1 : 0);
    this.textState = kind === 'text' ? UTF8_BOUNDARY : NO_TEXT;
  }

  /** A fragment of that message; an empty one that is not the last is not sent. */
  piece(content: string | Uint8Array, isLast: boolean): void {
    requireContent(content, true);
    this.require('message');
    const data = typeof content === 'string' ? encoder.encode(content) : content;
    this.validate(data, isLast);
    if (isLast || data.length > 0) {
      const payload = this.isCompressed ? this.deflater!.deflate(data, isLast) : data;
      this.output.writeFrame(isLast ? this.bits | FIN : this.bits, payload);
      this.bits = OPCODE.continuation;
    }
    if (isLast) this.state = moved(SEND, this.state, 'end');
  }

  /** Begins a message of one frame, whose payload follows by `frameData`. */
  declareFrame(kind: MessageKind, byteCount: number): void {
    requireKind(kind);
    this.require('idle');
    if (!(Number.isSafeInteger(byteCount) && byteCount >= 0)) {
      throw new RangeError('byteCount must be a whole number from 0 to 2^53-1');
    }
    this.output.declareFrame(FIN | OPCODE[kind], byteCount);
    this.declaredBytes = byteCount;
    this.textState = kind === 'text' ? UTF8_BOUNDARY : NO_TEXT;
    if (byteCount > 0) this.state = moved(SEND, this.state, 'declare');
  }

  /** Payload of that frame; with its last byte the message is complete. */
  frameData(data: Uint8Array): void {
    requireContent(data, false);
    this.require('frame');
    if (data.length > this.declaredBytes) {
      const what = `${data.length} bytes for a frame that lacks ${this.declaredBytes}`;
      throw new LocalProtocolError('WS_FRAME_LENGTH_MISMATCH', what);
    }
    this.validate(data, data.length === this.declaredBytes);
    this.declaredBytes -= data.length;
    this.output.append(data);
    if (this.declaredBytes === 0) this.state = moved(SEND, this.state, 'end');
  }

  /** Our Close frame is queued: no message follows it, and nothing more of the one under way. */
  close(): void {
    this.state = moved(SEND, this.state, 'close');
    this.deflater = null;
  }

  /** No more is sent of a message under way. */
  stop(): void {
    this.state = moved(SEND, this.state, 'stop');
    this.deflater = null;
  }

  /** Throws LocalProtocolError unless a message may begin, or this part of one may follow. */
  private require(state: 'idle' | 'message' | 'frame'): void {
    if (this.state === state) return;
    if (!this.isOpen) {
      throw new LocalProtocolError('WS_NOT_OPEN', 'the connection is closing or closed');
    }
    if (state === 'idle') {
      throw new LocalProtocolError('WS_MESSAGE_STARTED', 'a message is under way');
    }
    throw new LocalProtocolError('WS_NO_MESSAGE', `no such ${state} is under way`);
  }

  private compresses(size: number, options: SendOptions | undefined): boolean {
    if (this.deflater === null) return false;
    return options?.compress ?? size >= this.compressBytesMin;
  }

  /** Throws for text that is not UTF-8. */
  private validate(data: Uint8Array, isLast: boolean): void {
    if (this.textState === NO_TEXT) return;
    const state = validateUtf8(data, 0, data.length, this.textState);
    if (state < 0 || (isLast && state !== UTF8_BOUNDARY)) throw notUtf8();
    this.textState = state;
  }
}

function requireKind(kind: MessageKind): void {
  if (kind === 'text' || kind === 'binary') return;
  throw new TypeError("kind must be 'text' or 'binary'");
}

/** Throws TypeError for what is no content. */
function requireContent(content: string | Uint8Array, mayBeText: boolean): void {
  if (content instanceof Uint8Array || (mayBeText && typeof content === 'string')) return;
  throw new TypeError(`content must be a Uint8Array${mayBeText ? ' or a string' : ''}`);
}

/** A text message given as bytes (RFC 6455 section 5.6). */
function requireUtf8(data: Uint8Array): void {
  if (validateUtf8(data, 0, data.length, UTF8_BOUNDARY) !== UTF8_BOUNDARY) throw notUtf8();
}

function notUtf8(): LocalProtocolError {
  return new LocalProtocolError('WS_TEXT_NOT_UTF8', 'a text message must be UTF-8');
}

/** Throws for what is no payload of a control frame. */
export function requireShort(payload: Uint8Array): void {
  if (!(payload instanceof Uint8Array)) throw new TypeError('a payload must be a Uint8Array');
  if (payload.length <= SHORT_PAYLOAD_BYTES_MAX) return;
  const what = `${payload.length} bytes, ${SHORT_PAYLOAD_BYTES_MAX} at most are allowed (RFC 6455 section 5.5)`;
  throw new LocalProtocolError('WS_CONTROL_PAYLOAD_TOO_LONG', what);
}
