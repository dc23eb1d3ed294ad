// May a connection take another request, and may a request that died be sent again: pure functions
// with their reasons (RFC 9112 sections 9.3 and 9.3.1, RFC 9110 section 9.2.2).

import type { End, Instant, TransportWish } from './bytes/connection.ts';
import type { StateOf } from './bytes/transition-table.ts';
import type { RetryVerdict } from './events.ts';
import type { CLIENT_SEND } from './state.ts';

/** Whether a connection can take a request now, and if not, why. */
export interface ReuseVerdict {
  readonly reusable: boolean;
  /**
   * `ready`; `request-under-way` and `response-outstanding` pass by themselves; `close-announced`,
   * `max-requests`, `max-age`, `idle-timeout` (too close to the moment when the server leaves),
   * `unread-bytes` (came while nothing was asked), `switching`, `closing` do not.
   */
  readonly reason:
    | 'ready'
    | 'request-under-way'
    | 'response-outstanding'
    | 'close-announced'
    | 'max-requests'
    | 'max-age'
    | 'idle-timeout'
    | 'unread-bytes'
    | 'switching'
    | 'closing';
}

/** What the verdict on reuse is made of. */
export interface ReuseSituation {
  readonly core: {
    readonly transport: TransportWish;
    readonly peerEnd: End | null;
    readonly input: { readonly length: number };
    readonly deadlines: { readonly phase: string; phaseIsOver(now: Instant): boolean };
  };
  readonly states: { readonly send: StateOf<typeof CLIENT_SEND> };
  readonly pipeline: {
    readonly length: number;
    readonly lastWasSent: boolean;
    readonly mayEndHttp: boolean;
  };
  readonly draining: boolean;
  /** A response said close. */
  readonly closeReceived: boolean;
  /** The connection has reached its maximum age. */
  readonly isTooOld: boolean;
  /** No more requests are allowed, by our limit or the server's. */
  readonly isFull: boolean;
}

/** Can a connection in this situation take a request now? */
export function reuseVerdict(situation: ReuseSituation, now: Instant): ReuseVerdict {
  const reason = reuseReason(situation, now);
  return { reusable: reason === 'ready', reason };
}

function reuseReason(situation: ReuseSituation, now: Instant): ReuseVerdict['reason'] {
  const { core, states, pipeline, closeReceived } = situation;
  const { deadlines } = core;
  if (states.send === 'switched') return 'switching';
  const isEnding = states.send === 'ended' || core.transport !== 'open' || situation.draining;
  if (isEnding || core.peerEnd !== null) return 'closing';
  if (closeReceived || pipeline.lastWasSent) return 'close-announced';
  if (pipeline.mayEndHttp) return 'switching';
  if (states.send === 'content') return 'request-under-way';
  if (situation.isFull) return 'max-requests';
  if (situation.isTooOld) return 'max-age';
  if (pipeline.length > 0) return 'response-outstanding';
  if (core.input.length > 0) return 'unread-bytes';
  return deadlines.phase === 'idle' && deadlines.phaseIsOver(now) ? 'idle-timeout' : 'ready';
}

/** What is known of a request when its connection ends. */
export interface RequestFate {
  readonly method: string;
  /** At least one byte was handed to the transport. */
  readonly sent: boolean;
  /** At least one byte of its final response was received. */
  readonly responseBegun: boolean;
}

const IDEMPOTENT_METHODS: readonly string[] = /* @__PURE__ */ Object.freeze([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
]);

/** Idempotent by its definition in RFC 9110 section 9.2.2. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT_METHODS.includes(method);
}

/**
 * The verdicts for the requests of one connection, oldest first. «a client MAY open a new connection
 * and automatically retransmit an aborted sequence of requests if all of those requests have
 * idempotent methods», RFC 9112 section 9.3.1.
 */
export function retryVerdicts(fates: readonly RequestFate[]): RetryVerdict[] {
  let sequenceIsIdempotent = true;
  return fates.map(({ method, sent, responseBegun }) => {
    if (!sent) return { retry: true, reason: 'unsent' };
    if (responseBegun) return { retry: false, reason: 'response-begun' };
    if (!isIdempotent(method)) {
      sequenceIsIdempotent = false;
      return { retry: false, reason: 'not-idempotent' };
    }
    if (!sequenceIsIdempotent) return { retry: false, reason: 'sequence-not-idempotent' };
    return { retry: true, reason: 'idempotent' };
  });
}
