// Everything a peer can do wrong, in one table: the code, the close code that answers it, the
// section of the RFC, and, as the comment above each row, what it means. The reference page is
// generated from here.

/** The codes of `failed` events. */
export type WebSocketFaultCode =
  | 'WS_UNMASKED_FRAME'
  | 'WS_MASKED_FRAME'
  | 'WS_RESERVED_BITS'
  | 'WS_RESERVED_OPCODE'
  | 'WS_LENGTH_NOT_MINIMAL'
  | 'WS_LENGTH_TOO_LARGE'
  | 'WS_CONTROL_TOO_LONG'
  | 'WS_CONTROL_FRAGMENTED'
  | 'WS_UNEXPECTED_CONTINUATION'
  | 'WS_EXPECTED_CONTINUATION'
  | 'WS_INVALID_UTF8'
  | 'WS_INVALID_CLOSE_PAYLOAD'
  | 'WS_INVALID_CLOSE_CODE'
  | 'WS_INVALID_CLOSE_REASON'
  | 'WS_INVALID_DEFLATE'
  | 'WS_FRAME_TOO_LARGE'
  | 'WS_MESSAGE_TOO_LARGE'
  | 'WS_TOO_MANY_FRAGMENTS'
  | 'WS_TOO_MANY_CONTROL_FRAMES'
  | 'WS_BACKLOG_TOO_LARGE';

/** One row of the table. */
export interface WebSocketFault {
  /** The code of the Close frame that answers it (RFC 6455 section 7.4.1). */
  readonly closeCode: number;
  /** The sentence that was broken is there. */
  readonly section: string;
}

function fault(closeCode: number, section: string): WebSocketFault {
  return { closeCode, section };
}

/** What each code means to the wire. */
export const FAULTS: Readonly<Record<WebSocketFaultCode, WebSocketFault>> = {
  /** A client sent a frame that is not masked. */
  WS_UNMASKED_FRAME: fault(1002, 'RFC 6455 section 5.1'),
  /** A server sent a frame that is masked. */
  WS_MASKED_FRAME: fault(1002, 'RFC 6455 section 5.1'),
  /** A reserved bit is set that no negotiated extension gives a meaning in this frame. */
  WS_RESERVED_BITS: fault(1002, 'RFC 6455 section 5.2'),
  /** Opcode 3-7 or 11-15. */
  WS_RESERVED_OPCODE: fault(1002, 'RFC 6455 section 5.2'),
  /** A payload length in more bytes than it needs. */
  WS_LENGTH_NOT_MINIMAL: fault(1002, 'RFC 6455 section 5.2'),
  /** A payload length above 2^53-1. */
  WS_LENGTH_TOO_LARGE: fault(1009, 'RFC 6455 section 5.2'),
  /** A control frame with more than 125 bytes of payload. */
  WS_CONTROL_TOO_LONG: fault(1002, 'RFC 6455 section 5.5'),
  /** A control frame without FIN. */
  WS_CONTROL_FRAGMENTED: fault(1002, 'RFC 6455 section 5.5'),
  /** A continuation where no message is under way. */
  WS_UNEXPECTED_CONTINUATION: fault(1002, 'RFC 6455 section 5.4'),
  /** A new message before the end of the one under way. */
  WS_EXPECTED_CONTINUATION: fault(1002, 'RFC 6455 section 5.4'),
  /** A byte of a text message that UTF-8 does not have there, or an end within a character. */
  WS_INVALID_UTF8: fault(1007, 'RFC 6455 section 8.1'),
  /** A Close frame with a single byte of payload. */
  WS_INVALID_CLOSE_PAYLOAD: fault(1002, 'RFC 6455 section 5.5.1'),
  /** A Close frame with a code that must not be on the wire. */
  WS_INVALID_CLOSE_CODE: fault(1002, 'RFC 6455 section 7.4'),
  /** A Close frame whose reason is not UTF-8. */
  WS_INVALID_CLOSE_REASON: fault(1007, 'RFC 6455 section 5.5.1'),
  /** A compressed message that DEFLATE cannot have made, or not within the agreed window. */
  WS_INVALID_DEFLATE: fault(1007, 'RFC 7692 section 7.2.2'),
  /** A frame with more payload than the limit. */
  WS_FRAME_TOO_LARGE: fault(1009, 'RFC 6455 section 10.4'),
  /** A message with more content, after inflation, than the limit. */
  WS_MESSAGE_TOO_LARGE: fault(1009, 'RFC 6455 section 10.4'),
  /** A message in more frames than the limit. */
  WS_TOO_MANY_FRAGMENTS: fault(1008, 'RFC 6455 section 10.4'),
  /** More pings, pongs and such in a second than the limit. */
  WS_TOO_MANY_CONTROL_FRAMES: fault(1008, 'RFC 6455 section 10.4'),
  /** The peer reads more slowly than it is sent to, and too much has gathered. */
  WS_BACKLOG_TOO_LARGE: fault(1008, 'RFC 6455 section 10.4'),
};

/** The codes of `LocalProtocolError`: what a caller can do wrong. */
export type WebSocketLocalCode =
  /** The closing handshake has begun, or the connection has failed or ended. */
  | 'WS_NOT_OPEN'
  /** A message or a frame of declared length is under way. */
  | 'WS_MESSAGE_STARTED'
  /** There is no message, or no such frame, under way. */
  | 'WS_NO_MESSAGE'
  /** More payload than the frame's header says, or an end before all of it. */
  | 'WS_FRAME_LENGTH_MISMATCH'
  /** More than 125 bytes in a ping or pong. */
  | 'WS_CONTROL_PAYLOAD_TOO_LONG'
  /** A close code that must not be on the wire, or a reason without one or above 123 bytes. */
  | 'WS_CLOSE_NOT_ALLOWED'
  /** Text in bytes that are not UTF-8. */
  | 'WS_TEXT_NOT_UTF8';

/** The caller broke the protocol; nothing has changed. */
export class LocalProtocolError extends Error {
  override readonly name: string = 'LocalProtocolError';
  /** What the caller did wrong. */
  readonly code: WebSocketLocalCode;

  constructor(code: WebSocketLocalCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** The text of a `failed` event: what, where, and which section. The code's words say what. */
export function faultMessage(code: WebSocketFaultCode, offset: number): string {
  const words = code.slice('WS_'.length).toLowerCase().replaceAll('_', ' ');
  return `${words} at byte ${offset} of the input (${FAULTS[code].section})`;
}
