// Why a WebSocket did not open, and what its end has cut short.
import type { Field, Http1FaultCode } from '@holdline/http1/client';
import type { ClosedEvent, ResponseFaultCode } from '@holdline/websocket/client';

/** The codes of {@link WebSocketOpenError}. */
export type WebSocketOpenErrorCode =
  /** The signal was aborted before the connection was open; `cause` is the reason. */
  | 'WEBSOCKET_ABORTED'
  /** There is no connection to the server; `cause` is the system's error. */
  | 'WEBSOCKET_CONNECT_FAILED'
  /** There was no connection to the server within `connectMs`. */
  | 'WEBSOCKET_CONNECT_TIMEOUT'
  /** The server did not answer within `handshakeMs`. */
  | 'WEBSOCKET_HANDSHAKE_TIMEOUT'
  /** The connection ended before the server's answer. */
  | 'WEBSOCKET_HANDSHAKE_ENDED'
  /** The server's answer broke the protocol; `faultCode` says how. */
  | 'WEBSOCKET_HANDSHAKE_INVALID'
  /** The server answered as to any other request; `response` is what it said. */
  | 'WEBSOCKET_REFUSED';

/** What a server answered that did not open the connection. */
export interface RefusalResponse {
  /** 200 to 599. */
  readonly status: number;
  readonly reason: string;
  /** Field lines in order, with lower-case names. */
  readonly fields: readonly Field[];
  /** Its content, at most `refusalBytesMax` bytes. */
  readonly content: Uint8Array;
  /** `content` is all of it. */
  readonly isWhole: boolean;
}

/** What is known of a failed opening beside its code. */
export interface WebSocketOpenErrorDetails {
  readonly cause?: unknown;
  readonly faultCode?: Http1FaultCode | ResponseFaultCode | null;
  readonly response?: RefusalResponse | null;
}

/** A WebSocket was not opened. */
export class WebSocketOpenError extends Error {
  override readonly name: string = 'WebSocketOpenError';
  /** Why. */
  readonly code: WebSocketOpenErrorCode;
  /** `refused`: a server decided so; `never-opened`: there was none, or none that speaks the protocol. */
  readonly observation: 'refused' | 'never-opened';
  /** What the server did wrong in HTTP or in the opening handshake; null when it was something else. */
  readonly faultCode: Http1FaultCode | ResponseFaultCode | null;
  /** The answer of a server that refused; null when there was none. */
  readonly response: RefusalResponse | null;

  constructor(
    code: WebSocketOpenErrorCode,
    message: string,
    details: WebSocketOpenErrorDetails = {},
  ) {
    super(`${code}: ${message}`, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.observation = code === 'WEBSOCKET_REFUSED' ? 'refused' : 'never-opened';
    this.faultCode = details.faultCode ?? null;
    this.response = details.response ?? null;
  }
}

/** The codes of {@link WebSocketMessageError}. */
export type WebSocketMessageErrorCode =
  /** The connection is over, or closing, before this could be done; `closed` says how, where it is over. */
  | 'WEBSOCKET_ENDED'
  /** The message exceeds what the caller wants to read at once. */
  | 'WEBSOCKET_MESSAGE_TOO_LARGE'
  /** The message was discarded by the caller. */
  | 'WEBSOCKET_MESSAGE_DISCARDED';

/** A message, or the answer to a ping, that will not come or not go. */
export class WebSocketMessageError extends Error {
  override readonly name: string = 'WebSocketMessageError';
  /** Why. */
  readonly code: WebSocketMessageErrorCode;
  /** How the connection ended; null when it has not. */
  readonly closed: ClosedEvent | null;

  constructor(code: WebSocketMessageErrorCode, message: string, closed: ClosedEvent | null = null) {
    super(`${code}: ${message}`);
    this.code = code;
    this.closed = closed;
  }
}
