// A message for many connections of a server, whose frames are made once: a server does not mask
// (RFC 6455 section 5.1), so that they are the same for everybody.
import type { Compression } from './compression.ts';
import { LocalProtocolError } from './faults.ts';
import { FIN, frameHeaderBytes, RSV1, serializeFrameHeader } from './frame-header.ts';
import type { SendOptions } from './message-sender.ts';
import { type MessageKind, OPCODE } from './opcode.ts';
import type { WebSocketServerSettings } from './settings.ts';
import { UTF8_BOUNDARY, validateUtf8 } from './utf8.ts';

/** No frame is masked. */
const NO_KEY = -1;
const encoder = /* @__PURE__ */ new TextEncoder();

/** Made by {@link prepareMessage}, for any number of connections with the same settings. */
export class PreparedMessage {
  /** How it is received. */
  readonly kind: MessageKind;
  /** Its content, before compression; read-only. */
  readonly payload: Uint8Array;
  private readonly compression: Compression | null;
  private plain: Uint8Array | null = null;
  /** By the binary logarithm of the window; made when the first connection needs it. */
  private compressed: Map<number, Uint8Array> | null = null;

  /** `compression` is null for a message that is sent as it is. */
  constructor(kind: MessageKind, payload: Uint8Array, compression: Compression | null) {
    this.kind = kind;
    this.payload = payload;
    this.compression = compression;
  }

  /** It is compressed for connections that have agreed on compression (RFC 7692 section 6). */
  get isCompressible(): boolean {
    return this.compression !== null;
  }

  /** The frame as it is, whole and read-only. */
  frame(): Uint8Array {
    this.plain ??= wholeFrame(FIN | OPCODE[this.kind], this.payload);
    return this.plain;
  }

  /**
   * The frame with the content compressed, from an empty window of 2^`windowBits` bytes (8-15), whole
   * and read-only; where nothing is to be compressed, as it is. A connection that takes its window
   * over must begin a new one behind it.
   */
  compressedFrame(windowBits: number): Uint8Array {
    if (this.compression === null) return this.frame();
    this.compressed ??= new Map();
    let frame = this.compressed.get(windowBits);
    if (frame === undefined) {
      const context = { windowBits, contextTakeover: false };
      const data = this.compression.createDeflater(context).deflate(this.payload, true);
      frame = wholeFrame(FIN | RSV1 | OPCODE[this.kind], data);
      this.compressed.set(windowBits, frame);
    }
    return frame;
  }
}

/**
 * Prepares a message for the connections of a server. `content` is read now or later, and must not
 * change. It is compressed, where that was agreed, by the rules of `sendText` and `sendBinary`.
 * Throws LocalProtocolError for a text in bytes that are not UTF-8.
 */
export function prepareMessage(
  settings: WebSocketServerSettings,
  kind: MessageKind,
  content: string | Uint8Array,
  options?: SendOptions,
): PreparedMessage {
  const payload = typeof content === 'string' ? encoder.encode(content) : content;
  const isChecked = typeof content === 'string' || kind === 'binary';
  if (!isChecked && validateUtf8(payload, 0, payload.length, UTF8_BOUNDARY) !== UTF8_BOUNDARY) {
    throw new LocalProtocolError('WS_TEXT_NOT_UTF8', 'a text message must be UTF-8');
  }
  const compresses = options?.compress ?? content.length >= settings.compressBytesMin;
  return new PreparedMessage(kind, payload, compresses ? settings.compression : null);
}

function wholeFrame(bits: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(frameHeaderBytes(payload.length, false) + payload.length);
  const payloadAt = serializeFrameHeader(frame, 0, bits, payload.length, NO_KEY);
  frame.set(payload, payloadAt);
  return frame;
}
