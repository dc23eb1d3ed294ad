// How `serveHttp` is told what to do.
import type { Http1ServerOptions } from '@holdline/http1/server';
import type { Clock } from './clock.ts';
import type { ConnectionCloseCause, ConnectionInfo } from './http-connection-info.ts';
import type { ExchangeRecord } from './http-exchange.ts';
import type { ServerSecurity } from './server-security.ts';
import type { TcpOptions } from './tcp-options.ts';

/** Options of `serveHttp`. Callbacks must not throw. */
export interface HttpServerOptions {
  /** Limits and timeouts of the protocol, such as `limits.contentBytesMax` and `timeouts.idleMs`. */
  readonly http1?: Http1ServerOptions;
  /**
   * Connections served at a time; at least 1, Infinity by default. A connection beyond is accepted,
   * its first request answered 503 with `Connection: close`.
   */
  readonly connectionsMax?: number;
  /** Connections at a time that are told so; more are closed unread. At least 0, 128 by default. */
  readonly refusalsMax?: number;
  /** Options of each accepted TCP socket. */
  readonly tcp?: TcpOptions;
  /** TLS for each accepted socket: `tlsServer` or `nodeTlsServer` of `@holdline/net/tls`; none by default. */
  readonly security?: ServerSecurity;
  /** Time; the clock of this process by default. */
  readonly clock?: Clock;
  /** Unix milliseconds for the Date field; `Date.now` by default. */
  readonly wallTime?: () => number;
  /** A connection has been accepted. */
  readonly onConnection?: (connection: ConnectionInfo) => void;
  /** A client's TLS handshake has failed; a `TlsError` when the engine is holdline's. */
  readonly onHandshakeFailure?: (error: Error, remoteAddress: string) => void;
  /** An exchange is over: the line of an access log. */
  readonly onExchangeEnd?: (record: ExchangeRecord) => void;
  /** A connection is over. */
  readonly onConnectionEnd?: (connection: ConnectionInfo, cause: ConnectionCloseCause) => void;
  /**
   * A handler, an iterable content or this library threw. The connection is null for the listener.
   * Without this callback faults become warnings of the process.
   */
  readonly onFault?: (error: unknown, connection: ConnectionInfo | null) => void;
}

/** Where to listen. */
export interface ListenOptions {
  /** TCP port; 0, the default, for any free one. */
  readonly port?: number;
  /** Address or name of this machine; 127.0.0.1 by default, so that nobody is served by accident. */
  readonly host?: string;
  /** Connections that the system keeps ready to be accepted; 511 by default. */
  readonly backlog?: number;
}

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** What a drain waited for. */
export interface DrainReport {
  /** Exchanges that were under way and ended with a complete response. */
  readonly exchangesFinished: number;
  /** Connections that ended by themselves. */
  readonly connectionsClosed: number;
  /** Connections that were cut when the time was over. */
  readonly connectionsCut: number;
  readonly durationMs: number;
}
