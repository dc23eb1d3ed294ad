// The sending side of an open WebSocket, and what there is to know of it.
import { isUtf8 } from 'node:buffer';
import {
  CLOSE_CODE,
  type ClientWebSocket,
  type ClosedEvent,
  type DeflateParameters,
  type FailedEvent,
  LocalProtocolError,
  type MessageKind,
  type PreparedMessage,
  type RoundTrip,
  type ServerWebSocket,
  serializeClosePayload,
  type WebSocketFaultCode,
} from '@holdline/websocket';
import type { Instant } from '../bytes/connection.ts';
import type { Clock } from '../clock.ts';
import type { Driver } from '../driver.ts';
import type { RemoteEnd } from '../http-connection.ts';
import { ConnectionPromises } from './connection-promises.ts';
import type { ContextHolder, ContextKeeper } from './context-keeper.ts';
import { type DueClose, MessageOutbox, type OutboxOwner } from './message-outbox.ts';
import type { SendBatch } from './send-batch.ts';
import type {
  MessageOptions,
  StreamOptions,
  StreamSource,
  WebSocketConnection,
  WebSocketHandlers,
} from './websocket-connection.ts';
import { WebSocketMessageError } from './websocket-errors.ts';

/** What all connections of a server or client share. */
export interface WebSocketHost {
  readonly clock: Clock;
  readonly handlers: WebSocketHandlers;
  /** Messages come in pieces. */
  readonly inPieces: boolean;
  /** Null where nothing is compressed. */
  readonly contexts: ContextKeeper | null;
  readonly batch: SendBatch;
  /** It is over. */
  ended(connection: WebSocketConnection): void;
  /** The program, or this library, threw. */
  fault(error: unknown, connection: WebSocketConnection): void;
}

/** What the opening handshake has agreed on. */
export interface Agreement {
  readonly subprotocol: string | null;
  readonly deflate: DeflateParameters | null;
}

/** Output from which on `send` advises to wait, and below which it goes on. */
const OUTPUT_BYTES_HIGH = 65_536;
const INTERNAL_ERROR = 1011;
const NO_BYTES: Uint8Array = new Uint8Array(0);
const encoder = new TextEncoder();

/** What an {@link OpenWebSocket} is beside what it does with what it receives. */
export abstract class SendingWebSocket implements OutboxOwner, ContextHolder {
  /** The machine. */
  readonly connection: ServerWebSocket | ClientWebSocket;
  /** {@link WebSocketConnection} */
  data: unknown = undefined;
  /** {@link WebSocketConnection} */
  closedEvent: ClosedEvent | null = null;
  /** {@link WebSocketConnection} */
  failure: FailedEvent<WebSocketFaultCode> | null = null;
  /** {@link ContextHolder} */
  contextBytes = 0;
  /** {@link ContextHolder} */
  contextTurn = 0;
  protected readonly host: WebSocketHost;
  protected readonly driver: Driver;
  private readonly remote: RemoteEnd;
  private readonly agreement: Agreement;
  /** Null unless a message is being sent in pieces. */
  protected outbox: MessageOutbox | null = null;
  protected promises: ConnectionPromises | null = null;

  constructor(
    host: WebSocketHost,
    machine: ServerWebSocket | ClientWebSocket,
    driver: Driver,
    remote: RemoteEnd,
    agreement: Agreement,
  ) {
    this.host = host;
    this.connection = machine;
    this.driver = driver;
    this.remote = remote;
    this.agreement = agreement;
  }

  /** {@link WebSocketConnection} */
  abstract abort(): void;
  /** Queues the Close frame. */
  protected abstract closeNow(code?: number, reason?: string): void;
  /** Something is done that the answer to the peer's Close frame may have waited for. */
  abstract workDone(): void;

  /** {@link WebSocketConnection} */
  get subprotocol(): string | null {
    return this.agreement.subprotocol;
  }

  /** {@link WebSocketConnection} */
  get deflate(): DeflateParameters | null {
    return this.agreement.deflate;
  }

  /** {@link WebSocketConnection} */
  get remoteAddress(): string {
    return this.remote.remoteAddress ?? '';
  }

  /** {@link WebSocketConnection} */
  get remotePort(): number {
    return this.remote.remotePort ?? 0;
  }

  /** {@link WebSocketConnection} */
  get isOpen(): boolean {
    return this.connection.isOpen && this.mayAdd;
  }

  /** {@link WebSocketConnection} */
  get bufferedBytes(): number {
    return this.connection.outputBytes + (this.outbox?.waitingBytes ?? 0);
  }

  /** {@link WebSocketConnection} */
  get bytesReceived(): number {
    return this.driver.bytesReceived;
  }

  /** {@link WebSocketConnection} */
  get bytesSent(): number {
    return this.driver.bytesSent;
  }

  /** {@link WebSocketConnection} */
  get roundTrip(): RoundTrip | null {
    return this.connection.roundTrip;
  }

  /** {@link WebSocketConnection} */
  get closed(): Promise<ClosedEvent> {
    return this.closedEvent === null ? this.promised.closed : Promise.resolve(this.closedEvent);
  }

  /** {@link OutboxOwner} */
  get hasRoom(): boolean {
    return this.bufferedBytes < OUTPUT_BYTES_HIGH;
  }

  /** {@link WebSocketConnection} */
  send(message: string | Uint8Array, options?: MessageOptions): boolean {
    if (!this.mayAdd) return false;
    if (this.outbox === null) this.sendNow(message, options);
    else {
      requireMessage(message, options);
      this.queue(message, options);
    }
    return this.adviseRoom();
  }

  /** A message that was prepared for all connections of a server, in the place of one of its own. */
  sendPrepared(message: PreparedMessage): void {
    if (!this.isOpen) return;
    if (this.outbox !== null) {
      this.queue(message, undefined);
      return;
    }
    this.sendNow(message, undefined);
    // So that no connection is kept busy by one message for all of them.
    this.driver.wake();
  }

  /** {@link WebSocketConnection} */
  sendStream(kind: MessageKind, source: StreamSource, options: StreamOptions = {}): Promise<void> {
    if (options.byteCount !== undefined && !('declareMessage' in this.connection)) {
      // «MUST mask [...] the entire frame», RFC 6455 section 10.3: the whole of it would have to wait here.
      return Promise.reject(new TypeError('a client sends no frame before all of it is there'));
    }
    if (!this.mayAdd) return Promise.reject(this.endedError());
    this.outbox ??= new MessageOutbox(this, this.host.clock);
    return this.outbox.addStream(kind, source, options);
  }

  /** {@link WebSocketConnection} */
  drained(): Promise<void> {
    if (!this.maySend || this.hasRoom) return Promise.resolve();
    const { drained } = this.promised;
    this.driver.wantWritable(OUTPUT_BYTES_HIGH);
    return drained;
  }

  /** {@link WebSocketConnection} */
  ping(payload?: Uint8Array): Promise<number> {
    if (!this.isOpen) return Promise.reject(this.endedError());
    const { promised } = this;
    const sent = payload === undefined ? promised.nextPingPayload() : payload.slice();
    this.connection.ping(sent, this.now());
    const answered = promised.pong(sent);
    this.driver.wake();
    return answered;
  }

  /** {@link WebSocketConnection} */
  pong(payload: Uint8Array = NO_BYTES): void {
    if (!this.isOpen) return;
    this.connection.pong(payload, this.now());
    this.driver.wake();
  }

  /** As `close`, for whoever does not wait. What is being sent in pieces, and what waits behind that, goes first. */
  beginClose(code?: number, reason?: string): void {
    const { outbox, connection } = this;
    if (outbox === null || !this.maySend) {
      this.closeNow(code, reason);
      return;
    }
    serializeClosePayload(code ?? CLOSE_CODE.normal, reason ?? '');
    outbox.closeBehind({ code, reason }, connection.settings.timeouts.closingMs);
  }

  /** {@link OutboxOwner} */
  sendNow(
    message: string | Uint8Array | PreparedMessage,
    options: MessageOptions | undefined,
  ): void {
    if (!this.maySend) return;
    const { connection, host } = this;
    const now = this.now();
    if (typeof message === 'string') {
      if (options?.kind !== 'binary') connection.sendText(message, now, options);
      else connection.sendBinary(encoder.encode(message), now, options);
    } else if (!(message instanceof Uint8Array)) {
      (connection as ServerWebSocket).sendPrepared(message, now);
    } else if (options?.kind === 'text') connection.sendText(message, now, options);
    else connection.sendBinary(message, now, options);
    if (connection.deflater !== null) host.contexts?.sent(this);
    host.batch.add(this.driver);
  }

  /** {@link OutboxOwner} */
  beginStream(kind: MessageKind, { byteCount, ...options }: StreamOptions): void {
    if (!this.maySend) throw this.endedError();
    if (byteCount === undefined) this.connection.beginMessage(kind, this.now(), options);
    else (this.connection as ServerWebSocket).declareMessage(kind, byteCount, this.now());
  }

  /** {@link OutboxOwner} */
  sendPiece(piece: string | Uint8Array, isLast: boolean): void {
    if (!this.maySend) throw this.endedError();
    this.connection.sendPiece(piece, isLast, this.now());
    if (this.connection.deflater !== null) this.host.contexts?.sent(this);
    this.driver.wake();
  }

  /** {@link OutboxOwner} */
  sendDeclared(piece: Uint8Array): void {
    if (!this.maySend) throw this.endedError();
    (this.connection as ServerWebSocket).sendDeclared(piece, this.now());
    this.driver.wake();
  }

  /** {@link OutboxOwner} */
  failStream(isDeclared: boolean): void {
    // Within a frame there is no place for another.
    if (isDeclared) this.abort();
    else this.closeNow(INTERNAL_ERROR);
  }

  /** {@link OutboxOwner} */
  outboxEmpty(close: DueClose | null): void {
    this.outbox = null;
    if (close === null) this.workDone();
    else this.closeNow(close.code, close.reason);
  }

  /** {@link ContextHolder} */
  dropContext(): void {
    // Not within a message.
    if (this.outbox === null) this.connection.deflater?.reset();
  }

  /** {@link ContextHolder} */
  get heldContextBytes(): number {
    const { deflater, inflater } = this.connection;
    return (deflater?.contextBytes ?? 0) + (inflater?.contextBytes ?? 0);
  }

  /** What was accepted can still leave: in answer to what came before the peer's Close frame, or before our own. */
  protected get maySend(): boolean {
    return this.closedEvent === null && this.connection.maySend;
  }

  /** More can be sent: nobody here has closed. */
  private get mayAdd(): boolean {
    return this.maySend && this.outbox?.isClosing !== true;
  }

  protected get promised(): ConnectionPromises {
    this.promises ??= new ConnectionPromises();
    return this.promises;
  }

  protected now(): Instant {
    const { batch, clock } = this.host;
    return batch.delivering === this.driver ? batch.present : clock.now();
  }

  private queue(message: string | Uint8Array | PreparedMessage, options?: MessageOptions): void {
    this.outbox?.addMessage(message, options);
    const { outputBytesMax } = this.connection.settings.limits;
    // As the machine does it, which has no place for its Close frame here.
    if (this.bufferedBytes > outputBytesMax) this.abort();
  }

  private adviseRoom(): boolean {
    if (this.hasRoom) return this.isOpen;
    if (this.host.handlers.onDrained !== undefined) this.driver.wantWritable(OUTPUT_BYTES_HIGH);
    return false;
  }

  protected endedError(): WebSocketMessageError {
    const { closedEvent } = this;
    const what = closedEvent === null ? 'is closing' : `is over: ${closedEvent.observation}`;
    return new WebSocketMessageError('WEBSOCKET_ENDED', `the connection ${what}`, closedEvent);
  }
}

/** What would be thrown when nobody is there any more to catch it, as the machine does. */
function requireMessage(message: string | Uint8Array, options: MessageOptions | undefined): void {
  if (typeof message === 'string') return;
  if (!(message instanceof Uint8Array)) throw new TypeError('content must be a Uint8Array');
  if (options?.kind === 'text' && !isUtf8(message)) {
    throw new LocalProtocolError('WS_TEXT_NOT_UTF8', 'a text message must be UTF-8');
  }
}
