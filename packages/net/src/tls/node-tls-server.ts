// Servers of `serveHttp` and `serveWebSocket` with OpenSSL's TLS, by node:tls.
import { createSecureContext, TLSSocket, type TLSSocketOptions } from 'node:tls';
import { nodeTlsInfo, tlsSocketTransport } from '../adapters/tls-socket.ts';
import type { Securing, SecuringOwner, ServerSecurity } from '../server-security.ts';

/**
 * Options of {@link nodeTlsServer}: those of `tls.TLSSocket` for a server, `cert` and `key` among them.
 * With `requestCert`, clients whose certificate is not valid by `ca` are refused, unless
 * `rejectUnauthorized` is false.
 */
export interface NodeTlsServerOptions extends TLSSocketOptions {
  /** Milliseconds for the handshake; 30000 by default. */
  readonly handshakeMs?: number;
}

/** The `security` option of servers: TLS by node:tls. Throws what `createSecureContext` throws. */
export function nodeTlsServer(options: NodeTlsServerOptions): ServerSecurity {
  const { handshakeMs = 30_000, ...own } = options;
  const secureContext = options.secureContext ?? createSecureContext(options);
  const refuses = options.requestCert === true && options.rejectUnauthorized !== false;
  return {
    secure(socket, protocol, _clock, owner) {
      const secured = new TLSSocket(socket, {
        ALPNProtocols: [protocol],
        ...own,
        isServer: true,
        secureContext,
      });
      return new NodeHandshake(secured, { handshakeMs, refuses }, owner);
    },
  };
}

class NodeHandshake implements Securing {
  readonly #socket: TLSSocket;
  readonly #timer: NodeJS.Timeout;
  #owner: SecuringOwner | null;

  constructor(
    socket: TLSSocket,
    { handshakeMs, refuses }: { readonly handshakeMs: number; readonly refuses: boolean },
    owner: SecuringOwner,
  ) {
    this.#socket = socket;
    this.#owner = owner;
    this.#timer = setTimeout(
      () => this.#fail(new Error(`the TLS handshake took more than ${handshakeMs} ms`)),
      handshakeMs,
    );
    // Errors behind the handshake are the transport's; without any listener they would throw.
    socket.on('error', (error) => this.#fail(error));
    socket.once('close', () => this.#fail(new Error('the connection ended within the handshake')));
    socket.once('secure', () => {
      const error = refuses ? authorizationError(socket) : null;
      if (error === null) this.#secured();
      else this.#fail(error);
    });
  }

  abort(): void {
    clearTimeout(this.#timer);
    this.#owner = null;
    this.#socket.destroy();
  }

  #secured(): void {
    clearTimeout(this.#timer);
    const owner = this.#owner;
    this.#owner = null;
    const transport = tlsSocketTransport(this.#socket);
    owner?.secured({ transport, tls: nodeTlsInfo(this.#socket) });
  }

  #fail(error: Error): void {
    const owner = this.#owner;
    if (owner === null) return;
    this.abort();
    owner.failed(error);
  }
}

/**
 * Why a client's certificate is not valid; null when it is. OpenSSL is told to let all of them pass, and
 * it is `tls.Server` that refuses; without one there is no public way to ask. Who cannot tell trusts nobody.
 */
function authorizationError(socket: TLSSocket): Error | null {
  if (socket.authorized) return null;
  const { _handle: handle } = socket as TLSSocket & {
    readonly _handle?: { readonly verifyError?: () => Error | null | undefined };
  };
  if (typeof handle?.verifyError !== 'function') {
    return new Error('this runtime does not tell whether the certificate of a client is valid');
  }
  return handle.verifyError() ?? null;
}
