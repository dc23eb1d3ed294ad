// How an `HttpClient` is told what to do.
import type { ConnectionOptions } from 'node:tls';
import {
  clientSettings,
  type Http1ClientOptions,
  type Http1ClientSettings,
} from '@holdline/http1/client';
import { type Clock, sharedClock } from '../clock.ts';
import { requireAtLeast } from '../number-option.ts';
import { checkTcpOptions, type TcpOptions } from '../tcp-options.ts';
import type { ClientConnectionCloseCause, ClientConnectionInfo } from './client-connection-info.ts';
import { type Connector, systemConnector } from './connector.ts';

/** Options of `HttpClient`; everything has a default. Callbacks must not throw. */
export interface HttpClientOptions {
  /** Connections to one origin at a time, those being opened included; at least 1, 8 by default. */
  readonly connectionsPerOriginMax?: number;
  /** Connections in all, those being opened included; at least 1, Infinity by default. */
  readonly connectionsMax?: number;
  /** Requests that may wait beside those that a connection is being opened for; Infinity by default. */
  readonly queuedMax?: number;
  /**
   * Requests that one connection may carry before the first is answered; at least 1, and 1 by
   * default. Only requests whose repetition does no harm are sent behind others, and only on a
   * connection that has answered one before (RFC 9112 section 9.3.2).
   */
  readonly pipelining?: number;
  /**
   * Limits and timeouts of the protocol: `timeouts.idleMs`, `timeouts.idleMarginMs`,
   * `timeouts.ageMsMax`, `requestsMax` and so on, for each connection. Other than the machine's, a
   * client's defaults let slow answers and streams of events live: `headMs` and `contentGraceMs` are
   * 300000, `contentBytesPerSecondMin` is 1.
   */
  readonly http1?: Http1ClientOptions;
  /** Milliseconds for opening a connection, TLS included; 10000 by default. */
  readonly connectMs?: number;
  /** Milliseconds that a request may wait for a connection; Infinity by default. */
  readonly queueMs?: number;
  /**
   * Milliseconds that a piece of a response may wait for a caller who does not read it, and thereby
   * holds the connection; Infinity by default.
   */
  readonly unreadMs?: number;
  /**
   * What is left of a response that the caller discards is read for the sake of its connection, up to
   * so many bytes; 262144 by default. Beyond them the connection is cut.
   */
  readonly discardBytesMax?: number;
  /** Milliseconds in which that must have come; 1000 by default. */
  readonly discardMs?: number;
  /** Options of each TCP socket. */
  readonly tcp?: TcpOptions;
  /** Options of `tls.connect`, such as `ca`; for https. */
  readonly tls?: ConnectionOptions;
  /** Opens connections instead of TCP, TLS and Unix sockets; then `tcp` and `tls` say nothing. */
  readonly connect?: Connector;
  /** Time; the clock of this process by default. */
  readonly clock?: Clock;
  /** A connection is open. */
  readonly onConnection?: (connection: ClientConnectionInfo) => void;
  /** A connection is over. */
  readonly onConnectionEnd?: (
    connection: ClientConnectionInfo,
    cause: ClientConnectionCloseCause,
  ) => void;
  /** A callback of a `ResponseSink`, or this library, threw. Without it faults become warnings of the process. */
  readonly onFault?: (error: unknown, connection: ClientConnectionInfo | null) => void;
}

/** Validated and complete options. */
export interface ClientSettings {
  readonly connectionsPerOriginMax: number;
  readonly connectionsMax: number;
  readonly queuedMax: number;
  readonly pipelining: number;
  readonly http1: Http1ClientSettings;
  readonly connectMs: number;
  readonly queueMs: number;
  readonly unreadMs: number;
  readonly discardBytesMax: number;
  readonly discardMs: number;
  readonly connect: Connector;
  readonly clock: Clock;
}

const NEVER = Number.POSITIVE_INFINITY;
/** Five minutes of silence, as others have it. */
const PATIENCE = { headMs: 300_000, contentGraceMs: 300_000, contentBytesPerSecondMin: 1 };

/** Throws TypeError or RangeError for an option that is not in its range. */
export function completeOptions(options: HttpClientOptions): ClientSettings {
  const { connectionsPerOriginMax = 8, connectionsMax = NEVER, queuedMax = NEVER } = options;
  const { pipelining = 1, connectMs = 10_000, queueMs = NEVER, unreadMs = NEVER } = options;
  const { discardBytesMax = 262_144, discardMs = 1_000 } = options;
  const { tcp = {}, tls = {}, connect = systemConnector({ tcp, tls }), clock } = options;
  requireAtLeast('connectionsPerOriginMax', connectionsPerOriginMax, 1);
  requireAtLeast('connectionsMax', connectionsMax, 1);
  requireAtLeast('queuedMax', queuedMax, 0);
  requireAtLeast('pipelining', pipelining, 1);
  requireAtLeast('connectMs', connectMs, 0);
  requireAtLeast('queueMs', queueMs, 0);
  requireAtLeast('unreadMs', unreadMs, 0);
  requireAtLeast('discardBytesMax', discardBytesMax, 0);
  requireAtLeast('discardMs', discardMs, 0);
  if (typeof connect !== 'function') throw new TypeError('connect must be a function');
  checkTcpOptions(tcp);
  const timeouts = { ...PATIENCE, ...options.http1?.timeouts };
  const http1 = clientSettings({ ...options.http1, timeouts });
  // Such a connection is never fit for a request; `requestsMax: 1` is what was meant.
  requireAtLeast('http1.timeouts.idleMs', http1.timeouts.idleMs, 1);
  return {
    connectionsPerOriginMax,
    connectionsMax,
    queuedMax,
    pipelining,
    http1,
    connectMs,
    queueMs,
    unreadMs,
    discardBytesMax,
    discardMs,
    connect,
    clock: clock ?? sharedClock(),
  };
}
