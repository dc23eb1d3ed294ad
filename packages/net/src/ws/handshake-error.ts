// Why a server's answer does not open a connection, in the words of `ws` where it has some.
import type {
  ClientHandshake,
  FailedHandshake,
  RefusedHandshake,
  ResponseFaultCode,
} from '@holdline/websocket';

/** A server's answer that broke the protocol. */
export interface HandshakeError extends Error {
  /** What it was exactly: a code of `@holdline/websocket`. */
  readonly fault?: ResponseFaultCode;
}

const WORDS: { readonly [Fault in ResponseFaultCode]?: string } = {
  WS_WRONG_UPGRADE: 'Invalid Upgrade header',
  WS_MISSING_ACCEPT: 'Invalid Sec-WebSocket-Accept header',
  WS_DUPLICATE_ACCEPT: 'Invalid Sec-WebSocket-Accept header',
  WS_WRONG_ACCEPT: 'Invalid Sec-WebSocket-Accept header',
  WS_NO_SUBPROTOCOL: 'Server sent no subprotocol',
  WS_SUBPROTOCOL_NOT_OFFERED: 'Server sent an invalid subprotocol',
  WS_INVALID_EXTENSION_RESPONSE: 'Invalid Sec-WebSocket-Extensions header',
  WS_INVALID_DEFLATE_PARAMETERS: 'Invalid Sec-WebSocket-Extensions header',
  WS_DEFLATE_NOT_OFFERED: 'Invalid Sec-WebSocket-Extensions header',
  WS_EXTENSION_NOT_OFFERED: 'Server indicated an extension that was not requested',
};

/** The error of a verdict. */
export function handshakeError(
  verdict: FailedHandshake | RefusedHandshake,
  { subprotocols, deflate }: ClientHandshake,
): HandshakeError {
  if (verdict.type === 'refused') return new Error('Unexpected server response');
  const { code, message } = verdict;
  let words = WORDS[code] ?? message;
  if (code === 'WS_SUBPROTOCOL_NOT_OFFERED' && subprotocols.length === 0) {
    words = 'Server sent a subprotocol but none was requested';
  }
  if (code === 'WS_EXTENSION_NOT_OFFERED' && deflate.length === 0) {
    words = 'Server sent a Sec-WebSocket-Extensions header but no extension was requested';
  }
  return Object.assign(new Error(words), { fault: code });
}
