// Everything a peer can do wrong, in one table: the code, the section of the RFC it breaks, what a
// server answers, and, as the comment above each row, what it means. The reference page is
// generated from here.

/** The codes of `failed` events. */
export type Http1FaultCode =
  | 'HTTP1_INVALID_METHOD'
  | 'HTTP1_METHOD_TOO_LONG'
  | 'HTTP1_INVALID_TARGET'
  | 'HTTP1_TARGET_TOO_LONG'
  | 'HTTP1_START_LINE_TOO_LONG'
  | 'HTTP1_INVALID_VERSION'
  | 'HTTP1_UNSUPPORTED_VERSION'
  | 'HTTP1_INVALID_STATUS_LINE'
  | 'HTTP1_TOO_MANY_EMPTY_LINES'
  | 'HTTP1_BARE_CR'
  | 'HTTP1_BARE_LF'
  | 'HTTP1_INVALID_FIELD_NAME'
  | 'HTTP1_SPACE_BEFORE_COLON'
  | 'HTTP1_MISSING_COLON'
  | 'HTTP1_INVALID_FIELD_VALUE'
  | 'HTTP1_OBS_FOLD'
  | 'HTTP1_TOO_MANY_FIELDS'
  | 'HTTP1_HEAD_TOO_LARGE'
  | 'HTTP1_MISSING_HOST'
  | 'HTTP1_DUPLICATE_HOST'
  | 'HTTP1_INVALID_HOST'
  | 'HTTP1_INVALID_CONTENT_LENGTH'
  | 'HTTP1_INVALID_TRANSFER_ENCODING'
  | 'HTTP1_UNKNOWN_TRANSFER_CODING'
  | 'HTTP1_AMBIGUOUS_LENGTH'
  | 'HTTP1_TRANSFER_ENCODING_IN_HTTP10'
  | 'HTTP1_CONTENT_TOO_LARGE'
  | 'HTTP1_INVALID_CHUNK_SIZE'
  | 'HTTP1_INVALID_CHUNK_EXTENSION'
  | 'HTTP1_CHUNK_EXTENSIONS_TOO_LARGE'
  | 'HTTP1_INVALID_CHUNK_END'
  | 'HTTP1_TRAILERS_TOO_LARGE'
  | 'HTTP1_UNEXPECTED_END'
  | 'HTTP1_HEAD_TIMEOUT'
  | 'HTTP1_CONTENT_TIMEOUT'
  | 'HTTP1_UNSOLICITED_RESPONSE'
  | 'HTTP1_UNEXPECTED_SWITCH'
  | 'HTTP1_TOO_MANY_INFORMATIONAL';

/** One row of the fault table. */
export interface Fault {
  /** The RFC's number and section, as `RFC 9112 section 5.1`. */
  readonly section: string;
  /** Status code with which a server answers. */
  readonly status: number;
}

function fault(status: number, section: string): Fault {
  return { status, section };
}

/** Every fault that a `failed` event can name, each with what it means. */
export const FAULTS: Readonly<Record<Http1FaultCode, Fault>> = {
  /** The method is not a token followed by one space. */
  HTTP1_INVALID_METHOD: fault(400, 'RFC 9112 section 3.1'),
  /** The method is longer than any that is implemented. */
  HTTP1_METHOD_TOO_LONG: fault(501, 'RFC 9112 section 3'),
  /** The request-target has none of the four forms for its method, or a byte that no URI has. */
  HTTP1_INVALID_TARGET: fault(400, 'RFC 9112 section 3.2'),
  /** The request-target is longer than the limit. */
  HTTP1_TARGET_TOO_LONG: fault(414, 'RFC 9112 section 3'),
  /** The start-line is longer than the limit. */
  HTTP1_START_LINE_TOO_LONG: fault(400, 'RFC 9112 section 3'),
  /** The start-line has no HTTP-version where it belongs. */
  HTTP1_INVALID_VERSION: fault(400, 'RFC 9112 section 2.3'),
  /** The major version is not 1. */
  HTTP1_UNSUPPORTED_VERSION: fault(505, 'RFC 9110 section 15.6.6'),
  /** The status-line is malformed. */
  HTTP1_INVALID_STATUS_LINE: fault(502, 'RFC 9112 section 4'),
  /** More empty lines before the request-line than are ignored. */
  HTTP1_TOO_MANY_EMPTY_LINES: fault(400, 'RFC 9112 section 2.2'),
  /** A CR is not followed by LF. */
  HTTP1_BARE_CR: fault(400, 'RFC 9112 section 2.2'),
  /** A line ends with LF without CR. */
  HTTP1_BARE_LF: fault(400, 'RFC 9112 section 2.2'),
  /** A field line does not start with a token. */
  HTTP1_INVALID_FIELD_NAME: fault(400, 'RFC 9112 section 5'),
  /** White space between field name and colon. */
  HTTP1_SPACE_BEFORE_COLON: fault(400, 'RFC 9112 section 5.1'),
  /** A field line has no colon. */
  HTTP1_MISSING_COLON: fault(400, 'RFC 9112 section 5'),
  /** A field value has NUL or another control character. */
  HTTP1_INVALID_FIELD_VALUE: fault(400, 'RFC 9110 section 5.5'),
  /** A field value continues on a line of its own (obs-fold). */
  HTTP1_OBS_FOLD: fault(400, 'RFC 9112 section 5.2'),
  /** More field lines than the limit. */
  HTTP1_TOO_MANY_FIELDS: fault(431, 'RFC 6585 section 5'),
  /** The head is larger than the limit. */
  HTTP1_HEAD_TOO_LARGE: fault(431, 'RFC 6585 section 5'),
  /** An HTTP/1.1 request without Host. */
  HTTP1_MISSING_HOST: fault(400, 'RFC 9112 section 3.2'),
  /** More than one Host field line. */
  HTTP1_DUPLICATE_HOST: fault(400, 'RFC 9112 section 3.2'),
  /** The Host field is not a host with an optional port. */
  HTTP1_INVALID_HOST: fault(400, 'RFC 9112 section 3.2'),
  /** Content-Length is not one decimal number that can be represented, or lists different ones. */
  HTTP1_INVALID_CONTENT_LENGTH: fault(400, 'RFC 9112 section 6.3'),
  /** Transfer-Encoding is malformed, has chunked twice, or, in a request, not as its last. */
  HTTP1_INVALID_TRANSFER_ENCODING: fault(400, 'RFC 9112 section 6.3'),
  /** A transfer coding other than chunked in a request. */
  HTTP1_UNKNOWN_TRANSFER_CODING: fault(501, 'RFC 9112 section 6.1'),
  /** Both Transfer-Encoding and Content-Length. */
  HTTP1_AMBIGUOUS_LENGTH: fault(400, 'RFC 9112 section 6.3'),
  /** Transfer-Encoding in an HTTP/1.0 message. */
  HTTP1_TRANSFER_ENCODING_IN_HTTP10: fault(400, 'RFC 9112 section 6.1'),
  /** More content than the limit. */
  HTTP1_CONTENT_TOO_LARGE: fault(413, 'RFC 9110 section 15.5.14'),
  /** A chunk size is not a hexadecimal number that can be represented. */
  HTTP1_INVALID_CHUNK_SIZE: fault(400, 'RFC 9112 section 7.1'),
  /** A chunk extension is malformed. */
  HTTP1_INVALID_CHUNK_EXTENSION: fault(400, 'RFC 9112 section 7.1.1'),
  /** More chunk extensions than the limit. */
  HTTP1_CHUNK_EXTENSIONS_TOO_LARGE: fault(413, 'RFC 9112 section 7.1.1'),
  /** Chunk data is not followed by CRLF. */
  HTTP1_INVALID_CHUNK_END: fault(400, 'RFC 9112 section 7.1'),
  /** The trailer section is larger than the limit. */
  HTTP1_TRAILERS_TOO_LARGE: fault(431, 'RFC 6585 section 5'),
  /** The connection ended inside a message. */
  HTTP1_UNEXPECTED_END: fault(400, 'RFC 9112 section 8'),
  /** The head did not arrive in time. */
  HTTP1_HEAD_TIMEOUT: fault(408, 'RFC 9110 section 15.5.9'),
  /** The content arrived too slowly. */
  HTTP1_CONTENT_TIMEOUT: fault(408, 'RFC 9110 section 15.5.9'),
  /** A response to no request. */
  HTTP1_UNSOLICITED_RESPONSE: fault(502, 'RFC 9112 section 9.2'),
  /** A 101 response to a request that offered no Upgrade, or to a protocol it did not offer. */
  HTTP1_UNEXPECTED_SWITCH: fault(502, 'RFC 9110 section 7.8'),
  /** More informational responses to one request than the limit. */
  HTTP1_TOO_MANY_INFORMATIONAL: fault(502, 'RFC 9110 section 15.2'),
};

/** The codes of `LocalProtocolError`: what a caller can do wrong. */
export type Http1LocalCode =
  /** There is no request to answer, or none whose content could be sent. */
  | 'HTTP1_NO_REQUEST'
  /** The final response has been started, or the client has it all. */
  | 'HTTP1_RESPONSE_STARTED'
  /** Content or an end before the head of a response. */
  | 'HTTP1_NO_RESPONSE'
  /** The message has no content: HEAD, 204, 304, or a request without framing. */
  | 'HTTP1_CONTENT_NOT_ALLOWED'
  /** More content than Content-Length says, or an end before all of it. */
  | 'HTTP1_CONTENT_LENGTH_MISMATCH'
  /** Trailers in a message that is not chunked, or a field that may not be one. */
  | 'HTTP1_TRAILERS_NOT_ALLOWED'
  /** Fields that contradict each other, that the machine writes itself, or that the message may not have. */
  | 'HTTP1_FRAMING_NOT_ALLOWED'
  /** A switch that was not offered, comes too early, or did not happen. */
  | 'HTTP1_SWITCH_NOT_ALLOWED'
  /** The connection takes no more requests. */
  | 'HTTP1_CONNECTION_CLOSING'
  /** The request before is not complete. */
  | 'HTTP1_REQUEST_STARTED';

/** The caller broke the protocol; nothing has changed. */
export class LocalProtocolError extends Error {
  override readonly name: string = 'LocalProtocolError';
  /** What the caller did wrong. */
  readonly code: Http1LocalCode;

  constructor(code: Http1LocalCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** The text of a `failed` event: what, where, and which section. The code's words say what. */
export function faultMessage(code: Http1FaultCode, offset: number): string {
  const words = code.slice('HTTP1_'.length).toLowerCase().replaceAll('_', ' ');
  return `${words} at byte ${offset} of the input (${FAULTS[code].section})`;
}
