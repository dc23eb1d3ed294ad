// Servers of `serveHttp` and `serveWebSocket` with holdline's TLS.
import type { Socket } from 'node:net';
import { TlsServer, type TlsServerSettings } from '@holdline/tls/server';
import { socketTransport } from '../adapters/socket.ts';
import type { Clock } from '../clock.ts';
import type { Securing, SecuringOwner, ServerSecurity } from '../server-security.ts';
import { TlsConnection, type TlsConnectionOwner } from './tls-connection.ts';
import { tellFault } from './tls-connector.ts';
import type { TlsError } from './tls-error.ts';
import { completeServerSecurity, type TlsServerSecurityOptions } from './tls-server-options.ts';

/** Options of {@link tlsServer}. */
export interface TlsServerEngineOptions extends TlsServerSecurityOptions {
  /** A handler threw. Without it faults become warnings of the process. */
  onFault?(error: unknown): void;
}

/**
 * The `security` option of servers: TLS 1.3 by holdline. Throws TypeError or RangeError for an option
 * that is missing or out of its range.
 */
export function tlsServer(options: TlsServerEngineOptions): ServerSecurity {
  const settings = new Map<string, TlsServerSettings>();
  const settingsFor = (protocol: string): TlsServerSettings => {
    const known = settings.get(protocol) ?? completeServerSecurity(options, [protocol]);
    settings.set(protocol, known);
    return known;
  };
  // What is wrong with the options is to be heard now.
  settingsFor('http/1.1');
  return {
    secure(socket, protocol, clock, owner) {
      return new ServerHandshake(socket, settingsFor(protocol), clock, options, owner);
    },
  };
}

/** Lives until the connection ends, as its owner. */
class ServerHandshake implements Securing, TlsConnectionOwner {
  readonly #options: TlsServerEngineOptions;
  readonly #connection: TlsConnection;
  #owner: SecuringOwner | null;

  constructor(
    socket: Socket,
    settings: TlsServerSettings,
    clock: Clock,
    options: TlsServerEngineOptions,
    owner: SecuringOwner,
  ) {
    this.#options = options;
    this.#owner = owner;
    const machine = new TlsServer(settings, clock.now());
    this.#connection = new TlsConnection(socketTransport(socket), machine, clock, options, this);
  }

  /** {@link Securing} */
  abort(): void {
    this.#owner = null;
    this.#connection.transport.abort();
  }

  /** {@link TlsConnectionOwner} */
  secured(connection: TlsConnection): void {
    const owner = this.#owner;
    this.#owner = null;
    owner?.secured({ transport: connection.transport, tls: connection });
  }

  /** {@link TlsConnectionOwner} */
  ended(_connection: TlsConnection, error: TlsError | null): void {
    const owner = this.#owner;
    this.#owner = null;
    if (error !== null) owner?.failed(error);
  }

  /** {@link TlsConnectionOwner} */
  fault(error: unknown): void {
    tellFault(this.#options, error);
  }
}
