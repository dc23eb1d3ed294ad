// Frames in, messages out (RFC 6455 sections 5.4 and 6.2). Payload is unmasked, inflated and
// validated as it arrives, so that a fault in the middle of a frame is seen before its end, and a
// message of any size needs no memory when its pieces are wanted.
import { NEED_DATA } from './bytes/connection.ts';
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import type { MessageInflater } from './compression.ts';
import type { BinaryEvent, EndEvent, MessageEvent, TextEvent } from './events.ts';
import type { WebSocketFaultCode } from './faults.ts';
import {
  FIN,
  type FrameHeader,
  HEADER_INCOMPLETE,
  LENGTH_TOO_LARGE,
  OPCODE_BITS,
  parseFrameHeader,
  RSV1,
  SHORT_PAYLOAD_BYTES_MAX,
} from './frame-header.ts';
import { type FrameContext, frameFault } from './frame-rules.ts';
import type { WebSocketLimits } from './limits.ts';
import type { Masker } from './masker.ts';
import { MessageAssembler } from './message-assembler.ts';
import { isControl, OPCODE } from './opcode.ts';
import type { ReadStep } from './read-step.ts';
import { decodeUtf8, UTF8_BOUNDARY, type Utf8Check, Utf8Validator, validateUtf8 } from './utf8.ts';

/** What a reader needs to know of its connection. */
export interface ReaderSettings {
  readonly limits: WebSocketLimits;
  /** Messages come in pieces, as they arrive. */
  readonly inPieces: boolean;
  /** True for a server: its peer masks (RFC 6455 section 5.1). */
  readonly peerMasks: boolean;
  readonly masker: Masker;
  /** The platform's own check; null for none. */
  readonly isUtf8: Utf8Check | null;
}

const END: EndEvent = /* @__PURE__ */ Object.freeze({ type: 'end' });
const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
/** No message is under way. */
const NONE = 0;

const WHOLE_TEXT = FIN | OPCODE.text;
const WHOLE_BINARY = FIN | OPCODE.binary;
const MASK_BIT = 0x80;

/** Reads one connection's input; idle between messages. */
export class MessageReader implements FrameContext {
  /** Of a fault: bytes between what has been consumed and the offending one. */
  faultOffset = 0;
  private readonly input: ReceiveBuffer;
  private readonly settings: ReaderSettings;
  /** What the second byte of the peer's frames must have. */
  private readonly maskBit: number;
  /** Payload up to which a message in one frame needs no further look; -1 when none may. */
  private readonly shortBytesMax: number;
  /** Null where no compression was agreed. */
  private inflater: MessageInflater | null = null;
  private readonly header: FrameHeader = {
    bits: 0,
    payloadBytes: 0,
    isMasked: false,
    maskingKey: 0,
  };
  /** Payload of the data frame under way that has not been read. */
  private payloadLeft = 0;
  private payloadBytes = 0;
  private maskingKey = 0;
  private isFinal = false;
  /** Opcode of the message under way. */
  private opcode: number = NONE;
  private isCompressed = false;
  private fragments = 0;
  private messageBytes = 0;
  private isInflating = false;
  private endIsDue = false;
  private readonly assembler = new MessageAssembler();
  private readonly validator: Utf8Validator;

  constructor(input: ReceiveBuffer, settings: ReaderSettings) {
    this.input = input;
    this.settings = settings;
    this.validator = new Utf8Validator(settings.isUtf8);
    this.maskBit = settings.peerMasks ? MASK_BIT : 0;
    const { frameBytesMax, messageBytesMax } = settings.limits;
    this.shortBytesMax = settings.inPieces
      ? -1
      : Math.min(SHORT_PAYLOAD_BYTES_MAX, frameBytesMax, messageBytesMax);
  }

  /** Reads another connection's input from now on. */
  begin(inflater: MessageInflater | null): void {
    this.inflater = inflater;
  }

  /** A message has begun and not ended. */
  get isInMessage(): boolean {
    return this.opcode !== NONE;
  }

  /** {@link FrameContext} */
  get mayCompress(): boolean {
    return this.inflater !== null;
  }

  /** {@link FrameContext} */
  get peerMasks(): boolean {
    return this.settings.peerMasks;
  }

  /** Reads as far as the next thing to report. */
  next(): ReadStep {
    if (this.opcode === NONE) return this.nextShort() ?? this.nextFrame();
    if (this.payloadLeft > 0) return this.nextPayload();
    if (this.isInflating) return this.nextInflated();
    if (this.endIsDue) return this.reportEnd();
    return this.nextFrame();
  }

  /** Gives up what is under way. */
  stop(): void {
    this.payloadLeft = 0;
    this.isInflating = false;
    this.endIsDue = false;
    this.endMessage();
    this.inflater = null;
  }

  /** The way of most messages: short, in one frame, all of it here, not compressed. Null for any other. */
  private nextShort(): ReadStep {
    const { input, maskBit } = this;
    const { bytes, start } = input;
    const available = input.end - start;
    if (available < 2) return null;
    const byteCount = bytes[start + 1]! - maskBit;
    const headerBytes = maskBit === 0 ? 2 : 6;
    const isHere = byteCount >= 0 && byteCount + headerBytes <= available;
    if (!isHere || byteCount > this.shortBytesMax) return null;
    const bits = bytes[start]!;
    if (bits !== WHOLE_TEXT && bits !== WHOLE_BINARY) return null;
    const from = start + headerBytes;
    if (maskBit !== 0)
      this.settings.masker.mask(bytes, from, from + byteCount, keyAt(bytes, start + 2), 0);
    const step =
      bits === WHOLE_TEXT
        ? this.wholeText(bytes, from, byteCount, headerBytes)
        : binary(bytes, from, byteCount);
    if (typeof step !== 'string') input.consume(headerBytes + byteCount);
    return step;
  }

  private nextFrame(): ReadStep {
    const { input, header } = this;
    const { bytes, start, end } = input;
    const headerBytes = parseFrameHeader(bytes, start, end, header);
    if (headerBytes <= 0) return this.nextIncomplete(headerBytes);
    const fault = frameFault(header.bits, header.isMasked, header.payloadBytes, this);
    if (fault !== null) return this.fail(fault, 0);
    const opcode = header.bits & OPCODE_BITS;
    if (isControl(opcode)) return this.nextControl(opcode, headerBytes);
    const isWhole = opcode !== OPCODE.continuation && (header.bits & (FIN | RSV1)) === FIN;
    const isHere = isWhole && end - start - headerBytes >= header.payloadBytes;
    if (isHere && !this.settings.inPieces) return this.nextWhole(opcode, headerBytes);
    return this.beginFrame(opcode, headerBytes);
  }

  /** The way of most messages: in one frame, all of it here, and not compressed. */
  private nextWhole(opcode: number, headerBytes: number): ReadStep {
    const { input, header } = this;
    const { limits } = this.settings;
    const { payloadBytes } = header;
    if (payloadBytes > limits.frameBytesMax) return this.fail('WS_FRAME_TOO_LARGE', 0);
    if (payloadBytes > limits.messageBytesMax) return this.fail('WS_MESSAGE_TOO_LARGE', 0);
    const { bytes } = input;
    const from = input.start + headerBytes;
    if (header.isMasked)
      this.settings.masker.mask(bytes, from, from + payloadBytes, header.maskingKey, 0);
    const step =
      opcode === OPCODE.text
        ? this.wholeText(bytes, from, payloadBytes, headerBytes)
        : binary(bytes, from, payloadBytes);
    if (typeof step !== 'string') input.consume(headerBytes + payloadBytes);
    return step;
  }

  /** The header has a fault of its own, or bytes are missing; what there is may be wrong already. */
  private nextIncomplete(result: number): ReadStep {
    const { bytes, start, end } = this.input;
    if (result === LENGTH_TOO_LARGE) return this.fail('WS_LENGTH_TOO_LARGE', 1);
    if (result !== HEADER_INCOMPLETE) return this.fail('WS_LENGTH_NOT_MINIMAL', 1);
    if (start === end) return NEED_DATA;
    const bits = bytes[start]!;
    const second = start + 1 < end ? bytes[start + 1]! : -1;
    const isMasked = second < 0 ? this.settings.peerMasks : second > 0x7f;
    const fault = frameFault(bits, isMasked, second < 0 ? 0 : second & 0x7f, this);
    return fault === null ? NEED_DATA : this.fail(fault, 0);
  }

  private nextControl(opcode: number, headerBytes: number): ReadStep {
    const { input, header } = this;
    const { payloadBytes } = header;
    if (input.length < headerBytes + payloadBytes) return NEED_DATA;
    const from = input.start + headerBytes;
    const payload = payloadBytes === 0 ? NO_BYTES : input.bytes.slice(from, from + payloadBytes);
    if (header.isMasked) this.settings.masker.mask(payload, 0, payloadBytes, header.maskingKey, 0);
    input.consume(headerBytes + payloadBytes);
    return { type: 'control', opcode, payload };
  }

  private beginFrame(opcode: number, headerBytes: number): ReadStep {
    const { input, header, settings } = this;
    const { limits } = settings;
    const { payloadBytes } = header;
    const isFirst = opcode !== OPCODE.continuation;
    if (payloadBytes > limits.frameBytesMax) return this.fail('WS_FRAME_TOO_LARGE', 0);
    if (isFirst) this.isCompressed = (header.bits & RSV1) !== 0;
    if (!this.isCompressed && this.messageBytes + payloadBytes > limits.messageBytesMax) {
      return this.fail('WS_MESSAGE_TOO_LARGE', 0);
    }
    if (this.fragments >= limits.fragmentsMax) return this.fail('WS_TOO_MANY_FRAGMENTS', 0);
    this.fragments++;
    if (isFirst) this.opcode = opcode;
    if (!this.isCompressed) this.messageBytes += payloadBytes;
    this.isFinal = (header.bits & FIN) !== 0;
    this.payloadBytes = payloadBytes;
    this.payloadLeft = payloadBytes;
    this.maskingKey = header.maskingKey;
    input.consume(headerBytes);
    const begun = isFirst && settings.inPieces ? this.begun() : null;
    if (payloadBytes > 0) return begun ?? this.nextPayload();
    // Nothing will come for it: this is where it ends.
    const step = this.payload(NO_BYTES, this.isFinal);
    return begun !== null && step === null ? begun : step;
  }

  private begun(): MessageEvent {
    const { isCompressed, isFinal, payloadBytes } = this;
    const kind = this.opcode === OPCODE.text ? 'text' : 'binary';
    const byteCount = isFinal && !isCompressed ? payloadBytes : -1;
    return { type: 'message', kind, isCompressed, byteCount };
  }

  private nextPayload(): ReadStep {
    const { input, payloadLeft } = this;
    const { bytes, start } = input;
    const available = Math.min(input.length, payloadLeft);
    if (available === 0) return NEED_DATA;
    if (this.settings.peerMasks) {
      const phase = (this.payloadBytes - payloadLeft) & 3;
      this.settings.masker.mask(bytes, start, start + available, this.maskingKey, phase);
    }
    const piece = new Uint8Array(bytes.buffer, bytes.byteOffset + start, available);
    input.consume(available);
    this.payloadLeft = payloadLeft - available;
    return this.payload(piece, this.isFinal && available === payloadLeft);
  }

  /** Payload, unmasked: the next piece of the message, or its last. */
  private payload(piece: Uint8Array, isLast: boolean): ReadStep {
    if (!this.isCompressed) return this.content(piece, isLast);
    this.inflater!.push(piece, isLast);
    this.isInflating = true;
    return this.settings.inPieces ? null : this.nextInflated();
  }

  private nextInflated(): ReadStep {
    const { limits } = this.settings;
    const piece = this.inflater!.next();
    if (piece === 'invalid') return this.fail('WS_INVALID_DEFLATE', 0);
    if (piece === null) {
      this.isInflating = false;
      const isLast = this.isFinal && this.payloadLeft === 0;
      return isLast ? this.content(NO_BYTES, true) : null;
    }
    this.messageBytes += piece.length;
    if (this.messageBytes > limits.messageBytesMax) return this.fail('WS_MESSAGE_TOO_LARGE', 0);
    return this.content(piece, false);
  }

  /** Content: what the message says, after inflation. */
  private content(piece: Uint8Array, isLast: boolean): ReadStep {
    const isText = this.opcode === OPCODE.text;
    if (this.settings.inPieces) return this.pieceOf(piece, isLast, isText);
    const { assembler, validator } = this;
    if (isLast && assembler.isEmpty) return this.whole(piece, isText);
    if (isText && !validator.push(piece)) return this.invalidText(piece);
    assembler.add(piece);
    if (!isLast) return null;
    if (isText && !validator.isComplete) return this.fail('WS_INVALID_UTF8', 0);
    return this.whole(assembler.take(), isText);
  }

  private pieceOf(piece: Uint8Array, isLast: boolean, isText: boolean): ReadStep {
    const { validator } = this;
    if (isText && !validator.push(piece)) return this.invalidText(piece);
    if (isLast && isText && !validator.isComplete) return this.fail('WS_INVALID_UTF8', 0);
    this.endIsDue = isLast;
    return piece.length === 0 ? null : { type: 'data', data: piece };
  }

  private whole(data: Uint8Array, isText: boolean): ReadStep {
    const consumed = this.isCompressed ? 0 : -data.length;
    const event = isText
      ? this.wholeText(data, 0, data.length, consumed)
      : { type: 'binary' as const, data };
    if (typeof event !== 'string') this.endMessage();
    return event;
  }

  /** A text message in one piece, whose first byte is `offset` behind what has been consumed. */
  private wholeText(
    bytes: Uint8Array,
    start: number,
    byteCount: number,
    offset: number,
  ): TextEvent | WebSocketFaultCode {
    const end = start + byteCount;
    const text = decodeUtf8(bytes, start, end);
    if (text !== null) return { type: 'text', text };
    const result = validateUtf8(bytes, start, end, UTF8_BOUNDARY);
    const wrongAt = result < 0 ? ~result : end;
    return this.fail('WS_INVALID_UTF8', this.isCompressed ? 0 : offset + wrongAt - start);
  }

  private reportEnd(): EndEvent {
    this.endIsDue = false;
    this.endMessage();
    return END;
  }

  private endMessage(): void {
    this.opcode = NONE;
    this.isCompressed = false;
    this.fragments = 0;
    this.messageBytes = 0;
    this.assembler.clear();
    this.validator.reset();
  }

  /** The offending byte lies in the piece that was consumed just now; compressed text has no such place. */
  private invalidText(piece: Uint8Array): WebSocketFaultCode {
    const { invalidAt } = this.validator;
    return this.fail('WS_INVALID_UTF8', this.isCompressed ? 0 : invalidAt - piece.length);
  }

  private fail(code: WebSocketFaultCode, offset: number): WebSocketFaultCode {
    this.faultOffset = offset;
    return code;
  }
}

function binary(bytes: Uint8Array, start: number, byteCount: number): BinaryEvent {
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + start, byteCount);
  return { type: 'binary', data };
}

/** A masking key, its first byte uppermost. */
function keyAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
