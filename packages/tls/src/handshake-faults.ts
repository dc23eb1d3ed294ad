// What a peer can do wrong in handshake messages and in their order.
import { type Fault, fault } from './fault.ts';

/** The codes of the handshake. */
export type HandshakeFaultCode = 'TLS_DECODE_ERROR' | 'TLS_UNEXPECTED_MESSAGE';

/** What each code means to the wire. */
export const HANDSHAKE_FAULTS: Readonly<Record<HandshakeFaultCode, Fault>> = {
  /** A message or extension whose lengths do not fit what is in it. */
  TLS_DECODE_ERROR: fault('decode_error', 'RFC 9846 section 6.2'),
  /** A message that may not come at this point. */
  TLS_UNEXPECTED_MESSAGE: fault('unexpected_message', 'RFC 9846 section 4'),
};
