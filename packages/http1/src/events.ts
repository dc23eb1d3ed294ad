// What the two machines report. Every event is a plain object with `type` first.

/**
 * One field line. In events the name is lower-case (the spelling as received is in `rawHead`); a
 * value is a string with one code unit U+0000-U+00FF per byte, without surrounding whitespace
 * (RFC 9110 section 5.5). Order and duplicates are as received.
 */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** What a client sends is what a server receives (RFC 9112 section 3). */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly fields: readonly Field[];
}

/** What a server sends is what a client receives (RFC 9112 section 4). */
export interface ResponseHead {
  /** 100-599 to be sent; 0-999 received, of which a client treats those outside 100-599 as 5xx (RFC 9110 section 15). */
  readonly status: number;
  /** Reason phrase; the status code's usual one when absent from a head to be sent. */
  readonly reason?: string | undefined;
  readonly fields: readonly Field[];
}

/** How the content of a message is delimited (RFC 9112 section 6.3). */
export type Framing = 'none' | 'content-length' | 'chunked' | 'close-delimited' | 'tunnel';

/** The four forms of a request-target (RFC 9112 section 3.2). */
export type TargetForm = 'origin' | 'absolute' | 'authority' | 'asterisk';

/** Server: the head of a request, complete and valid. */
export interface RequestEvent extends RequestHead {
  readonly type: 'request';
  readonly form: TargetForm;
  /** Host and port that the request is for: of an absolute-form or authority-form target, else of Host; may be empty (RFC 9112 section 3.3). */
  readonly authority: string;
  /** Minor version: 0, or 1 for HTTP/1.1 and every later 1.x (RFC 9110 section 2.5). */
  readonly minorVersion: 0 | 1;
  readonly framing: Framing;
  /** Bytes of content to come; -1 when unknown until its end. */
  readonly contentLength: number;
  /** The client waits for 100 (Continue) before it sends the content (RFC 9110 section 10.1.1). */
  readonly expectsContinue: boolean;
  /** Protocols offered by Upgrade, most preferred first; empty when none may be chosen (RFC 9110 section 7.8). */
  readonly upgrade: readonly string[];
  /** False: the client asked for this to be the connection's last request (RFC 9112 section 9.3). */
  readonly persistent: boolean;
  /** Start-line and field lines as received, for `fieldNamesAsReceived` and forwarders. */
  readonly rawHead: string;
}

/** Client: the head of a final response. */
export interface ResponseEvent {
  readonly type: 'response';
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly Field[];
  readonly minorVersion: 0 | 1;
  readonly framing: Framing;
  /** Bytes of content to come; -1 when unknown until its end. */
  readonly contentLength: number;
  /** Transfer codings other than chunked, still applied to the content, outermost last (RFC 9112 section 7). */
  readonly transferCodings: readonly string[];
  /** The connection can carry another request after this response (RFC 9112 section 9.3). */
  readonly persistent: boolean;
  /** The server's `Keep-Alive` field; null when absent or without a usable parameter. */
  readonly keepAlive: KeepAliveHint | null;
  readonly rawHead: string;
}

/** Client: a 1xx response other than 101; the final one follows (RFC 9110 section 15.2). */
export interface InformationalEvent {
  readonly type: 'informational';
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly Field[];
  readonly rawHead: string;
}

/** Client: the time to wait for 100 (Continue) is over; send the content (RFC 9110 section 10.1.1). */
export interface ContinueTimeoutEvent {
  readonly type: 'continue-timeout';
}

/** A piece of content, never empty; a view of the bytes received. */
export interface DataEvent {
  readonly type: 'data';
  readonly data: Uint8Array;
}

/** The message is complete. */
export interface EndEvent {
  readonly type: 'end';
  /** Trailer fields without those that RFC 9110 section 6.5.1 forbids there. */
  readonly trailers: readonly Field[];
}

/** The connection now speaks another protocol: `takeTrailingData` has what came behind the head. */
export interface SwitchedEvent {
  readonly type: 'switched';
  /** Lower-case first protocol of the Upgrade field, or `connect`. */
  readonly protocol: string;
}

/** The peer's fault, or time ran out; comes at most once. */
export interface FailedEvent<Code extends string = string> {
  readonly type: 'failed';
  readonly code: Code;
  /** What, where, and which section; no unescaped peer bytes. */
  readonly message: string;
  /** Bytes of the connection's input before the offending one. */
  readonly offset: number;
  /** Status code a server should answer with; 0 for a client. */
  readonly status: number;
  /** A server may still send one final response; always false for a client. */
  readonly canRespond: boolean;
}

/** `Keep-Alive` field (RFC 2068 section 19.7.1.1): what is absent is null. */
export interface KeepAliveHint {
  /** Idle milliseconds after which the sender closes. */
  readonly timeoutMs: number | null;
  /** Requests that may still follow on this connection. */
  readonly requestsMax: number | null;
}

/**
 * Why a server's connection ended. `idle-timeout`, `max-requests`, `max-age`, `drained`,
 * `local-close` (the response said close, or refused CONNECT): our decision. `peer-close` (the request said close or
 * was HTTP/1.0), `peer-end` (FIN while idle), `reset`, `truncated`: the client's. `failed`: a
 * `failed` event came first. `write-stall`: the client stopped reading. `content-unread`: more
 * unread request content than is worth discarding. `aborted`: by the caller.
 */
export type ServerCloseCause =
  | 'idle-timeout'
  | 'max-requests'
  | 'max-age'
  | 'drained'
  | 'local-close'
  | 'peer-close'
  | 'peer-end'
  | 'reset'
  | 'truncated'
  | 'failed'
  | 'write-stall'
  | 'content-unread'
  | 'aborted';

/** Server: the last event; the transport is to be closed. */
export interface ServerClosedEvent {
  readonly type: 'closed';
  readonly cause: ServerCloseCause;
  /** Requests whose head was received. */
  readonly requests: number;
  /** A response was under way and has not been sent whole. */
  readonly responseIncomplete: boolean;
}

/** What a server machine reports. */
export type ServerEvent<Code extends string = string> =
  | RequestEvent
  | DataEvent
  | EndEvent
  | SwitchedEvent
  | FailedEvent<Code>
  | ServerClosedEvent;

/**
 * Why a client's connection ended. `drained`, `local-close` (the request said close),
 * `idle-timeout`, `max-requests`, `max-age`: our decision. `peer-close` (the response said close,
 * was HTTP/1.0, or was delimited by the end), `peer-end` (FIN while idle), `reset`, `truncated`: the
 * server's. `failed`: a `failed` event came first. `write-stall`: the server stopped reading.
 * `aborted`: by the caller.
 */
export type ClientCloseCause =
  | 'drained'
  | 'local-close'
  | 'idle-timeout'
  | 'max-requests'
  | 'max-age'
  | 'peer-close'
  | 'peer-end'
  | 'reset'
  | 'truncated'
  | 'failed'
  | 'write-stall'
  | 'aborted';

/**
 * What the end of a client's connection cut off (RFC 9112 section 8): `idle` nothing;
 * `before-response` requests without one byte of response; `mid-response` a response of known
 * length; `mid-close-delimited` a response that only a clean end could have completed.
 */
export type ClientEnding = 'idle' | 'before-response' | 'mid-response' | 'mid-close-delimited';

/** May an unanswered request be sent again by itself, and why (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1). */
export interface RetryVerdict {
  readonly retry: boolean;
  /**
   * `unsent`: not one byte left this machine. `idempotent`: repeating it does no harm.
   * `not-idempotent`: it may have been carried out. `sequence-not-idempotent`: it may, by itself, but
   * stands behind one in the pipeline that may not. `response-begun`: part of the answer is out.
   */
  readonly reason:
    | 'unsent'
    | 'idempotent'
    | 'not-idempotent'
    | 'sequence-not-idempotent'
    | 'response-begun';
}

/** A request that the end of the connection left without a complete response. */
export interface UnansweredRequest {
  readonly method: string;
  readonly target: string;
  readonly verdict: RetryVerdict;
}

/** Client: the last event; the transport is to be closed. */
export interface ClientClosedEvent {
  readonly type: 'closed';
  readonly cause: ClientCloseCause;
  readonly ending: ClientEnding;
  /** Oldest first. */
  readonly unanswered: readonly UnansweredRequest[];
}

/** What a client machine reports. */
export type ClientEvent<Code extends string = string> =
  | InformationalEvent
  | ContinueTimeoutEvent
  | ResponseEvent
  | DataEvent
  | EndEvent
  | SwitchedEvent
  | FailedEvent<Code>
  | ClientClosedEvent;
