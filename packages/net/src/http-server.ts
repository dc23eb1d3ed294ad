// An HTTP/1.1 server: a listener, its connections, and the way it stops.

import { createServer, type Server, type Socket } from 'node:net';
import process from 'node:process';
import { type Http1ServerSettings, serverSettings } from '@holdline/http1/server';
import { socketTransport } from './adapters/socket.ts';
import { Arrivals, type ArrivalsHost } from './arrivals.ts';
import { type Clock, sharedClock } from './clock.ts';
import { DateField } from './date-field.ts';
import { type ConnectionHost, HttpConnection, type RemoteEnd } from './http-connection.ts';
import type {
  ConnectionCloseCause,
  ConnectionInfo,
  ConnectionSnapshot,
} from './http-connection-info.ts';
import type { ExchangeRecord, HttpHandler } from './http-exchange.ts';
import type {
  DrainReport,
  HttpServerOptions,
  ListenAddress,
  ListenOptions,
} from './http-server-options.ts';
import { addressOf, listenOn } from './listen.ts';
import { ServerDrain } from './server-drain.ts';
import type { SecuredConnection } from './server-security.ts';
import {
  applyTcpOptions,
  checkTcpOptions,
  type TcpCapabilities,
  tcpCapabilities,
} from './tcp-options.ts';
import type { Transport } from './transport.ts';

const REFUSALS_MAX = 128;
const DRAIN_TIMEOUT_MS = 10_000;

/** A server made by {@link serveHttp}. */
export interface HttpServer {
  /** Where it listens; null before `listen` and after `close` or `drain`. */
  readonly address: ListenAddress | null;
  /** The connections as they are now. */
  readonly connections: readonly ConnectionSnapshot[];
  /** What TCP options this runtime can set. */
  readonly tcpCapabilities: TcpCapabilities;
  /** Starts to listen. Rejects with the system's error, such as EADDRINUSE. */
  listen(options?: ListenOptions): Promise<ListenAddress>;
  /** Serves a transport that comes from elsewhere, such as a TLS socket's. */
  accept(transport: Transport, remote?: RemoteEnd): ConnectionInfo;
  /**
   * Stops listening, closes idle connections, announces `Connection: close` in each response that
   * is still to come, and waits for these; what is left after `timeoutMs` (10000 by default,
   * Infinity for ever) is cut. Later calls wait for the same drain.
   */
  drain(options?: { readonly timeoutMs?: number }): Promise<DrainReport>;
  /** Stops listening and cuts every connection. Idempotent; ends a drain under way. */
  close(): Promise<void>;
}

/**
 * Serves HTTP/1.1 with `handler`. Nothing happens before `listen` or `accept`. Throws TypeError or
 * RangeError for an option that is out of its range.
 */
export function serveHttp(handler: HttpHandler, options: HttpServerOptions = {}): HttpServer {
  return new SocketHttpServer(handler, options);
}

class SocketHttpServer implements HttpServer, ConnectionHost, ArrivalsHost {
  readonly settings: Http1ServerSettings;
  readonly clock: Clock;
  readonly handler: HttpHandler;
  present = 0;
  readonly recordsExchanges: boolean;
  readonly #options: HttpServerOptions;
  readonly #connectionsMax: number;
  readonly #connections: Set<HttpConnection> = new Set();
  readonly #listener: Server;
  /** Null for a server without TLS. */
  readonly #arrivals: Arrivals | null;
  /** Those of them that are beyond the limit. */
  readonly #refused: Set<HttpConnection> = new Set();
  #lastId = 0;
  #drain: ServerDrain | null = null;

  constructor(handler: HttpHandler, options: HttpServerOptions) {
    if (typeof handler !== 'function') throw new TypeError('the handler must be a function');
    const { connectionsMax = Number.POSITIVE_INFINITY, refusalsMax = REFUSALS_MAX } = options;
    if (!(connectionsMax >= 1)) throw new RangeError('connectionsMax must be at least 1');
    if (!(refusalsMax >= 0)) throw new RangeError('refusalsMax must be at least 0');
    checkTcpOptions(options.tcp ?? {});
    const dateField = new DateField(options.wallTime);
    this.settings = serverSettings({ date: (now) => dateField.at(now), ...options.http1 });
    this.clock = options.clock ?? sharedClock();
    this.handler = handler;
    this.recordsExchanges = options.onExchangeEnd !== undefined;
    this.#options = options;
    this.#connectionsMax = connectionsMax;
    this.#arrivals = options.security === undefined ? null : new Arrivals(options.security, this);
    this.#listener = createServer({ allowHalfOpen: true }, (socket) => this.#acceptSocket(socket));
    // Sockets above this are closed before they cost an object.
    const acceptedMax = connectionsMax + refusalsMax;
    if (acceptedMax !== Number.POSITIVE_INFINITY) this.#listener.maxConnections = acceptedMax;
  }

  get address(): ListenAddress | null {
    return addressOf(this.#listener);
  }

  get connections(): readonly ConnectionSnapshot[] {
    return Array.from(this.#connections, (connection) => connection.snapshot());
  }

  get tcpCapabilities(): TcpCapabilities {
    return tcpCapabilities();
  }

  listen(options: ListenOptions = {}): Promise<ListenAddress> {
    return listenOn(this.#listener, options, (error) => this.fault(error, null));
  }

  accept(transport: Transport, remote: RemoteEnd = {}): ConnectionInfo {
    const served = this.#connections.size - this.#refused.size;
    this.#lastId += 1;
    const connection = new HttpConnection(this, this.#lastId, transport, remote);
    if (served >= this.#connectionsMax) this.#refused.add(connection);
    this.#connections.add(connection);
    this.#options.onConnection?.(connection);
    connection.start();
    if (this.#drain !== null) connection.drain();
    return connection;
  }

  drain(options: { readonly timeoutMs?: number } = {}): Promise<DrainReport> {
    const { timeoutMs = DRAIN_TIMEOUT_MS } = options;
    if (!(timeoutMs >= 0)) throw new RangeError('timeoutMs must be at least 0');
    if (this.#drain === null) {
      this.#drain = new ServerDrain(this.clock, this.#connections);
      this.#stopListening();
      // Nothing of theirs has begun.
      this.#arrivals?.abort();
      this.#drain.start(timeoutMs);
    }
    return this.#drain.report;
  }

  close(): Promise<void> {
    const stopped = this.#stopListening();
    this.#arrivals?.abort();
    for (const connection of [...this.#connections]) connection.cut('cut');
    return stopped;
  }

  secured({ transport, tls }: SecuredConnection, { remoteAddress, remotePort }: Socket): void {
    this.accept(transport, { remoteAddress, remotePort, tls });
  }

  handshakeFailed(error: Error, { remoteAddress = '' }: Socket): void {
    this.#options.onHandshakeFailure?.(error, remoteAddress);
  }

  exchangeEnded(record: ExchangeRecord): void {
    this.#options.onExchangeEnd?.(record);
  }

  exchangeFinished(): void {
    this.#drain?.exchangeFinished();
  }

  refuses(connection: HttpConnection): boolean {
    return this.#refused.size > 0 && this.#refused.has(connection);
  }

  connectionEnded(connection: HttpConnection, cause: ConnectionCloseCause): void {
    this.#connections.delete(connection);
    this.#refused.delete(connection);
    this.#options.onConnectionEnd?.(connection, cause);
    this.#drain?.connectionEnded(cause);
  }

  fault(error: unknown, connection: ConnectionInfo | null): void {
    const { onFault } = this.#options;
    if (onFault !== undefined) onFault(error, connection);
    // Nobody listens, and yet a fault must not go unheard.
    else process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  }

  #acceptSocket(socket: Socket): void {
    const { tcp, onConnectionEnd } = this.#options;
    applyTcpOptions(socket, tcp ?? {});
    // The system forgets the address with the connection; Node keeps it once it was asked for.
    if (onConnectionEnd !== undefined || this.#arrivals !== null) void socket.remoteAddress;
    if (this.#arrivals === null) this.accept(socketTransport(socket), socket);
    else this.#arrivals.add(socket, 'http/1.1');
  }

  #stopListening(): Promise<void> {
    return new Promise((resolve) => {
      // Not listening any more is as good as having stopped now.
      this.#listener.close(() => resolve());
    });
  }
}
