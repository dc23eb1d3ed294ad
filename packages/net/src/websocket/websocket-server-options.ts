// How `serveWebSocket` is told what to do.
import type { Field } from '@holdline/http1/server';
import type {
  Compression,
  DeflateChoice,
  HandshakeLimits,
  WebSocketServerOptions as MachineOptions,
  OpeningRequest,
  SubprotocolChoice,
} from '@holdline/websocket/server';
import type { Clock } from '../clock.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type {
  MessageOptions,
  WebSocketConnection,
  WebSocketHandlers,
} from './websocket-connection.ts';

/** The connection is to be opened. */
export interface AcceptDecision {
  /** How the subprotocol is chosen, in the place of the server's own option. */
  readonly subprotocols?: SubprotocolChoice;
  /** False: this connection is not compressed. */
  readonly compression?: boolean;
  /** False: `onFrame` does not hear of this connection, which then costs nothing. */
  readonly watchesFrames?: boolean;
  /** Further fields of the 101 response, such as Set-Cookie. */
  readonly fields?: readonly Field[];
  /** What `connection.data` is to be. */
  readonly data?: unknown;
}

/** The connection is not to be opened. */
export interface RefuseDecision {
  /** 300 to 599: 401, 403, 404, a redirect (with a field Location), 503 ... */
  readonly status: number;
  /**
   * Where the status asks for a field, and it is not here, there is one: `WWW-Authenticate: Bearer` with
   * 401, `Allow: GET` with 405, `Upgrade: websocket` with 426.
   */
  readonly fields?: readonly Field[];
  /** A few words to whoever reads it; plain text, unless there is a field Content-Type. */
  readonly content?: string;
}

/** What becomes of a valid opening handshake; undefined accepts. */
export type OpeningDecision = AcceptDecision | RefuseDecision | undefined;

/** Options of `serveWebSocket`; everything has a default. */
export interface WebSocketServeOptions extends WebSocketHandlers {
  /** Limits, timeouts, delivery and so on of each connection (`WebSocketServerOptions` of the machine). */
  readonly websocket?: Omit<MachineOptions, 'compression' | 'closeAnswer'>;
  /** Limits on the lists of the opening handshake. */
  readonly handshake?: HandshakeLimits;
  /**
   * Decides on each valid opening handshake, at once or later; accepts by default. What it throws
   * becomes 500, and so does a decision that cannot be sent: a status out of range, a field that is not
   * valid or that the handshake writes itself, content with 304, a subprotocol that was not offered. The
   * `onFault` of `serveHttp` hears of it.
   */
  decide?(
    request: OpeningRequest,
    exchange: HttpExchange,
  ): OpeningDecision | Promise<OpeningDecision>;
  /**
   * Origins that may connect, in lower case, such as `https://example.com`; who sends another is
   * answered 403. A browser sends the Origin of its page with every WebSocket, whatever server that is
   * to, and the user's cookies with it: a server that knows its users by cookies must name its origins.
   * Programs that are no browsers send none, and are let in. By default all may.
   */
  readonly origins?: readonly string[];
  /** Subprotocols, most preferred first, or a function; by default none is chosen. */
  readonly subprotocols?: SubprotocolChoice;
  /**
   * Who compresses, such as `nodeCompression` of `@holdline/websocket/node`; by default nobody.
   * Compression shows in the length of messages what they have in common: do not send secrets beside
   * what an attacker can choose (CRIME, BREACH).
   */
  readonly compression?: Compression;
  /** What is wanted of the negotiation, where there is `compression`. */
  readonly deflate?: DeflateChoice;
  /** Bytes that windows may take over all connections; above, new ones do not compress. 67108864. */
  readonly contextBytesMax?: number;
  /** Milliseconds after which a sender's window that is not used is given up, or twice that; 10000. */
  readonly contextIdleMs?: number;
  /** Connections at a time; more are answered 503. At least 1, Infinity by default. */
  readonly connectionsMax?: number;
  /** Time; the clock of this process by default. */
  readonly clock?: Clock;
  /**
   * A connection is open. Its messages may be read here, by iterating, unless `onMessage` or `onStream`
   * takes them.
   */
  onOpen?(connection: WebSocketConnection): unknown;
  /** A callback, or this library, threw. Without it faults become warnings of the process. */
  onFault?(error: unknown, connection: WebSocketConnection): void;
}

/** Who receives a broadcast, and how. */
export interface BroadcastOptions extends MessageOptions {
  /** Whether a connection receives it; all by default. */
  readonly filter?: (connection: WebSocketConnection) => boolean;
  /** Who does not, such as the one that it came from. */
  readonly except?: WebSocketConnection;
}

/** How a server's connections are closed. */
export interface CloseAllOptions {
  /** 1001 (going away) by default. */
  readonly code?: number;
  /** At most 123 bytes of UTF-8; none by default. */
  readonly reason?: string;
  /** Milliseconds after which those are cut that have not closed; 10000 by default, Infinity for never. */
  readonly timeoutMs?: number;
}

/** What closing a server has come to. */
export interface CloseAllReport {
  /** Connections that ended with a closing handshake. */
  readonly closed: number;
  /** Connections that ended without, for those that were cut 1006. */
  readonly cut: number;
  readonly durationMs: number;
}
