// One connection's heartbeat (RFC 6520): who may ask, the one request in flight, and when its answer is
// due. It knows nothing of records.
import type { Instant } from '../bytes/connection.ts';
import type { RandomSource } from '../provider.ts';
import type { HeartbeatMode } from './heartbeat-message.ts';

/** What was agreed, and how long to wait. */
export interface HeartbeatOptions {
  /** What we told the peer: whether it may send requests. */
  readonly local: HeartbeatMode;
  /** What the peer told us. */
  readonly peer: HeartbeatMode;
  /** Source of payload and padding. */
  readonly random: RandomSource;
  /** From a request to its response; Infinity to wait for ever. */
  readonly answerMs: number;
}

/** What became of a heartbeat record. */
export type HeartbeatOutcome =
  /** Nothing to do: a message that is to be discarded silently. */
  | { readonly type: 'discarded' }
  /** A request; `message` is the content of the record that answers it, our own memory. */
  | { readonly type: 'request'; readonly message: Uint8Array; readonly payload: Uint8Array }
  /** The response that was due. */
  | { readonly type: 'response'; readonly payload: Uint8Array; readonly roundTripMs: number };

/** Both directions of heartbeats. */
export declare class Heartbeat {
  constructor(options: HeartbeatOptions);
  /** Whether the peer takes requests (section 2). */
  readonly mayRequest: boolean;
  /** A request whose response is still to come. */
  readonly isWaiting: boolean;
  /**
   * Begins a request: the content of its record. Throws LocalProtocolError when the peer takes none or
   * one is in flight (section 3), RangeError for a payload that does not fit.
   */
  request(
    payload: Uint8Array,
    paddingBytes: number,
    messageBytesMax: number,
    now: Instant,
  ): Uint8Array;
  /** A heartbeat record came; `isHandshaking`: it is discarded (section 3). */
  receive(
    content: Uint8Array,
    isHandshaking: boolean,
    messageBytesMax: number,
    now: Instant,
  ): HeartbeatOutcome;
  /** When the response to the request in flight is due; Infinity when none is. */
  deadline(): Instant;
  /** Gives up the request in flight; true once, when `now` is at or after the deadline. */
  expire(now: Instant): boolean;
}
