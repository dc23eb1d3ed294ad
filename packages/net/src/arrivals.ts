// Accepted sockets whose TLS handshake is still under way.
import type { Socket } from 'node:net';
import type { Clock } from './clock.ts';
import type {
  SecuredConnection,
  Securing,
  SecuringOwner,
  ServerSecurity,
} from './server-security.ts';

/** Who takes connections that are secured. */
export interface ArrivalsHost {
  readonly clock: Clock;
  secured(connection: SecuredConnection, socket: Socket): void;
  handshakeFailed(error: Error, socket: Socket): void;
}

/** The handshakes of a server. */
export class Arrivals {
  readonly #security: ServerSecurity;
  readonly #host: ArrivalsHost;
  readonly #handshakes: Set<Securing> = new Set();

  constructor(security: ServerSecurity, host: ArrivalsHost) {
    this.#security = security;
    this.#host = host;
  }

  /** Handshakes under way. */
  get count(): number {
    return this.#handshakes.size;
  }

  /** Secures a socket, which is taken over; `protocol` is for ALPN. */
  add(socket: Socket, protocol: string): void {
    const host = this.#host;
    const owner: SecuringOwner = {
      secured: (connection) => {
        this.#handshakes.delete(handshake);
        host.secured(connection, socket);
      },
      failed: (error) => {
        this.#handshakes.delete(handshake);
        host.handshakeFailed(error, socket);
      },
    };
    const handshake = this.#security.secure(socket, protocol, host.clock, owner);
    this.#handshakes.add(handshake);
  }

  /** Cuts them all. */
  abort(): void {
    for (const handshake of this.#handshakes) handshake.abort();
    this.#handshakes.clear();
  }
}
