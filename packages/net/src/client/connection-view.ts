// The public face of a client's connection, made when somebody first asks for it.
import type { TlsInfo } from '../tls-info.ts';
import type {
  ClientConnectionCloseCause,
  ClientConnectionInfo,
  ClientConnectionSnapshot,
  ClientConnectionState,
} from './client-connection-info.ts';
import type { PooledConnection } from './pooled-connection.ts';

/** Shows what there is to know of a connection, and nothing else of it. */
export class ConnectionView implements ClientConnectionInfo {
  readonly #connection: PooledConnection;

  constructor(connection: PooledConnection) {
    this.#connection = connection;
  }

  /** {@link ClientConnectionInfo} */
  get id(): number {
    return this.#connection.id;
  }

  /** {@link ClientConnectionInfo} */
  get origin(): string {
    return this.#connection.pool.origin.key;
  }

  /** {@link ClientConnectionInfo} */
  get remoteAddress(): string {
    return this.#connection.reference.socket?.remoteAddress ?? '';
  }

  /** {@link ClientConnectionInfo} */
  get remotePort(): number {
    return this.#connection.reference.socket?.remotePort ?? 0;
  }

  /** {@link ClientConnectionInfo} */
  get tls(): TlsInfo | null {
    return this.#connection.tls;
  }

  /** {@link ClientConnectionInfo} */
  get requests(): number {
    return this.#connection.requests;
  }

  /** {@link ClientConnectionInfo} */
  get outstanding(): number {
    return this.#connection.outstanding;
  }

  /** {@link ClientConnectionInfo} */
  get bytesReceived(): number {
    return this.#connection.driver.bytesReceived;
  }

  /** {@link ClientConnectionInfo} */
  get bytesSent(): number {
    return this.#connection.driver.bytesSent;
  }

  /** {@link ClientConnectionInfo} */
  get state(): ClientConnectionState {
    return this.#connection.state;
  }

  /** {@link ClientConnectionInfo} */
  get ageMs(): number {
    return this.#connection.now() - this.#connection.openedAt;
  }

  /** {@link ClientConnectionInfo} */
  get idleLeftMs(): number {
    const connection = this.#connection;
    if (connection.state !== 'idle') return Number.POSITIVE_INFINITY;
    return Math.max(0, connection.machine.deadline() - connection.now());
  }

  /** {@link ClientConnectionInfo} */
  get closeCause(): ClientConnectionCloseCause | null {
    return this.#connection.closeCause;
  }

  /** {@link ClientConnectionInfo} */
  snapshot(): ClientConnectionSnapshot {
    const { id, origin, remoteAddress, remotePort, tls, requests, outstanding } = this;
    const { bytesReceived, bytesSent, state, ageMs, idleLeftMs, closeCause } = this;
    return {
      id,
      origin,
      remoteAddress,
      remotePort,
      tls,
      requests,
      outstanding,
      bytesReceived,
      bytesSent,
      state,
      ageMs,
      idleLeftMs,
      closeCause,
    };
  }

  /** {@link ClientConnectionInfo} */
  abort(): void {
    this.#connection.cut('cut');
  }
}
