// Entry `@holdline/http1/client`: everything a client needs and nothing of the server.
export type {
  End,
  Instant,
  NeedData,
  Paused,
  TrailingData,
  TransportWish,
} from './bytes/connection.ts';
export {
  clientSettings,
  type Http1ClientOptions,
  type Http1ClientSettings,
} from './client-settings.ts';
export type {
  ClientCloseCause,
  ClientClosedEvent,
  ClientEnding,
  ClientEvent,
  ContinueTimeoutEvent,
  DataEvent,
  EndEvent,
  FailedEvent,
  Field,
  Framing,
  InformationalEvent,
  KeepAliveHint,
  RequestHead,
  ResponseEvent,
  ResponseHead,
  RetryVerdict,
  SwitchedEvent,
  UnansweredRequest,
} from './events.ts';
export {
  FAULTS,
  type Fault,
  type Http1FaultCode,
  type Http1LocalCode,
  LocalProtocolError,
} from './faults.ts';
export { fieldNamesAsReceived } from './field-names.ts';
export { Http1Client } from './http1-client.ts';
export {
  DEFAULT_CLIENT_TIMEOUTS,
  DEFAULT_LIMITS,
  type Http1ClientTimeouts,
  type Http1Limits,
} from './limits.ts';
export { isIdempotent, type RequestFate, type ReuseVerdict, retryVerdicts } from './reuse.ts';
