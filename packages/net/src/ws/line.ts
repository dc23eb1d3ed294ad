// A connection that is open: its machine, its driver and the socket that it came on, behind what an
// object with the interface of `ws` needs of them.

import { Socket } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import {
  CLOSE_CODE,
  type ClientWebSocket,
  type ClosedEvent,
  type FailedEvent,
  type MessageKind,
  type ServerWebSocket,
  type WebSocketEvent,
  type WebSocketFaultCode,
} from '@holdline/websocket';
import { duplexTransport } from '../adapters/duplex.ts';
import { socketTransport } from '../adapters/socket.ts';
import type { StreamTransport } from '../adapters/stream.ts';
import { tlsSocketTransport } from '../adapters/tls-socket.ts';
import type { End, Instant } from '../bytes/connection.ts';
import { sharedClock } from '../clock.ts';
import { Driver } from '../driver.ts';
import type { EventSink } from '../event-sink.ts';
import type { ContextHolder } from '../websocket/context-keeper.ts';
import { lineContexts } from './line-settings.ts';
import { asBuffer, MessageParts } from './message-parts.ts';
import { SentCallbacks } from './sent-callbacks.ts';
import type { SentCallback } from './websocket-options.ts';

/** Who hears what comes. What its methods throw is thrown again where no connection suffers by it. */
export interface LineOwner {
  messageCame(parts: readonly Buffer[], isBinary: boolean): void;
  pingCame(payload: Buffer): void;
  pongCame(payload: Buffer): void;
  /** The peer has begun to close, or has agreed to. */
  closeCame(): void;
  peerFailed(event: FailedEvent<WebSocketFaultCode>): void;
  /** It is over; nothing comes behind this. */
  ended(event: ClosedEvent): void;
}

type Machine = ServerWebSocket | ClientWebSocket;
type Event = WebSocketEvent<WebSocketFaultCode>;

/** A message's beginning, or all of it. */
export interface Piece {
  readonly content: string | Uint8Array;
  readonly isBinary: boolean;
  /** False: never; else by its size. */
  readonly compresses: boolean;
  /** The message ends here. */
  readonly isLast: boolean;
}

/** The driver of one connection, and its sink; a line of `ws` has one object more than one of this library's own. */
export class Line extends Driver implements EventSink<Event>, ContextHolder {
  /** The stream below; to be looked at, not to be read or written. */
  readonly socket: Duplex;
  /** {@link ContextHolder} */
  contextBytes = 0;
  /** {@link ContextHolder} */
  contextTurn = 0;
  private readonly machine: Machine;
  private readonly owner: LineOwner;
  private readonly parts: MessageParts = new MessageParts();
  private isBinary = false;
  /** The program has sent the beginning of a message and not its end. */
  private isWithinMessage = false;
  private callbacks: SentCallbacks | null = null;

  /** Takes the socket over; nothing moves before `start`. */
  constructor(socket: Duplex, machine: Machine, owner: LineOwner) {
    super(transportOf(socket), sharedClock(), machine, null);
    this.socket = socket;
    this.machine = machine;
    this.owner = owner;
    // Or two programs that send much at once would each wait for the other to read.
    this.listen();
  }

  /** Messages may be sent. */
  get isOpen(): boolean {
    return !this.released && this.machine.isOpen;
  }

  /** Bytes that were sent and that the kernel has not taken. */
  get bufferedBytes(): number {
    return this.machine.outputBytes;
  }

  /**
   * Sends a message or a piece of one. Throws LocalProtocolError for text in bytes that are not UTF-8.
   */
  send({ content, isBinary, compresses, isLast }: Piece, callback: SentCallback | undefined): void {
    const now = this.now();
    const data = isBinary && typeof content === 'string' ? Buffer.from(content) : content;
    const kind: MessageKind = isBinary ? 'binary' : 'text';
    const options = compresses ? undefined : { compress: false };
    if (!isLast || this.isWithinMessage) {
      if (!this.isWithinMessage) this.machine.beginMessage(kind, now, options);
      this.isWithinMessage = true;
      this.machine.sendPiece(data, isLast, now);
      this.isWithinMessage = !isLast;
    } else if (typeof data === 'string' || kind === 'text') {
      this.machine.sendText(data, now, options);
    } else {
      this.machine.sendBinary(data, now, options);
    }
    if (this.machine.deflater !== null) lineContexts().sent(this);
    this.depart(callback);
  }

  /** {@link ContextHolder} */
  get heldContextBytes(): number {
    const { deflater, inflater } = this.machine;
    return (deflater?.contextBytes ?? 0) + (inflater?.contextBytes ?? 0);
  }

  /** {@link ContextHolder} */
  dropContext(): void {
    if (!this.isWithinMessage) this.machine.deflater?.reset();
  }

  /** Sends a ping or a pong of at most 125 bytes. */
  sendControl(
    kind: 'ping' | 'pong',
    payload: Uint8Array,
    callback: SentCallback | undefined,
  ): void {
    this.machine[kind](payload, this.now());
    this.depart(callback);
  }

  /** Begins the closing handshake. Throws LocalProtocolError for a code or reason that may not be sent. */
  beginClose(code: number = CLOSE_CODE.noStatusReceived, reason = ''): void {
    this.machine.close(this.now(), code, reason);
    this.wake();
  }

  /** Cuts the connection, as `socket.destroy()` does: what the kernel has is still delivered. */
  terminate(): void {
    this.machine.abort(this.now());
    this.socket.destroy();
    this.wake();
  }

  /** {@link Driver} */
  override wake(): void {
    super.wake();
    this.callbacks?.settle(this.bytesSent);
  }

  /** {@link TransportSink} */
  override onData(data: Uint8Array): void {
    super.onData(data);
    this.callbacks?.settle(this.bytesSent);
  }

  /** {@link TransportSink} */
  override onEnd(end: End): void {
    super.onEnd(end);
    this.callbacks?.settle(this.bytesSent);
  }

  /** {@link EventSink} */
  onEvent(event: Event): void {
    try {
      this.report(event);
    } catch (error) {
      throwLater(error);
    }
  }

  /** {@link EventSink} */
  onWritable(): void {}

  /** {@link EventSink} */
  onReleased(): void {
    this.callbacks?.fail(new Error('WebSocket was closed before this was sent'));
    this.callbacks = null;
    // Whoever destroyed the socket has not asked the machine, which knows what was under way.
    this.machine.abort(this.now());
    for (;;) {
      const event = this.machine.nextEvent(this.now());
      if (event.type === 'need-data') return;
      this.onEvent(event);
    }
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    throwLater(error);
  }

  private report(event: Event): void {
    switch (event.type) {
      case 'message':
        this.isBinary = event.kind === 'binary';
        break;
      case 'data':
        this.parts.add(event.data);
        break;
      case 'end':
        if (this.machine.inflater !== null) lineContexts().received(this);
        this.owner.messageCame(this.parts.take(), this.isBinary);
        break;
      case 'ping':
        this.owner.pingCame(asBuffer(event.data));
        break;
      case 'pong':
        this.owner.pongCame(asBuffer(event.data));
        break;
      case 'close':
        this.owner.closeCame();
        break;
      case 'failed':
        this.owner.peerFailed(event);
        break;
      case 'closed':
        if (this.contextBytes > 0) lineContexts().ended(this);
        this.owner.ended(event);
        break;
    }
  }

  private depart(callback: SentCallback | undefined): void {
    if (callback !== undefined) {
      this.callbacks ??= new SentCallbacks();
      this.callbacks.add(this.bytesSent + this.machine.outputBytes, callback);
    }
    this.wake();
  }

  private now(): Instant {
    return sharedClock().now();
  }
}

function transportOf(socket: Duplex): StreamTransport {
  if (socket instanceof TLSSocket) return tlsSocketTransport(socket);
  return socket instanceof Socket ? socketTransport(socket) : duplexTransport(socket);
}

/** A listener that throws is the program's fault, of which its process hears as from any other listener. */
function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
