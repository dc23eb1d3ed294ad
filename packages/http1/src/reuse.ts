// May a connection take another request, and may a request that died be sent again: pure functions
// with their reasons (RFC 9112 sections 9.3 and 9.3.1, RFC 9110 section 9.2.2).
import type { RetryVerdict } from './events.ts';

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
