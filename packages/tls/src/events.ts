// What a connection reports. Every event is a plain object with `type` first.
import type { AlertName } from './alert.ts';
import type { End } from './bytes/connection.ts';
import type { CipherSuiteName } from './cipher-suite.ts';
import type { NamedGroup } from './named-group.ts';
import type { SignatureScheme } from './signature-scheme.ts';

/** The handshake is complete: both Finished messages have been exchanged and verified. */
export interface HandshakeCompleteEvent {
  readonly type: 'handshake-complete';
  readonly version: 'TLS 1.3';
  readonly cipherSuite: CipherSuiteName;
  /** The group of the key exchange; null for a pre-shared key alone (psk_ke). */
  readonly group: NamedGroup | null;
  /** The scheme of the server's CertificateVerify; null where a pre-shared key authenticates it. */
  readonly signatureScheme: SignatureScheme | null;
  /** The protocol agreed on by ALPN (RFC 7301), one code unit per byte; null for none. */
  readonly protocol: string | null;
  /** The name that the client asked for (RFC 6066 section 3); null for none. */
  readonly serverName: string | null;
  /** The identity of the external pre-shared key; null for none. */
  readonly pskIdentity: Uint8Array | null;
  /** Certificates in DER that the peer has shown and that were accepted, its own first; empty for none. */
  readonly peerCertificates: readonly Uint8Array[];
  /** The client has had to say hello twice (RFC 9846 section 4.2.4). */
  readonly wasRetried: boolean;
  /** Who may send heartbeats (RFC 6520): we, the peer. */
  readonly heartbeat: { readonly sends: boolean; readonly receives: boolean };
}

/** Application data, never empty. */
export interface DataEvent {
  readonly type: 'data';
  readonly data: Uint8Array;
}

/** The peer sends nothing more: `finished` by close_notify; `truncated` without it (RFC 9846 section 6.1). */
export interface EndEvent {
  readonly type: 'end';
  readonly end: End;
}

/** A direction has new keys (section 4.7.3). */
export interface KeyUpdateEvent {
  readonly type: 'key-update';
  readonly direction: 'sending' | 'receiving';
  /** How often this direction's keys have been updated, this time included. */
  readonly epoch: number;
  /** What made us update; for `receiving`, whether the peer has asked for ours, too. */
  readonly cause: 'asked' | 'requested' | 'records' | 'bytes' | 'age' | 'peer' | 'peer-requests';
}

/** A heartbeat request of ours was answered (RFC 6520). */
export interface HeartbeatEvent {
  readonly type: 'heartbeat';
  /** Milliseconds since the request. */
  readonly roundTripMs: number;
}

/** The peer sent a heartbeat request, which the machine answers. */
export interface HeartbeatRequestEvent {
  readonly type: 'heartbeat-request';
  /** Bytes of its payload. */
  readonly payloadBytes: number;
}

/** The peer cancels for a reason of its own; close_notify follows (RFC 9846 section 6.1). */
export interface UserCanceledEvent {
  readonly type: 'user-canceled';
}

/** Decision: whether the peer is who it should be. It has proved that the key of the first certificate is its own. */
export interface VerifyPeerEvent {
  readonly type: 'verify-peer';
  /** To be given to `acceptPeer` or `refuse`. */
  readonly id: number;
  /** Certificates in DER, the peer's own first, as received and not yet looked at (section 4.5.1). */
  readonly chain: readonly Uint8Array[];
  /** The OCSPResponse in DER for the first certificate; null when none came. */
  readonly ocspResponse: Uint8Array | null;
  /** At a client: the name it asked for. */
  readonly serverName: string | null;
  /** The `requestCertificate` that this answers; null for the handshake's own. */
  readonly request: number | null;
}

/** Decision: a signature under a key that is elsewhere. */
export interface SignEvent {
  readonly type: 'sign';
  /** To be given to `answerSignature` or `refuse`. */
  readonly id: number;
  readonly scheme: SignatureScheme;
  /** What is to be signed, whole (section 4.5.2). */
  readonly content: Uint8Array;
}

/** What the peer says about certificates that it would accept. */
export interface CertificateWishes {
  /** Numbers of the schemes under which we may sign, in the peer's order (section 4.3.3); rsa_pkcs1 ones count for chains alone. */
  readonly schemes: readonly number[];
  /** Numbers of the schemes by which certificates may be signed; the same list when the peer did not say. */
  readonly certificateSchemes: readonly number[];
  /** DER of the distinguished names of acceptable authorities, unparsed; empty when not said (section 4.3.4). */
  readonly authorities: readonly Uint8Array[];
}

/** Decision of a server: which certificate to show. */
export interface ServerChooseCertificateEvent extends CertificateWishes {
  readonly type: 'choose-certificate';
  /** To be given to `chooseCertificate` or `refuse`. */
  readonly id: number;
  /** The name that the client asks for, in ASCII lower case; null for none. */
  readonly serverName: string | null;
  /** The protocol agreed on by ALPN; null for none. */
  readonly protocol: string | null;
  /** All that the client offers by ALPN. */
  readonly offeredProtocols: readonly string[];
}

/** Decision of a client: which certificate to show, or none. */
export interface ClientChooseCertificateEvent extends CertificateWishes {
  readonly type: 'choose-certificate';
  /** To be given to `chooseCertificate` or `refuse`. */
  readonly id: number;
  /** Extensions that the certificate is to have, with their values (section 4.3.5). */
  readonly oidFilters: readonly { readonly oid: Uint8Array; readonly values: Uint8Array }[];
  /** Asked after the handshake (section 4.7.2): the connection goes on meanwhile. */
  readonly isAfterHandshake: boolean;
}

/** Decision of a server: which of the client's pre-shared keys to use, if any (section 4.3.11). */
export interface ChoosePskEvent {
  readonly type: 'choose-psk';
  /** To be given to `choosePsk` or `refuse`. */
  readonly id: number;
  /** In the client's order. */
  readonly identities: readonly Uint8Array[];
}

/** A client has answered a `requestCertificate` (section 4.7.2), and its answer has been accepted. */
export interface ClientAuthenticatedEvent {
  readonly type: 'client-authenticated';
  /** What `requestCertificate` returned. */
  readonly request: number;
  /** Certificates in DER, its own first; empty when it has shown none. */
  readonly chain: readonly Uint8Array[];
}

/** The connection failed: by the peer's fault, by its alert, by a refusal, or by a key that cannot sign. Comes at most once. */
export interface FailedEvent<Code extends string = string> {
  readonly type: 'failed';
  readonly code: Code;
  /** The alert that is sent; null for none, such as when the peer's alert came. */
  readonly alert: AlertName | null;
  /** The number of the alert that came; null for none. */
  readonly receivedAlert: number | null;
  /** What, where, and which section; no bytes of the peer's. */
  readonly message: string;
  /** Bytes of the connection's input before the record in question. */
  readonly offset: number;
  /** With TLS_SIGNING_FAILED, what the signing key threw; null otherwise. */
  readonly cause: unknown;
}

/** How a connection ended. One of these, and nothing that had to be guessed. */
export type CloseCause =
  /** close_notify was sent and received. */
  | 'finished'
  /** The peer's end came without close_notify. */
  | 'truncated'
  /** The peer's RST came. */
  | 'reset'
  /** The transport failed on this machine. */
  | 'transport-failed'
  /** See the `failed` event. */
  | 'failed'
  /** The peer sent close_notify before the handshake was complete. */
  | 'canceled'
  /** The handshake was not complete in the time for it. */
  | 'handshake-timeout'
  /** A heartbeat request was not answered in the time for it. */
  | 'heartbeat-timeout'
  /** The peer did not end its direction in the time for it. */
  | 'closing-timeout'
  /** The caller cut it, or canceled the handshake. */
  | 'aborted';

/** The connection is over. Comes exactly once, and nothing after it. */
export interface ClosedEvent {
  readonly type: 'closed';
  readonly cause: CloseCause;
  /** Our close_notify was sent. */
  readonly sentCloseNotify: boolean;
  /** The peer's close_notify came. */
  readonly receivedCloseNotify: boolean;
}

/** Events of both roles. */
export type TlsEvent<Code extends string = string> =
  | HandshakeCompleteEvent
  | DataEvent
  | EndEvent
  | KeyUpdateEvent
  | HeartbeatEvent
  | HeartbeatRequestEvent
  | UserCanceledEvent
  | VerifyPeerEvent
  | SignEvent
  | FailedEvent<Code>
  | ClosedEvent;

/** Events of a client. */
export type TlsClientEvent<Code extends string = string> =
  | TlsEvent<Code>
  | ClientChooseCertificateEvent;

/** Events of a server. */
export type TlsServerEvent<Code extends string = string> =
  | TlsEvent<Code>
  | ServerChooseCertificateEvent
  | ChoosePskEvent
  | ClientAuthenticatedEvent;
