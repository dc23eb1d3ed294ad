// Everything that can go wrong with a request that was valid, as one closed list of codes.
import type { Http1FaultCode } from '@holdline/http1/client';

/** The codes of {@link HttpClientError}. */
export type HttpClientErrorCode =
  /** The request's signal was aborted, or `abort` was called; `cause` is the reason. */
  | 'HTTP_CLIENT_ABORTED'
  /** The client takes no more requests, or was aborted as a whole. */
  | 'HTTP_CLIENT_CLOSED'
  /** No connection could be opened; `cause` is the system's error. */
  | 'HTTP_CLIENT_CONNECT_FAILED'
  /** No connection could be opened within `connectMs`. */
  | 'HTTP_CLIENT_CONNECT_TIMEOUT'
  /** The request waited longer than `queueMs` for a connection. */
  | 'HTTP_CLIENT_QUEUE_TIMEOUT'
  /** More than `queuedMax` requests wait already. */
  | 'HTTP_CLIENT_QUEUE_FULL'
  /** The connection ended before a byte of the response. */
  | 'HTTP_CLIENT_CONNECTION_ENDED'
  /** The connection ended within the response (RFC 9112 section 8). */
  | 'HTTP_CLIENT_RESPONSE_INCOMPLETE'
  /** The response broke the protocol; `faultCode` says how. */
  | 'HTTP_CLIENT_RESPONSE_INVALID'
  /** No final response within `headMs` of the request. */
  | 'HTTP_CLIENT_RESPONSE_TIMEOUT'
  /** The response's content came too slowly. */
  | 'HTTP_CLIENT_CONTENT_TIMEOUT'
  /** The response's content waited longer than `unreadMs` for the caller to read it. */
  | 'HTTP_CLIENT_CONTENT_UNREAD'
  /** The response's content exceeds what the caller wants to read at once. */
  | 'HTTP_CLIENT_CONTENT_TOO_LARGE'
  /** The response's content was discarded by the caller. */
  | 'HTTP_CLIENT_CONTENT_DISCARDED'
  /** The server takes nothing of the request any more (`writeStallMs`). */
  | 'HTTP_CLIENT_WRITE_STALLED'
  /** The request's content failed while it was read; `cause` is its error. */
  | 'HTTP_CLIENT_REQUEST_CONTENT_FAILED'
  /** A content of unknown length for a server of HTTP/1.0, which knows no chunks (RFC 9112 section 6.1). */
  | 'HTTP_CLIENT_LENGTH_REQUIRED'
  /** The protocol was switched, or was not, against what the caller asked for. */
  | 'HTTP_CLIENT_SWITCH';

/** What is known of a failed request beside its code. */
export interface HttpClientErrorDetails {
  /** What led to it. */
  readonly cause?: unknown;
  /** The fault of the protocol, where there was one. */
  readonly faultCode?: Http1FaultCode | null;
  /** Bytes of the request that a transport has taken. */
  readonly bytesSent?: number;
  /** Whether sending the request again cannot do harm (RFC 9110 section 9.2.2). */
  readonly safeToRetry?: boolean;
}

/** Why a request has no response, or a response no end. */
export class HttpClientError extends Error {
  override readonly name: string = 'HttpClientError';
  /** Why. */
  readonly code: HttpClientErrorCode;
  /** The fault of the protocol that the server committed; null when it was something else. */
  readonly faultCode: Http1FaultCode | null;
  /**
   * Bytes of the request that a transport had taken, of the sending that came furthest where there
   * were two; 0 when no server can know of it.
   */
  readonly bytesSent: number;
  /** Whether sending the request again cannot do harm (RFC 9110 section 9.2.2). */
  readonly safeToRetry: boolean;

  constructor(code: HttpClientErrorCode, message: string, details: HttpClientErrorDetails = {}) {
    super(`${code}: ${message}`, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.faultCode = details.faultCode ?? null;
    this.bytesSent = details.bytesSent ?? 0;
    this.safeToRetry = details.safeToRetry ?? false;
  }
  /** The same for a request of which a transport had taken so much. */
  behind(bytesSent: number): HttpClientError {
    const { code, cause, faultCode, safeToRetry } = this;
    const message = this.message.slice(code.length + 2);
    return new HttpClientError(code, message, { cause, faultCode, bytesSent, safeToRetry });
  }
}
