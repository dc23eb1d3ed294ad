// All connections of a client, by origin, and what they share.
import process from 'node:process';
import { HttpClientError } from './client-errors.ts';
import { type ClientSettings, completeOptions, type HttpClientOptions } from './client-options.ts';
import type { OutgoingRequest } from './client-request.ts';
import { ConnectionPlaces } from './connection-places.ts';
import { OldOrigins } from './old-origins.ts';
import { OriginPool, type PoolHost } from './origin-pool.ts';
import type { PooledConnection } from './pooled-connection.ts';
import { RequestExchange } from './request-exchange.ts';
import type { ResponseSink } from './response-sink.ts';
import { TurnGate } from './turn-gate.ts';

/** The inside of an `HttpClient`. */
export class ClientPool implements PoolHost {
  /** {@link PoolHost} */
  readonly settings: ClientSettings;
  /** {@link PoolHost} */
  readonly places: ConnectionPlaces;
  /** {@link PoolHost} */
  readonly gate: TurnGate;
  /** {@link PoolHost} */
  readonly oldOrigins: OldOrigins = new OldOrigins();
  /** {@link PoolHost} */
  newestOrdinal = 0;
  /** {@link PoolHost} */
  isClosing = false;
  /** {@link PoolHost} */
  refusal: HttpClientError | null = null;
  /** Everything there is, other protocols included. */
  readonly connections: Set<PooledConnection> = new Set();
  readonly #options: HttpClientOptions;
  readonly #pools: Map<string, OriginPool> = new Map();
  #lastConnectionId = 0;
  #onEmpty: (() => void)[] = [];

  constructor(options: HttpClientOptions) {
    this.settings = completeOptions(options);
    this.#options = options;
    this.gate = new TurnGate(this.settings.clock);
    this.places = new ConnectionPlaces(this.settings.connectionsMax);
  }

  /** Requests that wait for a connection. */
  get queued(): number {
    let queued = 0;
    for (const pool of this.#pools.values()) queued += pool.queue.length;
    return queued;
  }

  /** A request on its way. What is wrong with it from now on, the sink is told. */
  send(request: OutgoingRequest, sink: ResponseSink, signal: AbortSignal | null): RequestExchange {
    const { origin } = request;
    const known = this.#pools.get(origin.key);
    const pool = known ?? new OriginPool(this, origin);
    this.newestOrdinal += 1;
    const exchange = new RequestExchange(request, sink, pool, this.newestOrdinal);
    if (this.isClosing) exchange.fail('HTTP_CLIENT_CLOSED', 'the client takes no more requests');
    else if (signal?.aborted === true) exchange.abort(signal.reason);
    else {
      if (signal !== null) exchange.follow(signal);
      if (known === undefined) this.#pools.set(origin.key, pool);
      pool.submit(exchange, this.settings.clock.now());
      if (exchange.isQueued) this.#checkQueue(exchange);
    }
    return exchange;
  }

  /** Takes no more requests; resolves when those under way are over and nothing is open any more. */
  close(): Promise<void> {
    this.isClosing = true;
    for (const connection of [...this.connections]) {
      if (connection.state !== 'active') connection.close();
    }
    return new Promise((resolve) => {
      this.#onEmpty.push(resolve);
      this.#settleIfEmpty();
    });
  }

  /** Ends everything at once. */
  abort(cause: unknown): void {
    this.isClosing = true;
    const message = 'the client was aborted';
    this.refusal = new HttpClientError('HTTP_CLIENT_CLOSED', message, { cause, safeToRetry: true });
    for (const connection of [...this.connections]) {
      connection.failAll('HTTP_CLIENT_CLOSED', message, cause);
      connection.cut('cut');
    }
    for (const pool of [...this.#pools.values()]) pool.fail(this.refusal);
    this.#settleIfEmpty();
  }

  /** {@link PoolHost} */
  nextConnectionId(): number {
    this.#lastConnectionId += 1;
    return this.#lastConnectionId;
  }

  /** {@link PoolHost} */
  connectionOpened(connection: PooledConnection): void {
    this.connections.add(connection);
    this.#options.onConnection?.(connection.view);
  }

  /** {@link PoolHost} */
  connectionEnded(connection: PooledConnection): void {
    this.connections.delete(connection);
    this.#options.onConnectionEnd?.(connection.view, connection.closeCause ?? 'transport');
  }

  /** {@link PoolHost} */
  poolEmptied(pool: OriginPool): void {
    this.#pools.delete(pool.origin.key);
    this.#settleIfEmpty();
  }

  /** {@link PoolHost} */
  fault(error: unknown, connection: PooledConnection | null): void {
    const { onFault } = this.#options;
    if (onFault !== undefined) onFault(error, connection?.view ?? null);
    // Nobody listens, and yet a fault must not go unheard.
    else process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  }

  /** The request that came last is one too many. */
  #checkQueue(exchange: RequestExchange): void {
    const { queuedMax } = this.settings;
    if (queuedMax === Number.POSITIVE_INFINITY) return;
    let waiting = 0;
    for (const pool of this.#pools.values()) waiting += pool.waiting;
    if (waiting <= queuedMax) return;
    exchange.fail('HTTP_CLIENT_QUEUE_FULL', `more than ${queuedMax} requests wait`);
  }

  #settleIfEmpty(): void {
    if (!this.isClosing || this.connections.size > 0 || this.#pools.size > 0) return;
    for (const resolve of this.#onEmpty.splice(0)) resolve();
  }
}
