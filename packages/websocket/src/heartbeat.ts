// Is the peer still there? Anything that arrives says so; when nothing does, a ping asks (RFC 6455
// section 5.5.2). Keeps to one peer's instants in milliseconds, and knows nothing of frames.
import type { Instant } from './bytes/connection.ts';
import type { WebSocketTimeouts } from './limits.ts';
import { nextRoundTrip, type RoundTrip } from './round-trip.ts';
import { isStall } from './stall.ts';

/** A ping whose pong is still to come. */
interface OutstandingPing {
  readonly payload: Uint8Array;
  readonly sentAt: Instant;
}

/** Outstanding pings that are remembered; the oldest are forgotten first. */
const PINGS_MAX = 64;
const NEVER = Number.POSITIVE_INFINITY;
const NOT_ASKED = -1;

/** What is due: a ping, or the verdict that nobody is there; `stalled`: it was this side that slept. */
export type HeartbeatDue = 'ping' | 'stalled' | 'dead';

/** One connection's heartbeat. */
export class Heartbeat {
  /** When something was last received; whole milliseconds, rounded up, which take no memory of their own. */
  receivedAt: Instant;
  /** From the pongs so far; null before the first. */
  roundTrip: RoundTrip | null = null;
  private askedAt: Instant = NOT_ASKED;
  private count = 0;
  private pings: OutstandingPing[] | null = null;

  constructor(now: Instant) {
    this.receivedAt = now;
  }

  /** Something came: the peer is there. */
  received(now: Instant): void {
    this.receivedAt = Math.ceil(now);
    this.askedAt = NOT_ASKED;
  }

  /** When something is due; Infinity when nothing will be. */
  deadline({ pingMs, pongMs }: WebSocketTimeouts): Instant {
    // At least a millisecond, so that asking and giving up are not the same instant.
    if (this.askedAt !== NOT_ASKED) return this.askedAt + Math.max(1, pongMs);
    return pingMs === NEVER ? NEVER : this.receivedAt + pingMs;
  }

  /**
   * What is due at `now`; null before the deadline. A verdict that comes late by half of its time or
   * more says that this side slept, and the peer is asked once more.
   */
  due(timeouts: WebSocketTimeouts, now: Instant): HeartbeatDue | null {
    const deadline = this.deadline(timeouts);
    if (now < deadline) return null;
    if (this.askedAt === NOT_ASKED) return 'ping';
    return isStall(now - deadline, timeouts.pongMs) ? 'stalled' : 'dead';
  }

  /** How late `now` is for what is due, if that says that this side did not run; else 0. */
  stallMs(timeouts: WebSocketTimeouts, now: Instant): number {
    const lateMs = now - this.deadline(timeouts);
    return isStall(lateMs, timeouts.pongMs) ? lateMs : 0;
  }

  /** Milliseconds since a ping of ours that nothing has followed; null when there is none. */
  unansweredMs(now: Instant): number | null {
    return this.askedAt === NOT_ASKED ? null : Math.max(0, now - this.askedAt);
  }

  /** The payload of the ping that asks, which is different each time. */
  ask(now: Instant): Uint8Array {
    this.count++;
    const { count } = this;
    const payload = Uint8Array.of(count >>> 24, count >>> 16, count >>> 8, count);
    this.askedAt = Math.ceil(now);
    this.pinged(payload, now);
    return payload;
  }

  /** More time: what has come was not looked at yet. */
  postpone(now: Instant): void {
    // At least a millisecond, for timeouts of 0.
    const from = Math.floor(now) + 1;
    if (this.askedAt === NOT_ASKED) this.receivedAt = from;
    else this.askedAt = from;
  }

  /** A ping leaves, ours or the caller's; `payload` is kept. */
  pinged(payload: Uint8Array, now: Instant): void {
    this.pings ??= [];
    if (this.pings.length === PINGS_MAX) this.pings.shift();
    this.pings.push({ payload, sentAt: now });
  }

  /**
   * A pong came. Returns the milliseconds since the newest ping of the same payload, or null when
   * there is none. It answers the older ones too, since a peer need only answer the last (section 5.5.3).
   */
  answered(payload: Uint8Array, now: Instant): number | null {
    const { pings } = this;
    if (pings === null) return null;
    let index = pings.length - 1;
    while (index >= 0 && !isSame(pings[index]!.payload, payload)) index--;
    if (index < 0) return null;
    const roundTripMs = Math.max(0, now - pings[index]!.sentAt);
    if (index === pings.length - 1) this.pings = null;
    else pings.splice(0, index + 1);
    this.roundTrip = nextRoundTrip(this.roundTrip, roundTripMs);
    return roundTripMs;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
