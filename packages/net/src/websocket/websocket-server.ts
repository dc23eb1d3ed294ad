// WebSockets of a server, beside whatever else it serves: the opening handshake within an HTTP
// exchange, the connections that come of it, and what concerns all of them.
import { isUtf8 } from 'node:buffer';
import process from 'node:process';
import {
  type AcceptedRequest,
  acceptOpening,
  DEFAULT_HANDSHAKE_LIMITS,
  type HandshakeLimits,
  type OpeningRequest,
  prepareMessage,
  readOpeningRequest,
  ServerWebSocket,
  serverSettings,
  type WebSocketEvent,
  type WebSocketFaultCode,
  type WebSocketServerSettings,
} from '@holdline/websocket/server';
import type { Instant } from '../bytes/connection.ts';
import { type Clock, sharedClock } from '../clock.ts';
import type { Driver } from '../driver.ts';
import type { HttpExchange, HttpHandler, SwitchedParty } from '../http-exchange.ts';
import { requireAtLeast } from '../number-option.ts';
import { CONTEXT_BYTES_MAX, CONTEXT_IDLE_MS, ContextKeeper } from './context-keeper.ts';
import { OpenWebSocket } from './open-websocket.ts';
import { refuseExchange, respondWith } from './opening-refusal.ts';
import { SendBatch } from './send-batch.ts';
import type { Agreement, WebSocketHost } from './sending-websocket.ts';
import { ServerClosing } from './server-closing.ts';
import { watchedParty } from './watched-machine.ts';
import type { WebSocketConnection } from './websocket-connection.ts';
import type {
  AcceptDecision,
  BroadcastOptions,
  CloseAllOptions,
  CloseAllReport,
  OpeningDecision,
  RefuseDecision,
  WebSocketServeOptions,
} from './websocket-server-options.ts';

/** A server made by {@link serveWebSocket}. */
export interface WebSocketServer {
  /**
   * Answers an HTTP exchange: opens a WebSocket, or refuses to. A request for something else is
   * answered 426. It is an `HttpHandler`, for the paths that are to have it, or for all of a server.
   */
  readonly handle: HttpHandler;
  /** The open connections. */
  readonly connections: ReadonlySet<WebSocketConnection>;
  /** Bytes that the windows of compression take at present. */
  readonly contextBytes: number;
  /**
   * Sends a message to all open connections; its frames are made once. One that reads so slowly that
   * more than `outputBytesMax` waits for it fails, and holds up nobody. Returns how many it went to.
   * Throws as `send` of a connection does.
   */
  broadcast(message: string | Uint8Array, options?: BroadcastOptions): number;
  /**
   * Opens no more connections (503), begins the closing handshake on all there are, cuts those that
   * have not closed in time, and resolves when all are over. Later calls wait for the same end. Throws
   * LocalProtocolError for a code or reason that may not be sent.
   */
  close(options?: CloseAllOptions): Promise<CloseAllReport>;
}

const PLAIN: Agreement = Object.freeze({ subprotocol: null, deflate: null });
const GOING_AWAY = 1001;
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Serves WebSockets, beside HTTP on the same port; a function is `onOpen`. Nothing happens before an
 * exchange is handed to `handle`. Throws TypeError or RangeError for an option that is not in its range.
 */
export function serveWebSocket(
  options: WebSocketServeOptions | ((connection: WebSocketConnection) => unknown) = {},
): WebSocketServer {
  return new HttpWebSocketServer(typeof options === 'function' ? { onOpen: options } : options);
}

class HttpWebSocketServer implements WebSocketServer, WebSocketHost {
  readonly clock: Clock;
  readonly handlers: WebSocketServeOptions;
  readonly inPieces: boolean;
  readonly contexts: ContextKeeper | null;
  readonly batch: SendBatch = new SendBatch();
  readonly #settings: WebSocketServerSettings;
  readonly #handshakeLimits: HandshakeLimits;
  readonly #connectionsMax: number;
  readonly #connections: Set<OpenWebSocket> = new Set();
  #closing: ServerClosing | null = null;

  constructor(options: WebSocketServeOptions) {
    const { compression, websocket, connectionsMax = Number.POSITIVE_INFINITY } = options;
    const { contextBytesMax = CONTEXT_BYTES_MAX, contextIdleMs = CONTEXT_IDLE_MS } = options;
    requireAtLeast('connectionsMax', connectionsMax, 1);
    requireAtLeast('contextBytesMax', contextBytesMax, 0);
    requireAtLeast('contextIdleMs', contextIdleMs, 0);
    this.handlers = options;
    this.clock = options.clock ?? sharedClock();
    this.#settings = serverSettings({
      isUtf8,
      ...websocket,
      closeAnswer: 'held',
      ...(compression === undefined ? {} : { compression }),
    });
    this.inPieces = this.#settings.inPieces;
    this.contexts =
      compression === undefined
        ? null
        : new ContextKeeper(this.clock, contextBytesMax, contextIdleMs);
    this.#handshakeLimits = { ...DEFAULT_HANDSHAKE_LIMITS, ...options.handshake };
    this.#connectionsMax = connectionsMax;
  }

  readonly handle: HttpHandler = (exchange) => {
    const request = readOpeningRequest(exchange.head, this.#handshakeLimits);
    if (request.type === 'opening') return this.#decide(exchange, request);
    respondWith(exchange, request.response, request.message);
  };

  get connections(): ReadonlySet<WebSocketConnection> {
    return this.#connections;
  }

  get contextBytes(): number {
    return this.contexts?.usedBytes ?? 0;
  }

  broadcast(message: string | Uint8Array, options: BroadcastOptions = {}): number {
    const { filter, except, kind = typeof message === 'string' ? 'text' : 'binary' } = options;
    const prepared = prepareMessage(this.#settings, kind, message, options);
    let count = 0;
    for (const connection of this.#connections) {
      if (connection === except || !connection.isOpen) continue;
      if (filter !== undefined && !filter(connection)) continue;
      connection.sendPrepared(prepared);
      count += 1;
    }
    return count;
  }

  close(options: CloseAllOptions = {}): Promise<CloseAllReport> {
    const { code = GOING_AWAY, reason = '', timeoutMs = CLOSE_TIMEOUT_MS } = options;
    requireAtLeast('timeoutMs', timeoutMs, 0);
    if (this.#closing === null) {
      this.#closing = new ServerClosing(this.clock, this.#connections);
      this.#closing.start(code, reason, timeoutMs);
    }
    return this.#closing.report;
  }

  ended(connection: OpenWebSocket): void {
    this.#connections.delete(connection);
    this.#closing?.connectionEnded(connection);
  }

  fault(error: unknown, connection: WebSocketConnection): void {
    if (this.handlers.onFault !== undefined) this.handlers.onFault(error, connection);
    // Nobody listens, and yet a fault must not go unheard.
    else process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  }

  #decide(exchange: HttpExchange, request: OpeningRequest): void | Promise<void> {
    const refusal = this.#refusal(request);
    const decision = refusal ?? this.handlers.decide?.(request, exchange);
    if (!(decision instanceof Promise)) return this.#answer(exchange, request, decision);
    return decision.then((decided) => this.#answer(exchange, request, decided));
  }

  /** What needs no decision of the program's. */
  #refusal({ origin }: OpeningRequest): RefuseDecision | null {
    const { origins } = this.handlers;
    if (origins !== undefined && origin !== null && !origins.includes(origin)) {
      return { status: 403, content: 'this Origin may not connect' };
    }
    return this.#unavailable();
  }

  #unavailable(): RefuseDecision | null {
    const hasRoom = this.#closing === null && this.#connections.size < this.#connectionsMax;
    return hasRoom ? null : { status: 503, content: 'no connection is opened at present' };
  }

  #answer(exchange: HttpExchange, request: OpeningRequest, decision: OpeningDecision): void {
    const refusal = isRefusal(decision) ? decision : this.#unavailable();
    if (refusal !== null) refuseExchange(exchange, refusal);
    else this.#accept(exchange, request, (decision as AcceptDecision | undefined) ?? {});
  }

  #accept(exchange: HttpExchange, request: OpeningRequest, decision: AcceptDecision): void {
    const { subprotocols = this.handlers.subprotocols ?? [], fields = [] } = decision;
    const { contexts } = this;
    const compresses = contexts !== null && !contexts.isFull && decision.compression !== false;
    const deflate = compresses ? (this.handlers.deflate ?? {}) : null;
    const accepted = acceptOpening(request, { subprotocols, deflate, fields });
    exchange.switchTo(
      (driver, now) => this.#open(driver, now, accepted, exchange, decision),
      accepted.response,
    );
  }

  #open(
    driver: Driver,
    now: Instant,
    { subprotocol, deflate }: AcceptedRequest,
    exchange: HttpExchange,
    { data, watchesFrames = true }: AcceptDecision,
  ): SwitchedParty<WebSocketEvent<WebSocketFaultCode>> {
    const machine = new ServerWebSocket(this.#settings, now, deflate);
    const isPlain = subprotocol === null && deflate === null;
    const agreement = isPlain ? PLAIN : { subprotocol, deflate };
    const connection = new OpenWebSocket(this, machine, driver, exchange.connection, agreement);
    connection.data = data;
    this.#connections.add(connection);
    connection.run(() => this.handlers.onOpen?.(connection));
    if (this.#closing !== null) connection.beginClose(GOING_AWAY);
    return watchesFrames ? watchedParty(connection, this.handlers) : connection;
  }
}

/** Throws TypeError for what is no decision. */
function isRefusal(decision: OpeningDecision): decision is RefuseDecision {
  if (decision === undefined) return false;
  if (typeof decision === 'object' && decision !== null) return 'status' in decision;
  throw new TypeError('decide must return nothing, to accept, or an object');
}
