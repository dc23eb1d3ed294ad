// What the end of a connection means for a request that it leaves without a (whole) response.
import type {
  ClientClosedEvent,
  FailedEvent,
  Http1FaultCode,
  RetryVerdict,
} from '@holdline/http1/client';
import { HttpClientError, type HttpClientErrorCode } from './client-errors.ts';
import type { RequestExchange } from './request-exchange.ts';
import { isSafeToRetry, retryDecision } from './retry.ts';

type Fault = FailedEvent<Http1FaultCode> | null;

/** Why a request was lost, in the client's terms. */
interface Loss {
  readonly code: HttpClientErrorCode;
  readonly message: string;
  readonly faultCode: Http1FaultCode | null;
  /** Nothing was wrong with what the server sent, and it was not too slow. */
  readonly wasLost: boolean;
}

/**
 * Settles the requests that stood on a connection, oldest first: they fail, or `again` has them sent
 * on another one.
 */
export function settleLost(
  exchanges: readonly RequestExchange[],
  closed: ClientClosedEvent,
  fault: Fault,
  again: (exchange: RequestExchange) => void,
): void {
  // Whoever is sent again goes to the front of the queue, so the last of them comes first.
  for (let index = exchanges.length - 1; index >= 0; index -= 1) {
    const exchange = exchanges[index] as RequestExchange;
    const known = closed.unanswered[index]?.verdict.reason;
    const verdict = known ?? (exchange.isSent ? 'response-begun' : 'unsent');
    const loss = index === 0 ? oldestLoss(closed, fault) : followerLoss(closed);
    if (exchange.isOver) continue;
    if (exchange.movesOn) again(exchange);
    else settle(exchange, verdict, loss, again);
  }
}

/** Fails the requests that stood on a connection of whose end the machine does not know. */
export function failAbandoned(exchanges: readonly RequestExchange[], message: string): void {
  for (const exchange of exchanges) {
    const { bytesSent } = exchange;
    exchange.failWith(new HttpClientError('HTTP_CLIENT_CONNECTION_ENDED', message, { bytesSent }));
  }
}

function settle(
  exchange: RequestExchange,
  verdict: RetryVerdict['reason'],
  loss: Loss,
  again: (exchange: RequestExchange) => void,
): void {
  const decision = retryDecision(exchange, verdict, loss.wasLost);
  if (decision !== 'fail') {
    if (decision === 'retry') exchange.retried = true;
    again(exchange);
    return;
  }
  const { bytesSent, isIdempotent } = exchange;
  const safeToRetry = isSafeToRetry(verdict, isIdempotent);
  const { code, message, faultCode } = loss;
  exchange.failWith(new HttpClientError(code, message, { faultCode, bytesSent, safeToRetry }));
}

function oldestLoss(closed: ClientClosedEvent, fault: Fault): Loss {
  const { cause } = closed;
  if (fault !== null) return faultLoss(closed, fault);
  const message = `the connection ended: ${cause}`;
  if (cause === 'write-stall') {
    return { code: 'HTTP_CLIENT_WRITE_STALLED', message, faultCode: null, wasLost: false };
  }
  return { code: endCode(closed), message, faultCode: null, wasLost: true };
}

/** It stood behind others: whatever happened was not on its account. */
function followerLoss(closed: ClientClosedEvent): Loss {
  const message = `the connection ended: ${closed.cause}`;
  return { code: 'HTTP_CLIENT_CONNECTION_ENDED', message, faultCode: null, wasLost: true };
}

function faultLoss(closed: ClientClosedEvent, fault: FailedEvent<Http1FaultCode>): Loss {
  const { code: faultCode, message } = fault;
  switch (faultCode) {
    case 'HTTP1_HEAD_TIMEOUT':
      return { code: 'HTTP_CLIENT_RESPONSE_TIMEOUT', message, faultCode, wasLost: false };
    case 'HTTP1_CONTENT_TIMEOUT':
      return { code: 'HTTP_CLIENT_CONTENT_TIMEOUT', message, faultCode, wasLost: false };
    case 'HTTP1_UNEXPECTED_END':
      return { code: endCode(closed), message, faultCode, wasLost: true };
    default:
      return { code: 'HTTP_CLIENT_RESPONSE_INVALID', message, faultCode, wasLost: false };
  }
}

function endCode(closed: ClientClosedEvent): HttpClientErrorCode {
  const nothingCame = closed.ending === 'before-response' || closed.ending === 'idle';
  return nothingCame ? 'HTTP_CLIENT_CONNECTION_ENDED' : 'HTTP_CLIENT_RESPONSE_INCOMPLETE';
}
