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

/** One connection of this browser. */
export interface ConnectionRow {
  /** As in the server's log. */
  readonly id: number;
  /** The browser's. */
  readonly port: number;
  readonly openedAt: number;
  readonly state: 'idle' | 'active' | 'switched' | 'closing' | 'closed';
  /** It carries the stream of a live page, this one or another. */
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
  /** Null while it lasts. */
  readonly ending: ConnectionEnding | null;
}

/** Event `connections`: all there is. It begins each stream. */
export interface ConnectionsEvent {
  readonly now: number;
  /** The connection that carries this stream. */
  readonly own: number;
  readonly rows: readonly ConnectionRow[];
}

/** Event `change`: what differs since the event before. Comes now and then with nothing but the time. */
export interface ChangeEvent {
  readonly now: number;
  readonly rows: readonly ConnectionRow[];
  /** Connections that are over, and no longer shown. */
  readonly gone: readonly number[];
}

/**
 * Why the server ends a stream, and the name of its last event, which has no data of interest:
 * `drain`, the server is ending; `replaced`, this browser watches elsewhere.
 */
export type StreamEnding = 'drain' | 'replaced';
