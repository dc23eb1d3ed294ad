// May a request that died be sent once more, by itself: the machine's verdict on its fate, and what
// only the client knows (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1).
import type { ResponseEvent, RetryVerdict } from '@holdline/http1/client';

/** What the client knows of a request that may be sent again. */
export interface Repeatable {
  /** The caller says, or the method does, that repeating it does no harm. */
  readonly isIdempotent: boolean;
  /** Its content can be sent again. */
  readonly isReplayable: boolean;
  /** The connection had carried a request before: the server may have left it for its age. */
  readonly wasReused: boolean;
  /** It is sent for the second time already. */
  readonly retried: boolean;
}

/** Whether sending the request again can do no harm, whoever does it. */
export function isSafeToRetry(verdict: RetryVerdict['reason'], isIdempotent: boolean): boolean {
  switch (verdict) {
    case 'unsent':
      return true;
    case 'response-begun':
      return false;
    default:
      return isIdempotent;
  }
}

/**
 * What to do with a request whose connection is gone. `again`: no byte of it has left, so that
 * sending it is no repetition. `retry`: it is repeated, once. `fail`: that is up to the caller.
 * `wasLost`: nothing was wrong with what the server sent, and it was not too slow.
 */
export function retryDecision(
  request: Repeatable,
  verdict: RetryVerdict['reason'],
  wasLost: boolean,
): 'again' | 'retry' | 'fail' {
  if (!request.isReplayable) return 'fail';
  // A connection that takes nothing from its beginning is no better than one that cannot be opened.
  if (verdict === 'unsent') return request.wasReused ? 'again' : request.retried ? 'fail' : 'retry';
  const isSafe = isSafeToRetry(verdict, request.isIdempotent);
  return isSafe && request.wasReused && wasLost && !request.retried ? 'retry' : 'fail';
}

/** A request that has been sent and may be sent otherwise. */
export interface Resendable extends Repeatable {
  retried: boolean;
  /** Its content, where it waits for 100 (Continue) or streams. */
  readonly upload: { readonly isWaiting: boolean } | null;
  readonly request: { dropExpectation(): void };
}

/**
 * Whether a response says no more than that the request should have come otherwise; the request is
 * then prepared for that.
 */
export function wantsItOtherwise(response: ResponseEvent, request: Resendable): boolean {
  // «A client that receives a 417 (Expectation Failed) status code in response to a request
  // containing a 100-continue expectation SHOULD repeat that request without a 100-continue
  // expectation», RFC 9110 section 10.1.1.
  if (response.status === 417 && request.upload?.isWaiting === true) {
    request.request.dropExpectation();
    return true;
  }
  if (!asksForAnotherConnection(response, request)) return false;
  request.retried = true;
  return true;
}

/**
 * Whether a response is no answer to the request, but says that it should come on another
 * connection. 408 with close on a connection that was idle: the server gave up waiting, and «If the
 * client has an outstanding request in transit, it MAY repeat that request», RFC 9110 section
 * 15.5.9. 421: «MAY retry the request, whether or not the request method is idempotent, over a
 * different connection», section 15.5.20.
 */
function asksForAnotherConnection(response: ResponseEvent, request: Repeatable): boolean {
  const { isIdempotent, isReplayable, wasReused, retried } = request;
  if (!isReplayable || !wasReused || retried) return false;
  if (response.status === 421) return true;
  return response.status === 408 && !response.persistent && isIdempotent;
}
