// One connection's heartbeat (RFC 6520): who may ask, the one request in flight, and what is due when. It
// knows nothing of records, and begins when the handshake is complete: "a HeartbeatRequest message SHOULD
// NOT be sent during handshakes", and one that comes before is discarded by whoever has no Heartbeat yet.
import type { Instant } from '../bytes/connection.ts';
import type { HeartbeatMode } from '../extensions/extension-values.ts';
import { LocalProtocolError } from '../local-error.ts';
import type { RandomSource } from '../provider.ts';
import {
  HEARTBEAT_BYTES_MAX,
  HEARTBEAT_PADDING_BYTES_MIN,
  heartbeatBytes,
  parseHeartbeat,
  serializeHeartbeat,
} from './heartbeat-message.ts';

/** What was agreed, and how long to wait. */
export interface HeartbeatOptions {
  /** What we told the peer: whether it may send requests. */
  readonly local: HeartbeatMode;
  /** What the peer told us. */
  readonly peer: HeartbeatMode;
  /** Source of payload and padding. */
  readonly random: RandomSource;
  /** Nothing received for so long: a request is due; Infinity for none but the caller's own. */
  readonly idleMs: number;
  /** From a request to its response, 1 or more; Infinity to wait for ever. */
  readonly answerMs: number;
}

/** One request of the caller's. */
export interface HeartbeatRequestOptions {
  /** 0 bytes or more, copied; 16 random ones. */
  readonly payload?: Uint8Array;
  /** 16 or more; 16. */
  readonly paddingBytes?: number;
}

/** What became of a heartbeat record. */
export type HeartbeatOutcome =
  /** "MUST be discarded silently". */
  | { readonly type: 'discarded' }
  /** A request; `response` is the content of the record that answers it. */
  | { readonly type: 'request'; readonly payloadBytes: number; readonly response: Uint8Array }
  /** The response that was waited for. */
  | { readonly type: 'response'; readonly roundTripMs: number };

const DISCARDED: HeartbeatOutcome = /* @__PURE__ */ Object.freeze({ type: 'discarded' });
const PAYLOAD_BYTES = 16;
/** "only be sent after an idle period that is at least multiple round-trip times long" (section 5.2) */
const IDLE_ROUND_TRIPS = 4;
const NEVER = Number.POSITIVE_INFINITY;

/** Both directions of heartbeats. */
export class Heartbeat {
  /** A whole message at most, as the peer takes it: 16384, or less by max_fragment_length or record_size_limit. */
  messageBytesMax: number = HEARTBEAT_BYTES_MAX;
  /** The newest response that found no room yet: whoever asks again has given the request before up. */
  held: Uint8Array | null = null;
  private readonly options: HeartbeatOptions;
  /** The payload of the request in flight. */
  private expected: Uint8Array | null = null;
  /** When that request was sent; else when something was last received. */
  private since: Instant;
  private roundTripMs = 0;

  constructor(options: HeartbeatOptions, now: Instant) {
    this.options = options;
    this.since = now;
  }

  /** Whether the peer takes requests: "MUST NOT be sent to a peer indicating peer_not_allowed_to_send" (section 2). */
  get mayRequest(): boolean {
    return this.options.peer === 'peer_allowed_to_send';
  }

  /** Whether a request is in flight. */
  get isWaiting(): boolean {
    return this.expected !== null;
  }

  /**
   * Begins a request; returns the content of its record. Throws LocalProtocolError TLS_NOT_AGREED when the
   * peer takes none, TLS_OUTSTANDING while one is in flight ("There MUST NOT be more than one", section 3),
   * and RangeError for sizes that do not fit.
   */
  request(now: Instant, options: HeartbeatRequestOptions = {}): Uint8Array {
    if (!this.mayRequest) {
      throw new LocalProtocolError('TLS_NOT_AGREED', 'the peer takes no heartbeat requests');
    }
    if (this.expected !== null) {
      throw new LocalProtocolError('TLS_OUTSTANDING', 'a heartbeat request is in flight');
    }
    const { random } = this.options;
    const { paddingBytes = HEARTBEAT_PADDING_BYTES_MIN } = options;
    const payload = options.payload?.slice() ?? new Uint8Array(PAYLOAD_BYTES);
    this.checkSizes(payload.length, paddingBytes);
    if (options.payload === undefined) random(payload);
    this.expected = payload;
    this.since = now;
    return serializeHeartbeat('request', payload, paddingBytes, random);
  }

  /** A heartbeat record came. */
  receive(content: Uint8Array, now: Instant): HeartbeatOutcome {
    const message = parseHeartbeat(content);
    if (message === null) return DISCARDED;
    return message.type === 'request'
      ? this.answer(message.payload)
      : this.answered(message.payload, now);
  }

  /** Anything at all was received: the peer is there. */
  received(now: Instant): void {
    if (this.expected === null) this.since = now;
  }

  /** When something is due; Infinity when nothing will be. */
  deadline(): Instant {
    const { idleMs, answerMs } = this.options;
    if (this.expected !== null) return this.since + Math.max(1, answerMs);
    if (!this.mayRequest || idleMs === NEVER) return NEVER;
    return this.since + Math.max(idleMs, IDLE_ROUND_TRIPS * this.roundTripMs);
  }

  /** What is due at `now`: a request, or the verdict that the one in flight was not answered; null before the deadline. */
  due(now: Instant): 'request' | 'unanswered' | null {
    if (now < this.deadline()) return null;
    return this.expected === null ? 'request' : 'unanswered';
  }

  /** The request in flight is given up, and a response to it discarded. */
  giveUp(now: Instant): void {
    this.expected = null;
    this.since = now;
  }

  /**
   * "an exact copy of the payload" (section 4); a side that said peer_not_allowed_to_send drops the
   * request silently (section 2), as does one whose answer would not fit what its peer takes.
   */
  private answer(payload: Uint8Array): HeartbeatOutcome {
    const { local, random } = this.options;
    const bytes = heartbeatBytes(payload.length, HEARTBEAT_PADDING_BYTES_MIN);
    if (local === 'peer_not_allowed_to_send' || bytes > this.messageBytesMax) return DISCARDED;
    const response = serializeHeartbeat('response', payload, HEARTBEAT_PADDING_BYTES_MIN, random);
    return { type: 'request', payloadBytes: payload.length, response };
  }

  private answered(payload: Uint8Array, now: Instant): HeartbeatOutcome {
    const { expected } = this;
    if (expected === null || !isSame(expected, payload)) return DISCARDED;
    this.roundTripMs = Math.max(0, now - this.since);
    this.expected = null;
    this.since = now;
    return { type: 'response', roundTripMs: this.roundTripMs };
  }

  private checkSizes(payloadBytes: number, paddingBytes: number): void {
    if (!(Number.isInteger(paddingBytes) && paddingBytes >= HEARTBEAT_PADDING_BYTES_MIN)) {
      throw new RangeError('paddingBytes must be a whole number, 16 or more');
    }
    if (heartbeatBytes(payloadBytes, paddingBytes) <= this.messageBytesMax) return;
    throw new RangeError(`a heartbeat message has no more than ${this.messageBytesMax} bytes`);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
