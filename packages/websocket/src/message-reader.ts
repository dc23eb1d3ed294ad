// Frames in, messages out (RFC 6455 sections 5.4 and 6.2). Payload is unmasked, inflated and
// validated as it arrives, so that a fault in the middle of a frame is seen before its end, and a
// message of any size needs no memory when its pieces are wanted.
import { NEED_DATA } from './bytes/connection.ts';
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import type { MessageInflater } from './compression.ts';
import type { EndEvent, MessageEvent } from './events.ts';
import type { WebSocketFaultCode } from './faults.ts';
import {
  FIN,
  type FrameHeader,
  HEADER_INCOMPLETE,
  LENGTH_TOO_LARGE,
  OPCODE_BITS,
  parseFrameHeader,
  RSV1,
  readUint32,
  SHORT_PAYLOAD_BYTES_MAX,
} from './frame-header.ts';
import { type FrameContext, frameFault } from './frame-rules.ts';
import type { Masker } from './masker.ts';
import { invalidUtf8At, MessageContent, wholeMessage } from './message-content.ts';
import { isControl, OPCODE } from './opcode.ts';
import type { ReadStep } from './read-step.ts';
import type { WebSocketSettings } from './settings.ts';

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
  private readonly settings: WebSocketSettings;
  private readonly masker: Masker;
  /** Of the second byte of the peer's frames. */
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
  /** A fault that is reported behind the content before it. */
  private faultDue: WebSocketFaultCode | null = null;
  /** Where the data frame under way began, in the connection's input. */
  private frameAt = 0;
  private readonly message: MessageContent;

  constructor(input: ReceiveBuffer, settings: WebSocketSettings) {
    this.input = input;
    this.settings = settings;
    this.masker = settings.masker;
    this.message = new MessageContent(settings.inPieces, settings.isUtf8);
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
    if (this.faultDue !== null) return this.fail(this.faultDue, this.faultOffset);
    if (this.isInflating) return this.nextInflated();
    if (this.payloadLeft > 0) return this.nextPayload();
    if (this.endIsDue) return this.reportEnd();
    return this.nextFrame();
  }

  /** Gives up what is under way. */
  stop(): void {
    this.payloadLeft = 0;
    this.isInflating = false;
    this.faultDue = null;
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
    const key = maskBit === 0 ? 0 : readUint32(bytes, start + 2);
    return this.takeWhole(bits === WHOLE_TEXT, headerBytes, byteCount, key);
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
    if (isHere && !this.settings.inPieces)
      return this.nextWhole(opcode === OPCODE.text, headerBytes);
    return this.beginFrame(opcode, headerBytes);
  }

  /** As `nextShort`, of any length. */
  private nextWhole(isText: boolean, headerBytes: number): ReadStep {
    const { payloadBytes, maskingKey } = this.header;
    const { limits } = this.settings;
    if (payloadBytes > limits.frameBytesMax) return this.fail('WS_FRAME_TOO_LARGE', 0);
    if (payloadBytes > limits.messageBytesMax) return this.fail('WS_MESSAGE_TOO_LARGE', 0);
    return this.takeWhole(isText, headerBytes, payloadBytes, maskingKey);
  }

  /** A message in one frame that is all here. */
  private takeWhole(
    isText: boolean,
    headerBytes: number,
    byteCount: number,
    key: number,
  ): ReadStep {
    const { input } = this;
    const { bytes } = input;
    const from = input.start + headerBytes;
    if (this.maskBit !== 0) this.masker.mask(bytes, from, from + byteCount, key, 0);
    const event = wholeMessage(bytes, from, byteCount, isText);
    if (event === null) {
      return this.fail('WS_INVALID_UTF8', headerBytes + invalidUtf8At(bytes, from, byteCount));
    }
    input.consume(headerBytes + byteCount);
    return event;
  }

  /** The header has a fault of its own, or bytes are missing; what there is may be wrong already. */
  private nextIncomplete(result: number): ReadStep {
    const { bytes, start, end } = this.input;
    if (start === end) return NEED_DATA;
    const second = start + 1 < end ? bytes[start + 1]! : -1;
    const isMasked = second < 0 ? this.settings.peerMasks : second > 0x7f;
    const fault = frameFault(bytes[start]!, isMasked, second < 0 ? 0 : second & 0x7f, this);
    if (fault !== null) return this.fail(fault, 0);
    if (result === LENGTH_TOO_LARGE) return this.fail('WS_LENGTH_TOO_LARGE', 1);
    return result === HEADER_INCOMPLETE ? NEED_DATA : this.fail('WS_LENGTH_NOT_MINIMAL', 1);
  }

  private nextControl(opcode: number, headerBytes: number): ReadStep {
    const { input, header } = this;
    const { payloadBytes } = header;
    if (input.length < headerBytes + payloadBytes) return NEED_DATA;
    const from = input.start + headerBytes;
    const payload = new Uint8Array(input.bytes.subarray(from, from + payloadBytes));
    if (header.isMasked) this.masker.mask(payload, 0, payloadBytes, header.maskingKey, 0);
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
    this.frameAt = input.consumedBytes;
    input.consume(headerBytes);
    const begun = isFirst && settings.inPieces ? this.begun() : null;
    if (payloadBytes > 0) return begun ?? this.nextPayload();
    // Nothing will come for it: this is where it ends.
    const step = this.payload(NO_BYTES, this.isFinal);
    return begun ?? step;
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
      this.masker.mask(bytes, start, start + available, this.maskingKey, phase);
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
    const { inflater, settings } = this;
    const isLast = this.isFinal && this.payloadLeft === 0;
    // All that there is room for, and a byte to tell that there is more.
    const roomBytes = settings.limits.messageBytesMax - this.messageBytes;
    const bytesMax = settings.inPieces ? undefined : roomBytes + 1;
    let piece = inflater!.next(bytesMax);
    while (piece !== null) {
      if (piece === 'invalid') return this.fail('WS_INVALID_DEFLATE', this.frameOffset);
      const room = settings.limits.messageBytesMax - this.messageBytes;
      if (piece.length > room) return this.overflow(piece.subarray(0, room));
      this.messageBytes += piece.length;
      if (settings.inPieces) return this.content(piece, false);
      const following = inflater!.next(bytesMax);
      // The last piece is known as such, so that a message of one piece is looked at once.
      const isEnd = following === null && isLast;
      if (isEnd) this.isInflating = false;
      const step = this.content(piece, isEnd);
      if (step !== null || isEnd) return step;
      piece = following;
    }
    this.isInflating = false;
    return isLast ? this.content(NO_BYTES, true) : null;
  }

  /** Of an inflated message that is too large, what is within the limit; the fault comes behind it. */
  private overflow(piece: Uint8Array): ReadStep {
    const step = this.content(piece, false);
    if (typeof step !== 'string')
      this.faultDue ??= this.fail('WS_MESSAGE_TOO_LARGE', this.frameOffset);
    return step;
  }

  /** Content: what the message says, after inflation. */
  private content(piece: Uint8Array, isLast: boolean): ReadStep {
    const step = this.message.add(piece, isLast, this.opcode === OPCODE.text);
    if (step === 'invalid') return this.invalidText(piece);
    if (this.settings.inPieces) this.endIsDue = isLast;
    else if (isLast) this.endMessage();
    return step;
  }

  /** Text in a piece that was consumed just now is wrong; what is before that is still reported in pieces. */
  private invalidText(piece: Uint8Array): ReadStep {
    const { invalidAt } = this.message;
    // Inflated text has no place in the input.
    const offset = this.isCompressed ? this.frameOffset : invalidAt - piece.length;
    const fault = this.fail('WS_INVALID_UTF8', offset);
    if (!this.settings.inPieces || invalidAt === 0) return fault;
    this.faultDue = fault;
    return { type: 'data', data: piece.subarray(0, invalidAt) };
  }

  /** Where the data frame under way began, from what has been consumed. */
  private get frameOffset(): number {
    return this.frameAt - this.input.consumedBytes;
  }

  private reportEnd(): EndEvent {
    this.endMessage();
    return END;
  }

  private endMessage(): void {
    this.opcode = NONE;
    this.endIsDue = false;
    this.isCompressed = false;
    this.fragments = 0;
    this.messageBytes = 0;
    this.message.clear();
  }

  private fail(code: WebSocketFaultCode, offset: number): WebSocketFaultCode {
    this.faultOffset = offset;
    return code;
  }
}
