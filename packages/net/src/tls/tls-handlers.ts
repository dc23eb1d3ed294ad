// What the owner of a TLS connection decides and hears. Decisions may take their time: the handshake
// stands still until they are made.
import type {
  AlertName,
  ClientChooseCertificateEvent,
  Credential,
  FaultCode,
  SignEvent,
  TlsClientEvent,
  VerifyPeerEvent,
} from '@holdline/tls/client';
import type {
  ChoosePskEvent,
  PreSharedKey,
  ServerChooseCertificateEvent,
  TlsServerEvent,
} from '@holdline/tls/server';
import type { TlsConnection } from './tls-connection.ts';

/** A value, or the promise of one. */
export type Eventually<Value> = Value | PromiseLike<Value>;

/** Whether a peer is who it should be: true, false for certificate_unknown, or the alert that refuses it. */
export type PeerVerdict = boolean | AlertName;

/** Any event of either role's machine. */
export type AnyTlsEvent = TlsClientEvent<FaultCode> | TlsServerEvent<FaultCode>;

/** Decisions of both roles, and an ear for what happens. What throws or rejects refuses with internal_error. */
export interface TlsHandlers {
  /**
   * Judges the peer's certificates. It has proved that the first one's key is its own, and nothing
   * else has been looked at: not the names, not the dates, not the issuers.
   */
  verifyPeer?(peer: VerifyPeerEvent, connection: TlsConnection): Eventually<PeerVerdict>;
  /** Signs with a key that is elsewhere; see `RemoteSigningKey`. */
  sign?(request: SignEvent, connection: TlsConnection): Eventually<Uint8Array>;
  /** Every event but data, after it has taken effect: for logs and pages. Must not throw. */
  onEvent?(event: AnyTlsEvent, connection: TlsConnection): void;
}

/** A client's decisions. */
export interface TlsClientHandlers extends TlsHandlers {
  /** The certificate to show to a server that wants one, or null, where `credential` is `ask`. */
  chooseCertificate?(
    wishes: ClientChooseCertificateEvent,
    connection: TlsConnection,
  ): Eventually<Credential | null>;
}

/** A server's decisions. */
export interface TlsServerHandlers extends TlsHandlers {
  /** The certificate to show, where `credentials` is `ask`; null refuses with handshake_failure. */
  chooseCertificate?(
    wishes: ServerChooseCertificateEvent,
    connection: TlsConnection,
  ): Eventually<Credential | null>;
  /** Which of the client's pre-shared keys to use, where `preSharedKeys` is `ask`; null for none. */
  choosePsk?(
    offer: ChoosePskEvent,
    connection: TlsConnection,
  ): Eventually<{ readonly index: number; readonly psk: PreSharedKey } | null>;
}

/** Of either role, as a connection keeps them. */
export type AnyTlsHandlers = TlsClientHandlers | TlsServerHandlers;
