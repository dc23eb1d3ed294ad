// What the server tells the live page: types only, so that both sides are compiled against one
// text. Instants are milliseconds of the server's monotonic clock, of which each event tells the
// present; durations are milliseconds.

/** Where an idle connection stands between its last byte and its end. */
export interface IdleTime {
  /** Its last byte. */
  readonly since: number;
  /** Until here `Keep-Alive: timeout=` has promised to keep it. */
  readonly announcedUntil: number;
  /** Then it is closed: later by the grace for a request that is on its way. */
  readonly closesAt: number;
}

/** How a connection ended. */
export interface ConnectionEnding {
  readonly at: number;
  /** One of net's `ConnectionCloseCause`. */
  readonly code: string;
  /** The same in words. */
  readonly words: string;
}

/** How a WebSocket ended, as net's `ClosedEvent` says. */
export interface WebSocketEnding {
  /** Of the Close frame that ended it; 1005 without a code, 1006 without a frame. */
  readonly code: number;
  /** Printable and shortened. */
  readonly reason: string;
  /** Null when nobody sent a Close frame first. */
  readonly startedBy: 'server' | 'browser' | null;
  /** What was seen. */
  readonly observation: string;
  /** What that probably means, by its name and in words. */
  readonly cause: string;
  readonly why: string;
}

/** What a connection is since it is a WebSocket. */
export interface WebSocketRow {
  /** Null when none was chosen. */
  readonly subprotocol: string | null;
  /** permessage-deflate was agreed on. */
  readonly isCompressed: boolean;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  /** Pings of ours that were answered. */
  readonly pongsReceived: number;
  /** Of the last of these; null before the first. */
  readonly roundTripMs: number | null;
  /** Smoothed as TCP does it (RFC 6298 section 2). */
  readonly smoothedRoundTripMs: number | null;
  /** Null while it lasts. */
  readonly ending: WebSocketEnding | null;
}

/** What an opcode says (RFC 6455 section 5.2); `reserved` is said of those that have no meaning. */
export type FrameKind = 'continuation' | 'text' | 'binary' | 'close' | 'ping' | 'pong' | 'reserved';

/** A frame, or several alike one behind the other, as on the wire. */
export interface FrameRow {
  /** The connection. */
  readonly id: number;
  /** Of the first of them. */
  readonly at: number;
  /** As the server sees it. */
  readonly direction: 'in' | 'out';
  readonly kind: FrameKind;
  /** FIN: the last of its message. */
  readonly isFinal: boolean;
  /** Three bits: 4 is RSV1, which begins a compressed message (RFC 7692 section 6). */
  readonly reservedBits: number;
  readonly isMasked: boolean;
  /** How many frames they are. */
  readonly count: number;
  /** Their payload together. */
  readonly byteCount: number;
  /** Code and reason of a Close frame, round trip of a pong; empty for others. */
  readonly detail: string;
}

/** A WebSocket is over. */
interface EndRow {
  readonly id: number;
  readonly at: number;
  readonly kind: 'end';
  /** What was seen, what that probably means, and why: the connection's `WebSocketEnding` in words. */
  readonly detail: string;
}

/** A line of the list of frames. */
export type WireLine = FrameRow | EndRow;

/** The TLS under a connection. */
export interface TlsRow {
  /** Whose TLS it is at the server: holdline's, or that of node:tls, which tells of fewer things. */
  readonly engine: 'holdline' | 'node';
  readonly version: string;
  /** As the RFC names it. */
  readonly cipherSuite: string;
  /** Of the key exchange; null when the engine does not say. */
  readonly group: string | null;
  /** Agreed on by ALPN; null for none. Printable and shortened. */
  readonly protocol: string | null;
  /** What the browser asked for; null for none. Printable and shortened. */
  readonly serverName: string | null;
  /** How often the server's keys were updated, and the browser's. */
  readonly sendingEpoch: number;
  readonly receivingEpoch: number;
  /** The browser has agreed to be sent heartbeats (RFC 6520). */
  readonly hasHeartbeats: boolean;
  /** Of the last heartbeat; null before the first. */
  readonly heartbeatRoundTripMs: number | null;
}

/** One connection of this browser. */
export interface ConnectionRow {
  /** As in the server's log. */
  readonly id: number;
  /** The browser's. */
  readonly port: number;
  readonly openedAt: number;
  readonly state: 'idle' | 'active' | 'switched' | 'closing' | 'closed';
  /** It carries the feed of a live page, this one or another. */
  readonly isObserver: boolean;
  readonly requests: number;
  /** The value of Keep-Alive in the last response, or `close` where it announced the end. */
  readonly announced: string;
  /** Null while it is not idle. */
  readonly idle: IdleTime | null;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Of the last request that this browser sent, printable and shortened. */
  readonly target: string;
  /** Null without TLS. */
  readonly tls: TlsRow | null;
  /** Null unless it is a WebSocket, or was one. */
  readonly webSocket: WebSocketRow | null;
  /** Null while it lasts. */
  readonly ending: ConnectionEnding | null;
}

/** All there is. It begins each feed. */
export interface ConnectionsEvent {
  readonly type: 'connections';
  readonly now: number;
  /** The connection that carries this feed. */
  readonly own: number;
  readonly rows: readonly ConnectionRow[];
}

/** What differs since the event before. */
export interface ChangeEvent {
  readonly type: 'change';
  readonly now: number;
  readonly rows: readonly ConnectionRow[];
  /** Connections that are over, and no longer shown. */
  readonly gone: readonly number[];
  /** Oldest first. */
  readonly frames: readonly WireLine[];
  /** Frames before these that are not told, as they were too many, and their payload. */
  readonly framesOmitted: number;
  readonly bytesOmitted: number;
}

/** One message of a feed. */
export type FeedEvent = ConnectionsEvent | ChangeEvent;

/**
 * Why the server closes a feed, and the code of its Close frame: `drain`, the server is ending;
 * `replaced`, this browser watches elsewhere; `crowded`, too many watch.
 */
export interface FeedEndingCodes {
  readonly drain: 1001;
  readonly crowded: 1013;
  readonly replaced: 4001;
}

/** One of them. */
export type FeedEnding = keyof FeedEndingCodes;
