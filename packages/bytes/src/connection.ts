// The one shape that every protocol machine has: bytes, end of stream and time in; events, bytes
// and the next deadline out. Types are structural, so a copy inlined into each package is the same.

/** Monotonic milliseconds. The origin is the caller's; only differences matter. */
export type Instant = number;

/**
 * How the peer's direction of the transport ended: `finished` by FIN, `truncated` by the end of a
 * TLS stream without close_notify, `reset` by RST, `failed` by an error of the local machine.
 */
export type End = 'finished' | 'truncated' | 'reset' | 'failed';

/** What to do with the transport once `outputBytes` is 0; `abort` at once. */
export type TransportWish = 'open' | 'half-close' | 'close' | 'abort';

/** Nothing more to report until more bytes, an end or time come in. */
export interface NeedData {
  readonly type: 'need-data';
}

/** Nothing more to report until the caller has acted (answered, or taken the trailing data). */
export interface Paused {
  readonly type: 'paused';
}

/** The only value of {@link NeedData}. */
export const NEED_DATA: NeedData = /* @__PURE__ */ Object.freeze({ type: 'need-data' });

/** The only value of {@link Paused}. */
export const PAUSED: Paused = /* @__PURE__ */ Object.freeze({ type: 'paused' });

/** What a protocol switch leaves unread, and whether the peer's direction has ended behind it. */
export interface TrailingData {
  readonly data: Uint8Array;
  readonly end: End | null;
}

/**
 * A protocol machine. The law of the drain: after any call that changes it, pull `nextEvent` until
 * need-data or paused; pull `nextOutput` until null or the transport is full; report
 * `outputAccepted`; pause or resume reading by `wantsData`; obey `transport`; re-arm `deadline()`.
 */
export interface Connection<Event extends { readonly type: string }> {
  /** False: stop reading the transport. */
  readonly wantsData: boolean;
  /** Stores bytes, which become the machine's; throws RangeError only when more than the input limit was already unread. */
  receive(data: Uint8Array, now: Instant): void;
  /** The peer's direction ended; idempotent. Seen after all buffered bytes, `reset` and `failed` at once. */
  receiveEnd(now: Instant, end: End): void;
  /** Parses exactly one event. */
  nextEvent(now: Instant): Event | NeedData | Paused;
  /** The next chunk to write, read-only for the caller, or null. */
  nextOutput(): Uint8Array | null;
  /** Bytes queued or handed out and not yet accepted. */
  readonly outputBytes: number;
  /** The transport took this many of the bytes handed out. */
  outputAccepted(byteCount: number, now: Instant): void;
  /** What to do with the transport once `outputBytes` is 0. */
  readonly transport: TransportWish;
  /** The instant at which `onDeadline` wants to be called; Infinity when none. */
  deadline(): Instant;
  /** Time has come; a spurious call is a no-op. */
  onDeadline(now: Instant): void;
  /** After a protocol switch: the bytes that belong to the next protocol. */
  takeTrailingData(): TrailingData;
}
