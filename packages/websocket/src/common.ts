// What both roles' entries export.
export type { End, Instant, NeedData, TrailingData, TransportWish } from './bytes/connection.ts';
export { CLOSE_CODE, isWireCloseCode, REASON_BYTES_MAX } from './close-code.ts';
export type { ClosedEvent, Evidence, Observation } from './closed-event.ts';
export type {
  Compression,
  DeflateContext,
  MessageDeflater,
  MessageInflater,
} from './compression.ts';
export type { DeflateParameters } from './deflate-parameters.ts';
export type { Diagnosis, LikelyCause } from './diagnosis.ts';
export type {
  BinaryEvent,
  CloseEvent,
  DataEvent,
  EndEvent,
  FailedEvent,
  MessageEvent,
  PingEvent,
  PongEvent,
  TextEvent,
  WebSocketEvent,
} from './events.ts';
export {
  FAULTS,
  LocalProtocolError,
  type WebSocketFault,
  type WebSocketFaultCode,
  type WebSocketLocalCode,
} from './faults.ts';
export type {
  HandshakeField,
  HandshakeRequestHead,
  HandshakeResponseHead,
} from './handshake-head.ts';
export { DEFAULT_HANDSHAKE_LIMITS, type HandshakeLimits } from './handshake-limits.ts';
export { DEFAULT_LIMITS, type WebSocketLimits, type WebSocketTimeouts } from './limits.ts';
export { adaptMasker, type Masker, type NativeMasker } from './masker.ts';
export type { SendOptions } from './message-sender.ts';
export type { MessageKind } from './opcode.ts';
export type { RequestFaultCode } from './request-faults.ts';
export type { ResponseFaultCode } from './response-faults.ts';
export type { RoundTrip } from './round-trip.ts';
export type { Utf8Check } from './utf8.ts';
