// Everything a client can do wrong in the opening handshake, in one table: the code, the section of
// the RFC it breaks, what a server answers, and, as the comment above each row, what it means.

/** What is wrong with a request, or why it is none for a WebSocket. */
export type RequestFaultCode =
  | 'WS_HTTP_VERSION_TOO_LOW'
  | 'WS_NO_UPGRADE'
  | 'WS_NO_UPGRADE_OPTION'
  | 'WS_METHOD_NOT_GET'
  | 'WS_INVALID_TARGET'
  | 'WS_MISSING_HOST'
  | 'WS_DUPLICATE_HOST'
  | 'WS_INVALID_HOST'
  | 'WS_MISSING_VERSION'
  | 'WS_DUPLICATE_VERSION'
  | 'WS_INVALID_VERSION'
  | 'WS_UNSUPPORTED_VERSION'
  | 'WS_MISSING_KEY'
  | 'WS_DUPLICATE_KEY'
  | 'WS_INVALID_KEY'
  | 'WS_REQUEST_CONTENT'
  | 'WS_DUPLICATE_ORIGIN'
  | 'WS_INVALID_SUBPROTOCOLS'
  | 'WS_INVALID_EXTENSIONS'
  | 'WS_HANDSHAKE_TOO_LARGE';

/** One row of the table. */
export interface RequestFault {
  /** The RFC's number and section, as `RFC 6455 section 4.2.1`. */
  readonly section: string;
  /** Status code with which a server answers. */
  readonly status: number;
}

function fault(status: number, section: string): RequestFault {
  return { status, section };
}

/** Every fault of a request. The first three make it a request for something else than a WebSocket. */
export const REQUEST_FAULTS: Readonly<Record<RequestFaultCode, RequestFault>> = {
  /** HTTP/1.0, in which a server ignores Upgrade. */
  WS_HTTP_VERSION_TOO_LOW: fault(426, 'RFC 9110 section 7.8'),
  /** Upgrade is absent, or does not offer websocket. */
  WS_NO_UPGRADE: fault(426, 'RFC 6455 section 4.2.1'),
  /** Upgrade offers websocket, but Connection does not list upgrade. */
  WS_NO_UPGRADE_OPTION: fault(426, 'RFC 6455 section 4.2.1'),
  /** Another method than GET offers to upgrade to websocket. */
  WS_METHOD_NOT_GET: fault(405, 'RFC 6455 section 4.2.1'),
  /** The target is no resource name, nor an absolute http or https URI. */
  WS_INVALID_TARGET: fault(400, 'RFC 6455 section 4.2.1'),
  /** There is no Host field. */
  WS_MISSING_HOST: fault(400, 'RFC 6455 section 4.2.1'),
  /** There is more than one Host field line. */
  WS_DUPLICATE_HOST: fault(400, 'RFC 9112 section 3.2'),
  /** Host is not a host with an optional port. */
  WS_INVALID_HOST: fault(400, 'RFC 9112 section 3.2'),
  /** There is no Sec-WebSocket-Version field. */
  WS_MISSING_VERSION: fault(426, 'RFC 6455 section 4.2.1'),
  /** There is more than one Sec-WebSocket-Version field line. */
  WS_DUPLICATE_VERSION: fault(400, 'RFC 6455 section 11.3.5'),
  /** Sec-WebSocket-Version is no number from 0 to 255. */
  WS_INVALID_VERSION: fault(400, 'RFC 6455 section 4.3'),
  /** Sec-WebSocket-Version is another one than 13. */
  WS_UNSUPPORTED_VERSION: fault(426, 'RFC 6455 section 4.4'),
  /** There is no Sec-WebSocket-Key field. */
  WS_MISSING_KEY: fault(400, 'RFC 6455 section 4.2.1'),
  /** There is more than one Sec-WebSocket-Key field line. */
  WS_DUPLICATE_KEY: fault(400, 'RFC 6455 section 11.3.1'),
  /** Sec-WebSocket-Key is not the base64 of 16 bytes. */
  WS_INVALID_KEY: fault(400, 'RFC 6455 section 4.2.1'),
  /** The request announces content, which a GET request has no use for. */
  WS_REQUEST_CONTENT: fault(400, 'RFC 9110 section 9.3.1'),
  /** There is more than one Origin field line. */
  WS_DUPLICATE_ORIGIN: fault(400, 'RFC 6454 section 7.3'),
  /** Sec-WebSocket-Protocol is not a list of tokens, or has one twice. */
  WS_INVALID_SUBPROTOCOLS: fault(400, 'RFC 6455 section 4.3'),
  /** Sec-WebSocket-Extensions is malformed. */
  WS_INVALID_EXTENSIONS: fault(400, 'RFC 6455 section 9.1'),
  /** A list is longer than the limits. */
  WS_HANDSHAKE_TOO_LARGE: fault(431, 'RFC 6585 section 5'),
};
