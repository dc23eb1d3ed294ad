// A listener whose connections are secured by holdline's TLS, for whoever speaks a protocol of their own.
import { createServer, type Server, type Socket } from 'node:net';
import process from 'node:process';
import { TlsServer as TlsServerMachine, type TlsServerSettings } from '@holdline/tls/server';
import { socketTransport } from '../adapters/socket.ts';
import { type Clock, sharedClock } from '../clock.ts';
import type { ListenAddress, ListenOptions } from '../http-server-options.ts';
import { addressOf, listenOn } from '../listen.ts';
import { requireAtLeast } from '../number-option.ts';
import { applyTcpOptions, checkTcpOptions, type TcpOptions } from '../tcp-options.ts';
import type { Transport } from '../transport.ts';
import { TlsConnection, type TlsConnectionOwner } from './tls-connection.ts';
import { TlsDrain, type TlsDrainReport } from './tls-drain.ts';
import type { TlsError } from './tls-error.ts';
import { completeServerSecurity, type TlsServerSecurityOptions } from './tls-server-options.ts';

/** Who takes a secured connection; it attaches to its `transport` at once. */
export type TlsHandler = (connection: TlsConnection) => void;

/** Options of {@link serveTls}. Callbacks must not throw. */
export interface TlsServeOptions extends TlsServerSecurityOptions {
  /** Options of each accepted TCP socket. */
  readonly tcp?: TcpOptions;
  /** Connections at a time, handshakes under way included; Infinity by default. More are closed unread. */
  readonly connectionsMax?: number;
  /** Time; the clock of this process by default. */
  readonly clock?: Clock;
  /** A handshake has failed. */
  onHandshakeFailure?(error: TlsError, connection: TlsConnection): void;
  /** A connection whose handshake was complete is over; `closed` of the connection says how. */
  onConnectionEnd?(connection: TlsConnection): void;
  /** A handler or this library threw; null for the listener. Without it faults become warnings of the process. */
  onFault?(error: unknown, connection: TlsConnection | null): void;
}

/** A server made by {@link serveTls}. */
export interface TlsListener {
  /** Where it listens; null before `listen` and after `close` or `drain`. */
  readonly address: ListenAddress | null;
  /** Connections, handshakes under way included. */
  readonly connections: ReadonlySet<TlsConnection>;
  /** Starts to listen. Rejects with the system's error, such as EADDRINUSE. */
  listen(options?: ListenOptions): Promise<ListenAddress>;
  /** Secures a transport that comes from elsewhere, and takes it over. */
  accept(transport: Transport): TlsConnection;
  /**
   * Stops listening, ends our direction of each connection by close_notify behind what is queued, and
   * waits for the peer's; gives handshakes under way up by user_canceled. What is left after `timeoutMs`
   * (10000 by default, Infinity for ever) is cut. What handlers write from now on is dropped: a
   * protocol that has an end of its own is to be ended before. Later calls wait for the same drain.
   */
  drain(options?: { readonly timeoutMs?: number }): Promise<TlsDrainReport>;
  /** Stops listening and cuts every connection. Idempotent; ends a drain under way. */
  close(): Promise<void>;
}

/**
 * Serves TLS. Nothing happens before `listen` or `accept`. Throws TypeError or RangeError for an option
 * that is missing or out of its range.
 */
export function serveTls(handler: TlsHandler, options: TlsServeOptions): TlsListener {
  return new SocketTlsListener(handler, options);
}

/** Four records in one write: what sockets take as of Node 22, where before they were full of one. */
const WRITTEN_BYTES_MAX = 65_536;
const DRAIN_TIMEOUT_MS = 10_000;

class SocketTlsListener implements TlsListener, TlsConnectionOwner {
  readonly connections: Set<TlsConnection> = new Set();
  readonly #handler: TlsHandler;
  readonly #options: TlsServeOptions;
  readonly #settings: TlsServerSettings;
  readonly #clock: Clock;
  readonly #listener: Server;
  #drain: TlsDrain | null = null;

  constructor(handler: TlsHandler, options: TlsServeOptions) {
    if (typeof handler !== 'function') throw new TypeError('the handler must be a function');
    const { connectionsMax = Number.POSITIVE_INFINITY } = options;
    if (!(connectionsMax >= 1)) throw new RangeError('connectionsMax must be at least 1');
    checkTcpOptions(options.tcp ?? {});
    this.#handler = handler;
    this.#options = options;
    this.#settings = completeServerSecurity(options);
    this.#clock = options.clock ?? sharedClock();
    const sockets = { allowHalfOpen: true, highWaterMark: WRITTEN_BYTES_MAX };
    this.#listener = createServer(sockets, (socket) => this.#acceptSocket(socket));
    if (connectionsMax !== Number.POSITIVE_INFINITY) this.#listener.maxConnections = connectionsMax;
  }

  get address(): ListenAddress | null {
    return addressOf(this.#listener);
  }

  listen(options: ListenOptions = {}): Promise<ListenAddress> {
    return listenOn(this.#listener, options, (error) => this.fault(error, null));
  }

  accept(transport: Transport): TlsConnection {
    const clock = this.#clock;
    const machine = new TlsServerMachine(this.#settings, clock.now());
    const connection = new TlsConnection(transport, machine, clock, this.#options, this);
    this.connections.add(connection);
    if (this.#drain !== null) connection.end();
    return connection;
  }

  drain(options: { readonly timeoutMs?: number } = {}): Promise<TlsDrainReport> {
    const { timeoutMs = DRAIN_TIMEOUT_MS } = options;
    requireAtLeast('timeoutMs', timeoutMs, 0);
    if (this.#drain === null) {
      this.#drain = new TlsDrain(this.#clock, this.connections);
      void this.#stopListening();
      this.#drain.start(timeoutMs);
    }
    return this.#drain.report;
  }

  close(): Promise<void> {
    const stopped = this.#stopListening();
    for (const connection of [...this.connections]) connection.transport.abort();
    return stopped;
  }

  secured(connection: TlsConnection): void {
    try {
      this.#handler(connection);
    } catch (error) {
      connection.transport.abort();
      this.fault(error, connection);
    }
  }

  ended(connection: TlsConnection, error: TlsError | null): void {
    this.connections.delete(connection);
    if (error === null) this.#options.onConnectionEnd?.(connection);
    else this.#options.onHandshakeFailure?.(error, connection);
    this.#drain?.connectionEnded(connection);
  }

  fault(error: unknown, connection: TlsConnection | null): void {
    const { onFault } = this.#options;
    if (onFault !== undefined) onFault(error, connection);
    else process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  }

  #acceptSocket(socket: Socket): void {
    applyTcpOptions(socket, this.#options.tcp ?? {});
    this.accept(socketTransport(socket));
  }

  #stopListening(): Promise<void> {
    // Not listening any more is as good as having stopped now.
    return new Promise((resolve) => this.#listener.close(() => resolve()));
  }
}
