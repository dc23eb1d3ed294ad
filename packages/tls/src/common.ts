// What both roles' entries share.
export { ALERT, type AlertName } from './alert.ts';
export type {
  End,
  Instant,
  NeedData,
  Paused,
  TrailingData,
  TransportWish,
} from './bytes/connection.ts';
export type { CipherSuiteName } from './cipher-suite.ts';
export type { Credential, PreSharedKey, RemoteSigningKey } from './credential.ts';
export type {
  CertificateWishes,
  CloseCause,
  ClosedEvent,
  DataEvent,
  EndEvent,
  FailedEvent,
  HandshakeCompleteEvent,
  HeartbeatEvent,
  HeartbeatRequestEvent,
  KeyUpdateEvent,
  SignEvent,
  TlsEvent,
  UserCanceledEvent,
  VerifyPeerEvent,
} from './events.ts';
export type { Fault } from './fault.ts';
export { FAULTS, type FaultCode } from './faults.ts';
export { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, type TlsLimits, type TlsTimeouts } from './limits.ts';
export { LocalProtocolError, type TlsLocalCode } from './local-error.ts';
export type { NamedGroup } from './named-group.ts';
export type * from './provider.ts';
export type { HeartbeatOption } from './settings.ts';
export type { SignatureScheme } from './signature-scheme.ts';
