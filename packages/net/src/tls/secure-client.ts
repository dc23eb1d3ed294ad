// The client's side of a handshake on a transport that is open, as a promise.
import { TlsClient, type TlsClientSettings } from '@holdline/tls/client';
import type { Clock } from '../clock.ts';
import type { Transport } from '../transport.ts';
import { TlsConnection, type TlsConnectionOwner } from './tls-connection.ts';
import { TlsError } from './tls-error.ts';
import type { TlsClientHandlers } from './tls-handlers.ts';

/** What a handshake needs. */
export interface ClientHandshake {
  readonly settings: TlsClientSettings;
  readonly handlers: TlsClientHandlers;
  readonly clock: Clock;
  /** The name to ask for (RFC 6066 section 3); null for an address. */
  readonly serverName: string | null;
  /** What handlers threw. */
  onFault(error: unknown): void;
}

/** Shakes hands; rejects with {@link TlsError}. Once the signal is aborted, the transport is cut. */
export function secureClient(
  lower: Transport,
  handshake: ClientHandshake,
  signal: AbortSignal | null,
): Promise<TlsConnection> {
  return new Promise((resolve, reject) =>
    new PromisedHandshake(handshake, signal, resolve, reject).start(lower),
  );
}

/** Lives until the connection ends, as its owner. */
class PromisedHandshake implements TlsConnectionOwner {
  readonly #handshake: ClientHandshake;
  readonly #resolve: (connection: TlsConnection) => void;
  readonly #reject: (error: Error) => void;
  #signal: AbortSignal | null;
  #onAbort: (() => void) | null = null;

  constructor(
    handshake: ClientHandshake,
    signal: AbortSignal | null,
    resolve: (connection: TlsConnection) => void,
    reject: (error: Error) => void,
  ) {
    this.#handshake = handshake;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(lower: Transport): void {
    const { settings, clock, serverName, handlers } = this.#handshake;
    const machine = new TlsClient(settings, clock.now(), serverName);
    const connection = new TlsConnection(lower, machine, clock, handlers, this);
    const signal = this.#signal;
    if (signal === null) return;
    this.#onAbort = () => {
      this.#settle();
      this.#reject(new TlsError('TLS_ABORTED', 'the signal was aborted', { cause: signal.reason }));
      connection.transport.abort();
    };
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort);
  }

  /** {@link TlsConnectionOwner} */
  secured(connection: TlsConnection): void {
    this.#settle();
    this.#resolve(connection);
  }

  /** {@link TlsConnectionOwner} Nobody is to wait until the peer has read our alert. */
  failed(error: TlsError): void {
    this.#settle();
    this.#reject(error);
  }

  /** {@link TlsConnectionOwner} */
  ended(_connection: TlsConnection, error: TlsError | null): void {
    this.#settle();
    if (error !== null) this.#reject(error);
  }

  /** {@link TlsConnectionOwner} */
  fault(error: unknown): void {
    this.#handshake.onFault(error);
  }

  #settle(): void {
    if (this.#onAbort !== null) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onAbort = null;
    this.#signal = null;
  }
}
