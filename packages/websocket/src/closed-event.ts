// The last event of a connection: how it ended, what was seen of that, and what that probably means.
import type { Diagnosis } from './diagnosis.ts';

/** What was seen when the connection ended. One of these, and nothing that had to be guessed. */
export type Observation =
  /** Both Close frames were exchanged (RFC 6455 section 7.1.4, a clean close). */
  | 'closing-handshake'
  /** The peer's FIN came between messages, without its Close frame. */
  | 'fin-without-close'
  /** The peer's FIN came within a message. */
  | 'ended-in-message'
  /** The TLS stream below ended without close_notify. */
  | 'tls-truncated'
  /** The peer's RST came. */
  | 'reset'
  /** The transport failed on this machine. */
  | 'local-error'
  /** Nothing came after a ping in the time for it. */
  | 'ping-unanswered'
  /** This side was not running for a while, and the transport was at its end or dead afterwards. */
  | 'local-stall'
  /** The transport accepted nothing for too long. */
  | 'write-stall'
  /** A Close frame was not answered in the time for it. */
  | 'close-unanswered'
  /** The peer broke the protocol, and was told so. */
  | 'protocol-error'
  /** The peer exceeded a limit of this side's, and was told so. */
  | 'limit'
  /** The caller cut it. */
  | 'aborted';

/** What else was known at that moment. Durations in milliseconds. */
export interface Evidence {
  /** Since the last byte received; since the beginning when none was, or since the caller read again after a pause. */
  readonly idleMs: number;
  /** Since the beginning. */
  readonly openMs: number;
  /** Output that the transport had not accepted. */
  readonly unacceptedBytes: number;
  /** The peer had sent the beginning of a message and not its end; false where this side refused what came. */
  readonly withinMessage: boolean;
  /** Since the ping that was unanswered; null when none was. */
  readonly pingUnansweredMs: number | null;
  /** How late a deadline was noticed since then, which is how long this side did not run; 0 for in time. */
  readonly stallMs: number;
  /** Of our Close frame; null when none was queued. */
  readonly sentCode: number | null;
  /** Of the peer's Close frame, 1005 for one without; null when none came. */
  readonly receivedCode: number | null;
}

/** The connection is over. Comes exactly once, and nothing after it. */
export interface ClosedEvent {
  readonly type: 'closed';
  /** The code of the peer's Close frame; 1005 when it had none, 1006 when there was no frame (RFC 6455 section 7.1.5). */
  readonly code: number;
  /** The reason in the peer's Close frame (section 7.1.6). */
  readonly reason: string;
  /** The closing handshake was completed before the transport ended (section 7.1.4). */
  readonly wasClean: boolean;
  /** Who sent the first Close frame; null when nobody did, or only as the answer to a fault. */
  readonly startedBy: 'us' | 'peer' | null;
  readonly observation: Observation;
  readonly evidence: Evidence;
  /** What that probably means, which is a guess with its reason. */
  readonly likely: Diagnosis;
}

/** This side has refused what came. */
export function isVerdict(seen: Observation): boolean {
  return seen === 'protocol-error' || seen === 'limit';
}

/** What the end of the transport itself looks like, whatever was under way. */
export function isEndOfTransport(seen: Observation): boolean {
  return (
    seen === 'reset' ||
    seen === 'fin-without-close' ||
    seen === 'ended-in-message' ||
    seen === 'ping-unanswered'
  );
}
