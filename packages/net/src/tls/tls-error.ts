// Why a TLS connection did not come about.
import type { AlertName, CloseCause, FaultCode } from '@holdline/tls/client';

/** The codes of {@link TlsError}: the engine's, for what a peer did wrong, and these. */
export type TlsErrorCode =
  | FaultCode
  /** The connection ended, or was cut, before the handshake was complete; `closeCause` says how. */
  | 'TLS_HANDSHAKE_ENDED'
  /** The signal was aborted; `cause` is its reason. */
  | 'TLS_ABORTED'
  /** There is no connection to the server; `cause` is the system's error. */
  | 'TLS_CONNECT_FAILED'
  /** There was no secured connection within `connectMs`. */
  | 'TLS_CONNECT_TIMEOUT';

/** What is known beside the code. */
export interface TlsErrorDetails {
  /** Null is none. */
  readonly cause?: unknown;
  readonly alert?: AlertName | null;
  readonly receivedAlert?: number | null;
  readonly closeCause?: CloseCause | null;
}

/** A handshake that failed. */
export class TlsError extends Error {
  override readonly name: string = 'TlsError';
  /** Why. */
  readonly code: TlsErrorCode;
  /** The alert that was sent; null for none. */
  readonly alert: AlertName | null;
  /** The number of the alert that came; null for none. */
  readonly receivedAlert: number | null;
  /** How the connection ended, where that is all there is to say. */
  readonly closeCause: CloseCause | null;

  constructor(code: TlsErrorCode, message: string, details: TlsErrorDetails = {}) {
    const { cause = null } = details;
    super(message, cause === null ? undefined : { cause });
    this.code = code;
    this.alert = details.alert ?? null;
    this.receivedAlert = details.receivedAlert ?? null;
    this.closeCause = details.closeCause ?? null;
  }
}
