// How `connectWebSocket` is told what to do.
import { isUtf8 } from 'node:buffer';
import { randomFillSync } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import {
  type Http1ClientSettings,
  type Http1Limits,
  clientSettings as httpClientSettings,
} from '@holdline/http1/client';
import {
  type Compression,
  clientSettings,
  type DeflateOffer,
  type OpeningOptions,
  type WebSocketClientOptions,
  type WebSocketClientSettings,
} from '@holdline/websocket/client';
import { type Connector, systemConnector } from '../client/connector.ts';
import { type Clock, sharedClock } from '../clock.ts';
import { requireAtLeast } from '../number-option.ts';
import { checkTcpOptions, type TcpOptions } from '../tcp-options.ts';
import { CONTEXT_IDLE_MS } from './context-keeper.ts';
import type { WebSocketConnection, WebSocketHandlers } from './websocket-connection.ts';

/** Options of `connectWebSocket`; everything has a default. */
export interface WebSocketConnectOptions
  extends WebSocketHandlers,
    Omit<OpeningOptions, 'deflate'> {
  /** Limits, timeouts, delivery and so on of the connection. */
  readonly websocket?: Omit<WebSocketClientOptions, 'compression' | 'random' | 'closeAnswer'>;
  /** Who compresses, such as `nodeCompression` of `@holdline/websocket/node`; by default nobody. */
  readonly compression?: Compression;
  /** What is offered where there is `compression`, most preferred first; by default what browsers offer. */
  readonly deflate?: readonly DeflateOffer[];
  /** Milliseconds after which a sender's window that is not used is given up, or twice that; 10000. */
  readonly contextIdleMs?: number;
  /** Milliseconds for the connection to the server, TLS included; 10000 by default. */
  readonly connectMs?: number;
  /** Milliseconds from the request to the head of the response; 10000 by default. */
  readonly handshakeMs?: number;
  /**
   * Whether to wait while this process opens another WebSocket to the same host and port (RFC 6455
   * section 4.1); true by default. Each of those before has `connectMs` and `handshakeMs`; the times of
   * this one begin behind them, and `signal` ends the wait as well.
   */
  readonly serializesOpening?: boolean;
  /** Bytes of a refusal's content that are kept; 65536 by default. */
  readonly refusalBytesMax?: number;
  /** Limits on the head of the server's response. */
  readonly httpLimits?: Partial<Http1Limits>;
  /** The Unix socket to connect to instead of the URL's host and port. */
  readonly socketPath?: string;
  /** Options of the TCP socket. */
  readonly tcp?: TcpOptions;
  /** Options of `tls.connect`, such as `ca`; for wss. */
  readonly tls?: ConnectionOptions;
  /** Opens the connection instead of TCP, TLS and Unix sockets: over any transport. */
  readonly connect?: Connector;
  /** Ends the attempt. Once the connection is open it is no more looked at. */
  readonly signal?: AbortSignal;
  /** Time; the clock of this process by default. */
  readonly clock?: Clock;
  /** A callback, or this library, threw. Without it faults become warnings of the process. */
  onFault?(error: unknown, connection: WebSocketConnection | null): void;
}

/** Validated and complete options, but for those that only the opening handshake needs. */
export interface ConnectSettings {
  readonly http1: Http1ClientSettings;
  readonly websocket: WebSocketClientSettings;
  readonly connect: Connector;
  readonly connectMs: number;
  readonly handshakeMs: number;
  readonly refusalBytesMax: number;
  readonly contextIdleMs: number;
  readonly clock: Clock;
}

/** Throws TypeError or RangeError for an option that is not in its range. */
export function completeConnectOptions(options: WebSocketConnectOptions): ConnectSettings {
  const { connectMs = 10_000, handshakeMs = 10_000, refusalBytesMax = 65_536 } = options;
  const {
    contextIdleMs = CONTEXT_IDLE_MS,
    tcp = {},
    tls = {},
    compression,
    httpLimits = {},
  } = options;
  const { connect = systemConnector({ tcp, tls }), clock = sharedClock() } = options;
  requireAtLeast('connectMs', connectMs, 0);
  requireAtLeast('handshakeMs', handshakeMs, 1);
  requireAtLeast('refusalBytesMax', refusalBytesMax, 0);
  requireAtLeast('contextIdleMs', contextIdleMs, 0);
  if (typeof connect !== 'function') throw new TypeError('connect must be a function');
  checkTcpOptions(tcp);
  const websocket = clientSettings({
    random: randomBytes,
    isUtf8,
    ...options.websocket,
    closeAnswer: 'held',
    ...(compression === undefined ? {} : { compression }),
  });
  const http1 = httpClientSettings({ limits: httpLimits, timeouts: { headMs: handshakeMs } });
  const times = { connectMs, handshakeMs, refusalBytesMax, contextIdleMs };
  return { http1, websocket, connect, clock, ...times };
}

/** Fills a view with bytes that nobody can predict (RFC 6455 section 10.3). */
export function randomBytes(target: Uint8Array): void {
  randomFillSync(target);
}
