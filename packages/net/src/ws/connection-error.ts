// What a peer did wrong, as an error with the code and the words that `ws` has for it.
import type { FailedEvent, WebSocketFaultCode } from '@holdline/websocket';

/** A peer broke the protocol, or exceeded a limit; the connection is being closed. */
export interface ConnectionError extends Error {
  /** The code that `ws` has for it; where it has none, that of the fault. */
  readonly code: string;
  /** What it was exactly: a code of `@holdline/websocket`. */
  readonly fault: WebSocketFaultCode;
}

const FRAME = 'Invalid WebSocket frame: ';

/** The codes of `ws`, and its words where they differ from those of the fault. */
const CODES: { readonly [Fault in WebSocketFaultCode]?: readonly [code: string, words?: string] } =
  {
    WS_UNMASKED_FRAME: ['WS_ERR_EXPECTED_MASK', `${FRAME}MASK must be set`],
    WS_MASKED_FRAME: ['WS_ERR_UNEXPECTED_MASK', `${FRAME}MASK must be clear`],
    WS_RESERVED_BITS: ['WS_ERR_UNEXPECTED_RSV_1', `${FRAME}RSV1, RSV2 and RSV3 must be clear`],
    WS_RESERVED_OPCODE: ['WS_ERR_INVALID_OPCODE', `${FRAME}invalid opcode`],
    WS_UNEXPECTED_CONTINUATION: ['WS_ERR_INVALID_OPCODE', `${FRAME}invalid opcode 0`],
    WS_EXPECTED_CONTINUATION: ['WS_ERR_INVALID_OPCODE', `${FRAME}invalid opcode`],
    WS_CONTROL_FRAGMENTED: ['WS_ERR_EXPECTED_FIN', `${FRAME}FIN must be set`],
    WS_CONTROL_TOO_LONG: [
      'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
      `${FRAME}invalid payload length`,
    ],
    WS_INVALID_CLOSE_PAYLOAD: [
      'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
      `${FRAME}invalid payload length 1`,
    ],
    WS_INVALID_CLOSE_CODE: ['WS_ERR_INVALID_CLOSE_CODE', `${FRAME}invalid status code`],
    WS_INVALID_CLOSE_REASON: ['WS_ERR_INVALID_UTF8', `${FRAME}invalid UTF-8 sequence`],
    WS_INVALID_UTF8: ['WS_ERR_INVALID_UTF8', `${FRAME}invalid UTF-8 sequence`],
    WS_LENGTH_TOO_LARGE: [
      'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
      'Unsupported WebSocket frame: payload length > 2^53 - 1',
    ],
    WS_FRAME_TOO_LARGE: ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'Max payload size exceeded'],
    WS_MESSAGE_TOO_LARGE: ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'Max payload size exceeded'],
    WS_TOO_MANY_FRAGMENTS: ['WS_ERR_TOO_MANY_BUFFERED_PARTS', 'Too many message fragments'],
    WS_INVALID_DEFLATE: ['Z_DATA_ERROR', 'invalid compressed data'],
  };

/** The error of an event. */
export function connectionError({
  code,
  message,
}: FailedEvent<WebSocketFaultCode>): ConnectionError {
  const [wsCode = code, words = message] = CODES[code] ?? [];
  const isOfRange = wsCode.startsWith('WS_ERR_') && wsCode !== 'WS_ERR_INVALID_UTF8';
  const error = isOfRange ? new RangeError(words) : new Error(words);
  return Object.assign(error, { code: wsCode, fault: code });
}
