// The class `WebSocket` of the package `ws`, in either role, on the connections of this library.
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { CLOSE_CODE, isWireCloseCode, REASON_BYTES_MAX } from '@holdline/websocket';
import { SendQueue } from '../send-queue.ts';
import { ClientOpening, type Opened } from './client-opening.ts';
import { connectionError } from './connection-error.ts';
import { DomTarget } from './dom-target.ts';
import { Line, type LineOwner } from './line.ts';
import { binaryData, joined } from './message-parts.ts';
import { CLOSED, CLOSING, CONNECTING, notOpen, OPEN, type ReadyState } from './ready-state.ts';
import { byteCountOf, controlPayload, sendable } from './sendable.ts';
import type {
  BinaryType,
  BufferLike,
  ClientOptions,
  RawData,
  SendOptions,
  SentCallback,
  ServerOptions,
} from './websocket-options.ts';
import { WebSocketServer } from './websocket-server.ts';
import { createWebSocketStream } from './websocket-stream.ts';

const ABNORMAL_CLOSURE = CLOSE_CODE.abnormalClosure;
const TOO_EARLY = 'WebSocket was closed before the connection was established';

/** A client's connection, or one of a `WebSocketServer`. */
export class WebSocket extends DomTarget {
  /** The opening handshake is under way. */
  static readonly CONNECTING: typeof CONNECTING = CONNECTING;
  /** Messages may be sent. */
  static readonly OPEN: typeof OPEN = OPEN;
  /** The connection is about to end. */
  static readonly CLOSING: typeof CLOSING = CLOSING;
  /** It is over. */
  static readonly CLOSED: typeof CLOSED = CLOSED;

  /** The class of servers, as `WebSocket.Server`. */
  static get Server(): typeof WebSocketServer {
    return WebSocketServer;
  }

  /** The same under its other name. */
  static get WebSocketServer(): typeof WebSocketServer {
    return WebSocketServer;
  }

  /** This class, as `require('ws').WebSocket`. */
  static get WebSocket(): typeof WebSocket {
    return WebSocket;
  }

  /** The function of that name. */
  static get createWebSocketStream(): typeof createWebSocketStream {
    return createWebSocketStream;
  }

  #state: ReadyState = CONNECTING;
  #url = '';
  #protocol = '';
  #extensions = '';
  #binaryType: BinaryType = 'nodebuffer';
  #isPaused = false;
  #wasClean = false;
  /** Bytes that were to be sent when it was too late. */
  #missedBytes = 0;
  #opening: ClientOpening | null = null;
  #line: Line | null = null;
  #queue: SendQueue | null = null;

  /**
   * Connects to a `ws:`, `wss:`, `http:`, `https:` or `ws+unix:` URL. Throws SyntaxError for a URL or a
   * subprotocol that is not valid, RangeError for another `protocolVersion` than 13. The address null
   * is a server's.
   */
  constructor(
    address: string | URL | null,
    protocols?: string | readonly string[] | ClientOptions | null,
    options?: ClientOptions | ServerOptions,
  ) {
    super();
    if (address === null) return;
    const isList = typeof protocols === 'string' || Array.isArray(protocols);
    const given = (isList ? options : (protocols ?? options)) as ClientOptions | undefined;
    const wanted = isList ? (protocols as string | readonly string[]) : given?.protocols;
    this.#opening = new ClientOpening(address, wanted, given ?? {}, {
      websocket: this,
      movedTo: (url) => {
        this.#url = url;
      },
      opened: (opened) => this.takeOver(opened),
      failed: (error) => this.#neverOpened(error),
    });
    this.#opening.start();
  }

  /** The opening handshake is under way. */
  get CONNECTING(): typeof CONNECTING {
    return CONNECTING;
  }

  /** Messages may be sent. */
  get OPEN(): typeof OPEN {
    return OPEN;
  }

  /** The connection is about to end. */
  get CLOSING(): typeof CLOSING {
    return CLOSING;
  }

  /** It is over. */
  get CLOSED(): typeof CLOSED {
    return CLOSED;
  }

  /** What binary messages are given as; `nodebuffer`. Other values than those of the type change nothing. */
  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    const isKnown = ['nodebuffer', 'arraybuffer', 'blob', 'fragments'].includes(type);
    if (isKnown) this.#binaryType = type;
  }

  /** Bytes that were sent and that the kernel has not taken, and those that came too late to be sent. */
  get bufferedAmount(): number {
    const waitingBytes = (this.#line?.bufferedBytes ?? 0) + (this.#queue?.waitingBytes ?? 0);
    return waitingBytes + this.#missedBytes;
  }

  /** `permessage-deflate`, or nothing. */
  get extensions(): string {
    return this.#extensions;
  }

  /** After `pause` and before `resume`. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The subprotocol in use, or nothing. */
  get protocol(): string {
    return this.#protocol;
  }

  /** One of the four constants. */
  get readyState(): ReadyState {
    return this.#state;
  }

  /** Of a client, normalised; nothing for a server's. */
  get url(): string {
    return this.#url;
  }

  /** Both Close frames were exchanged. */
  override get wasClean(): boolean {
    return this.#wasClean;
  }

  /** The socket, to be asked for addresses; null before the connection is open. It is not to be read, written or ended. */
  get _socket(): Duplex | null {
    return this.#line?.socket ?? null;
  }

  /**
   * Sends a message, or a part of one where `fin` is false. Throws Error while connecting, and
   * LocalProtocolError for text in bytes that are not UTF-8. Too late, it goes nowhere, and the callback
   * is told so.
   */
  send(
    data: BufferLike | null | undefined,
    options?: SendOptions | SentCallback,
    callback?: SentCallback,
  ): void {
    if (this.#state === CONNECTING) throw notOpen(CONNECTING);
    const given = typeof options === 'function' ? {} : options;
    const done = typeof options === 'function' ? options : callback;
    const content = sendable(data);
    const { binary = typeof content !== 'string', compress = true, fin = true } = given ?? {};
    const send = (ready: string | Uint8Array): void => {
      const piece = { content: ready, isBinary: binary, compresses: compress, isLast: fin };
      this.#attempt((line) => line.send(piece, done), done);
    };
    if (this.#state !== OPEN) this.#miss(byteCountOf(content), done);
    else if (content instanceof Blob) this.#queueMade.runBlob(content, send);
    else this.#inTurn(() => send(content));
  }

  /** Sends a ping of at most 125 bytes. Throws Error while connecting, RangeError for more bytes. */
  ping(
    data?: BufferLike | SentCallback | null,
    mask?: boolean | SentCallback,
    callback?: SentCallback,
  ): void {
    this.#sendControl('ping', data, mask, callback);
  }

  /** Sends a pong that nobody has asked for; the machine answers pings itself. Throws as `ping` does. */
  pong(
    data?: BufferLike | SentCallback | null,
    mask?: boolean | SentCallback,
    callback?: SentCallback,
  ): void {
    this.#sendControl('pong', data, mask, callback);
  }

  /**
   * Begins the closing handshake behind what was sent; without a code the Close frame has none. Throws
   * TypeError for a code that may not be sent, RangeError for a reason of more than 123 bytes.
   */
  close(code?: number, reason: string | Uint8Array = ''): void {
    if (this.#state === CONNECTING) this.#abortOpening();
    if (this.#state !== OPEN) return;
    const text = typeof reason === 'string' ? reason : Buffer.from(reason).toString();
    if (code !== undefined) checkClose(code, text);
    this.#state = CLOSING;
    this.#inTurn(() => this.#line?.beginClose(code, code === undefined ? '' : text));
  }

  /** Cuts the connection. */
  terminate(): void {
    if (this.#state === CONNECTING) this.#abortOpening();
    if (this.#state === CLOSED) return;
    this.#state = CLOSING;
    this.#line?.terminate();
  }

  /** Messages wait, at last with the peer, until `resume`; a ping is not answered meanwhile. */
  pause(): void {
    if (this.#state === CONNECTING || this.#state === CLOSED) return;
    this.#isPaused = true;
    this.#line?.hold();
  }

  /** Goes on. */
  resume(): void {
    if (this.#state === CONNECTING || this.#state === CLOSED) return;
    this.#isPaused = false;
    process.nextTick(() => {
      if (!this.#isPaused) this.#line?.resume();
    });
  }

  /** From this library: the opening handshake is over. */
  takeOver({ socket, machine, protocol, extensions }: Opened): void {
    this.#opening = null;
    this.#protocol = protocol;
    this.#extensions = extensions;
    this.#line = new Line(socket, machine, this.#reports());
    this.#state = OPEN;
    this.#line.start();
    this.emit('open');
  }

  #reports(): LineOwner {
    return {
      messageCame: (parts, isBinary) => {
        const data = isBinary ? binaryData(parts, this.#binaryType) : joined(parts);
        // Whoever wants Blobs knows it.
        this.emit('message', data as RawData, isBinary);
      },
      pingCame: (payload) => this.emit('ping', payload),
      pongCame: (payload) => this.emit('pong', payload),
      closeCame: () => {
        this.#state = CLOSING;
      },
      peerFailed: (event) => {
        this.#state = CLOSING;
        this.emit('error', connectionError(event));
      },
      ended: ({ code, reason, wasClean }) => {
        this.#wasClean = wasClean;
        this.#endLater(code, reason);
      },
    };
  }

  #abortOpening(): void {
    this.#state = CLOSING;
    this.#opening?.abort(new Error(TOO_EARLY));
  }

  #neverOpened(error: Error): void {
    this.#state = CLOSING;
    this.#endLater(ABNORMAL_CLOSURE, '');
    this.emit('error', error);
  }

  /** Never from within a call of the program's. */
  #endLater(code: number, reason: string): void {
    this.#state = CLOSING;
    process.nextTick(() => {
      this.#state = CLOSED;
      this.emit('close', code, Buffer.from(reason));
    });
  }

  #sendControl(
    kind: 'ping' | 'pong',
    data: BufferLike | SentCallback | null | undefined,
    mask: boolean | SentCallback | undefined,
    callback: SentCallback | undefined,
  ): void {
    if (this.#state === CONNECTING) throw notOpen(CONNECTING);
    const done = [data, mask, callback].find((given) => typeof given === 'function');
    const payload = controlPayload(typeof data === 'function' ? null : data);
    if (this.#state !== OPEN) this.#miss(payload.length, done);
    else this.#inTurn(() => this.#attempt((line) => line.sendControl(kind, payload, done), done));
  }

  /** Does it behind the Blobs that are being read. */
  #inTurn(act: () => void): void {
    if (this.#queue === null) act();
    else this.#queue.run(act);
  }

  /** By the time that it is its turn, the peer may have closed. */
  #attempt(send: (line: Line) => void, callback: SentCallback | undefined): void {
    if (this.#line === null) return;
    if (this.#line.isOpen) send(this.#line);
    else this.#miss(0, callback);
  }

  #miss(byteCount: number, callback: SentCallback | undefined): void {
    this.#missedBytes += byteCount;
    if (callback !== undefined) process.nextTick(callback, notOpen(this.#state));
  }

  get #queueMade(): SendQueue {
    this.#queue ??= new SendQueue((error) => this.emit('error', error));
    return this.#queue;
  }
}

function checkClose(code: number, reason: string): void {
  if (!isWireCloseCode(code)) {
    throw new TypeError('First argument must be a valid error code number');
  }
  if (Buffer.byteLength(reason) > REASON_BYTES_MAX) {
    throw new RangeError(`The message must not be greater than ${REASON_BYTES_MAX} bytes`);
  }
}
