// How a server's connections are secured: the seam between servers and the engines of TLS.
import type { Socket } from 'node:net';
import type { Clock } from './clock.ts';
import type { TlsInfo } from './tls-info.ts';
import type { Transport } from './transport.ts';

/** A connection whose handshake is complete. */
export interface SecuredConnection {
  readonly transport: Transport;
  readonly tls: TlsInfo;
}

/** A handshake under way. */
export interface Securing {
  /** Cuts it. Nothing is reported any more. */
  abort(): void;
}

/** Who waits for a handshake: exactly one of the two is called, once, and never from within `secure`. */
export interface SecuringOwner {
  secured(connection: SecuredConnection): void;
  /** The handshake failed, and the socket has been let go of. */
  failed(error: Error): void;
}

/** An engine with the options of a server, such as `tlsServer` and `nodeTlsServer` make. */
export interface ServerSecurity {
  /** Secures an accepted socket, which it takes over. `protocol` is for ALPN, unless its options name others. */
  secure(socket: Socket, protocol: string, clock: Clock, owner: SecuringOwner): Securing;
}
