// What anybody may know of a client's connection.
import type { ClientCloseCause, ReuseVerdict } from '@holdline/http1/client';
import type { TlsInfo } from '../tls-info.ts';

/**
 * Why a connection ended: the protocol's reasons; `cut` by the client or an aborted request;
 * `content-unread` for a discarded response of which more was left, or later, than is worth reading;
 * `evicted` for another origin's request; `fault` of a callback or of ours; `switched` and ended as
 * another protocol; `transport` lost without a reason.
 */
export type ClientConnectionCloseCause =
  | ClientCloseCause
  | 'content-unread'
  | 'cut'
  | 'evicted'
  | 'fault'
  | 'switched'
  | 'transport';

/** `idle` between requests, `active` while one is under way, `switched` to another protocol. */
export type ClientConnectionState = 'idle' | 'active' | 'switched' | 'closing' | 'closed';

/** A connection as it stands at this moment. */
export interface ClientConnectionSnapshot {
  /** Unique within its client, counting from 1. */
  readonly id: number;
  /** `http://host:port`, as far as the scheme does not imply the port. */
  readonly origin: string;
  /** The server's address; empty when the transport has none. */
  readonly remoteAddress: string;
  /** The server's port; 0 when the transport has none. */
  readonly remotePort: number;
  /** The TLS under the connection; null for none, or when the connector does not say. */
  readonly tls: TlsInfo | null;
  /** Requests sent on it. */
  readonly requests: number;
  /** Of these, requests without a complete response. */
  readonly outstanding: number;
  /** Bytes of the transport. */
  readonly bytesReceived: number;
  /** Bytes that the transport took. */
  readonly bytesSent: number;
  readonly state: ClientConnectionState;
  /** Milliseconds for which it has been open. */
  readonly ageMs: number;
  /** Milliseconds until an idle connection is closed; Infinity when it is not idle. */
  readonly idleLeftMs: number;
  /** Why it ended; null before. */
  readonly closeCause: ClientConnectionCloseCause | null;
}

/** A connection, whose members change with it. */
export interface ClientConnectionInfo extends ClientConnectionSnapshot {
  /** The present values. */
  snapshot(): ClientConnectionSnapshot;
  /** Cuts it at once. */
  abort(): void;
}

/** Why a connection is closed that is not to be used again; null when it will tell that itself. */
export function retirementCause(reason: ReuseVerdict['reason']): ClientConnectionCloseCause | null {
  switch (reason) {
    case 'max-requests':
    case 'max-age':
    case 'idle-timeout':
      return reason;
    default:
      return null;
  }
}
