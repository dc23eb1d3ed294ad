// What anybody may know of a server's connection.
import type { ServerCloseCause } from '@holdline/http1';
import type { Instant } from './bytes/connection.ts';
import type { TlsInfo } from './tls-info.ts';

/**
 * Why a connection ended: the protocol's reasons; `cut` by the server; `fault` of a handler or of
 * ours; `switched` and ended as another protocol; `transport` lost without a reason.
 */
export type ConnectionCloseCause = ServerCloseCause | 'cut' | 'fault' | 'switched' | 'transport';

/** `idle` between requests, `active` within an exchange, `switched` to another protocol. */
export type ConnectionState = 'idle' | 'active' | 'switched' | 'closing' | 'closed';

/** A connection as it stands at this moment. */
export interface ConnectionSnapshot {
  /** Unique within its server, counting from 1. */
  readonly id: number;
  /** The client's address; empty when the transport has none. */
  readonly remoteAddress: string;
  /** The client's port; 0 when the transport has none. */
  readonly remotePort: number;
  /** The TLS under the connection; null for none, or when what was accepted does not say. */
  readonly tls: TlsInfo | null;
  /** Requests whose head was received. */
  readonly requests: number;
  /** Bytes of the transport. */
  readonly bytesReceived: number;
  /** Bytes that the transport took. */
  readonly bytesSent: number;
  readonly state: ConnectionState;
  /**
   * Instant of the server's clock at which an idle connection is closed, grace included, or a head
   * that has begun must be there; Infinity while anything else goes on.
   */
  readonly idleDeadline: Instant;
  /** Why it ended; null before. */
  readonly closeCause: ConnectionCloseCause | null;
}

/** A connection, whose members change with it. */
export interface ConnectionInfo extends ConnectionSnapshot {
  /** The present values. */
  snapshot(): ConnectionSnapshot;
  /** Cuts it at once. */
  abort(): void;
}
