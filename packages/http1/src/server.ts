// Entry `@holdline/http1/server`: everything a server needs and nothing of the client.
export type {
  End,
  Instant,
  NeedData,
  Paused,
  TrailingData,
  TransportWish,
} from './bytes/connection.ts';
export type {
  DataEvent,
  EndEvent,
  FailedEvent,
  Field,
  Framing,
  RequestEvent,
  RequestHead,
  ResponseHead,
  ServerCloseCause,
  ServerClosedEvent,
  ServerEvent,
  SwitchedEvent,
  TargetForm,
} from './events.ts';
export {
  FAULTS,
  type Fault,
  type Http1FaultCode,
  type Http1LocalCode,
  LocalProtocolError,
} from './faults.ts';
export { fieldNamesAsReceived } from './field-names.ts';
export { Http1Server, type ResponseState } from './http1-server.ts';
export {
  DEFAULT_LIMITS,
  DEFAULT_SERVER_TIMEOUTS,
  type Http1Limits,
  type Http1ServerTimeouts,
} from './limits.ts';
export {
  type Http1ServerOptions,
  type Http1ServerSettings,
  serverSettings,
} from './server-settings.ts';
export { reasonPhrase } from './status.ts';
