// Everything a server can do wrong in the opening handshake, in one table: the code, the section of
// the RFC it breaks, and, as the comment above each row, what it means.

/** Why a response with status 101 fails the connection. */
export type ResponseFaultCode =
  | 'WS_WRONG_UPGRADE'
  | 'WS_WRONG_CONNECTION'
  | 'WS_MISSING_ACCEPT'
  | 'WS_DUPLICATE_ACCEPT'
  | 'WS_WRONG_ACCEPT'
  | 'WS_DUPLICATE_SUBPROTOCOL'
  | 'WS_SUBPROTOCOL_NOT_OFFERED'
  | 'WS_NO_SUBPROTOCOL'
  | 'WS_INVALID_EXTENSION_RESPONSE'
  | 'WS_EXTENSION_NOT_OFFERED'
  | 'WS_DUPLICATE_EXTENSION'
  | 'WS_INVALID_DEFLATE_PARAMETERS'
  | 'WS_DEFLATE_NOT_OFFERED';

/** One row of the table. */
export interface ResponseFault {
  /** The RFC's number and section, as `RFC 6455 section 4.1`. */
  readonly section: string;
}

function fault(section: string): ResponseFault {
  return { section };
}

/** Every fault of a response that would establish the connection. */
export const RESPONSE_FAULTS: Readonly<Record<ResponseFaultCode, ResponseFault>> = {
  /** Upgrade is absent, or is not websocket. */
  WS_WRONG_UPGRADE: fault('RFC 6455 section 4.1'),
  /** Connection does not list upgrade. */
  WS_WRONG_CONNECTION: fault('RFC 6455 section 4.1'),
  /** There is no Sec-WebSocket-Accept field. */
  WS_MISSING_ACCEPT: fault('RFC 6455 section 4.1'),
  /** There is more than one Sec-WebSocket-Accept field line. */
  WS_DUPLICATE_ACCEPT: fault('RFC 6455 section 11.3.3'),
  /** Sec-WebSocket-Accept does not belong to the key that was sent. */
  WS_WRONG_ACCEPT: fault('RFC 6455 section 4.1'),
  /** There is more than one Sec-WebSocket-Protocol field line. */
  WS_DUPLICATE_SUBPROTOCOL: fault('RFC 6455 section 11.3.4'),
  /** The server chose a subprotocol that was not asked for. */
  WS_SUBPROTOCOL_NOT_OFFERED: fault('RFC 6455 section 4.1'),
  /** The server chose no subprotocol, and the caller insists on one. */
  WS_NO_SUBPROTOCOL: fault('RFC 6455 section 4.1'),
  /** Sec-WebSocket-Extensions is malformed, or longer than the limits. */
  WS_INVALID_EXTENSION_RESPONSE: fault('RFC 6455 section 9.1'),
  /** The server accepts an extension that was not offered. */
  WS_EXTENSION_NOT_OFFERED: fault('RFC 6455 section 4.1'),
  /** The server accepts an extension twice. */
  WS_DUPLICATE_EXTENSION: fault('RFC 7692 section 5'),
  /** The parameters of permessage-deflate are not those of a response. */
  WS_INVALID_DEFLATE_PARAMETERS: fault('RFC 7692 section 7'),
  /** The parameters of permessage-deflate answer none of the offers. */
  WS_DEFLATE_NOT_OFFERED: fault('RFC 7692 section 7.1'),
};
