// The connections to one origin and the requests that wait for one. A connection that becomes idle
// is the first to be used again, so that those beyond the need grow old and are closed.
import type { Instant } from '../bytes/connection.ts';
import type { HttpClientError } from './client-errors.ts';
import type { ClientSettings } from './client-options.ts';
import { type AttemptOwner, ConnectAttempt } from './connect-attempt.ts';
import type { ConnectionPlaces } from './connection-places.ts';
import type { Connected } from './connector.ts';
import { ContentDiscard } from './content-discard.ts';
import type { OldOrigins } from './old-origins.ts';
import type { Origin } from './origin.ts';
import { PooledConnection } from './pooled-connection.ts';
import { QueuePatience } from './queue-patience.ts';
import type { RequestExchange } from './request-exchange.ts';
import { RequestQueue } from './request-queue.ts';
import type { TurnGate } from './turn-gate.ts';
import { UnreadPatience } from './unread-patience.ts';

/** What a pool needs of its client. */
export interface PoolHost {
  readonly settings: ClientSettings;
  readonly places: ConnectionPlaces;
  /** Where connections wait until the event loop has looked at the transports. */
  readonly gate: TurnGate;
  /** The number of the newest request. */
  readonly newestOrdinal: number;
  /** No more requests are taken. */
  readonly isClosing: boolean;
  /** Why those that were taken fail, too; null while they do not. */
  readonly refusal: HttpClientError | null;
  /** Keys of origins that are known to speak HTTP/1.0. */
  readonly oldOrigins: OldOrigins;
  /** For a connection; counts from 1. */
  nextConnectionId(): number;
  connectionOpened(connection: PooledConnection): void;
  connectionEnded(connection: PooledConnection): void;
  /** The pool has nothing any more that would have to be remembered. */
  poolEmptied(pool: OriginPool): void;
  fault(error: unknown, connection: PooledConnection | null): void;
}

/** All that belongs to one origin. */
export class OriginPool implements AttemptOwner {
  readonly origin: Origin;
  readonly queue: RequestQueue<RequestExchange> = new RequestQueue();
  /** Stacked: the last is used first. */
  readonly idle: PooledConnection[] = [];
  readonly #host: PoolHost;
  readonly #connections: Set<PooledConnection> = new Set();
  readonly #patience: QueuePatience;
  #attempts: ConnectAttempt[] = [];
  /** Connections whose transport has not been let go of, whatever they speak. */
  #open = 0;
  /** The last attempt to connect has failed. */
  #hasFailed = false;

  constructor(host: PoolHost, origin: Origin) {
    const { clock, queueMs } = host.settings;
    this.#host = host;
    this.origin = origin;
    this.#patience = new QueuePatience(clock, queueMs, this.queue);
  }

  /** Connections, those being opened included, those of other protocols not. */
  get size(): number {
    return this.#connections.size + this.#attempts.length;
  }

  /** Requests that wait and that no connection is being opened for. */
  get waiting(): number {
    return Math.max(0, this.queue.length - this.#attempts.length);
  }

  /** Requests wait that no connection is being opened for, and one may be. */
  get wantsConnection(): boolean {
    const { connectionsPerOriginMax } = this.#host.settings;
    if (this.waiting === 0 || this.size >= connectionsPerOriginMax) return false;
    // Behind a failure one attempt at a time will do.
    return !this.#hasFailed || this.#attempts.length === 0;
  }

  /** A new request. */
  submit(exchange: RequestExchange, now: Instant): void {
    const connection = this.#takeIdle(now);
    if (connection !== null) {
      connection.take(exchange, now);
      return;
    }
    exchange.queuedAt = now;
    this.queue.push(exchange);
    this.#patience.watch();
    this.#host.places.ask(this);
    if (this.#host.settings.pipelining === 1) return;
    for (const connection of this.#connections) this.feed(connection, now);
  }

  /**
   * A request whose connection is gone. Connections that have been idle for as long may be as dead:
   * it goes to a new one, or to one that has just been answered on.
   */
  submitAgain(exchange: RequestExchange): void {
    const { refusal } = this.#host;
    if (refusal !== null) {
      exchange.refuse(refusal);
      return;
    }
    const { clock, connectionsPerOriginMax } = this.#host.settings;
    exchange.queuedAt = this.queue.first?.queuedAt ?? clock.now();
    this.queue.unshift(exchange);
    this.#patience.watch();
    if (this.size >= connectionsPerOriginMax) this.idle[0]?.close('evicted');
    this.#host.places.ask(this);
  }

  /** A request that waits for a connection does so no more. */
  withdraw(exchange: RequestExchange): void {
    this.queue.remove(exchange);
    // An attempt that nobody waits for would only hold resources.
    if (this.#attempts.length > this.queue.length) this.#cancelAttempt();
    this.#settle();
  }

  /** A connection has nothing to do. */
  release(connection: PooledConnection, now: Instant): void {
    // One that has not served anybody is not given up before it has.
    if (connection.requests > 0 && this.#host.places.mustYield(this)) {
      connection.close('evicted');
      return;
    }
    const exchange = this.queue.shift();
    if (exchange !== null) {
      connection.take(exchange, now);
      return;
    }
    connection.rest(now);
    this.idle.push(connection);
    this.#host.places.rest(connection);
    if (this.#host.isClosing) connection.close();
    else this.#host.places.share();
  }

  /** A connection may have room behind its requests: for those that no connection is opened for. */
  feed(connection: PooledConnection, now: Instant): void {
    while (this.waiting > 0) {
      const first = this.queue.first as RequestExchange;
      if (!connection.canPipeline(first, now)) return;
      this.queue.remove(first);
      connection.take(first, now);
    }
  }

  /** Opens a connection. */
  open(): void {
    const attempt = new ConnectAttempt(this, this.#host.settings, this.#host.newestOrdinal);
    this.#attempts.push(attempt);
    this.#host.places.take();
    attempt.start(this.origin);
  }

  /** {@link AttemptOwner} */
  attemptOpened(attempt: ConnectAttempt, connected: Connected): void {
    this.#forget(attempt);
    this.#hasFailed = false;
    const { settings } = this.#host;
    const connection = new PooledConnection(
      this,
      this.#host.nextConnectionId(),
      connected,
      settings,
    );
    this.#connections.add(connection);
    this.#open += 1;
    this.#host.connectionOpened(connection);
    connection.driver.start();
    if (!connection.driver.released) this.release(connection, settings.clock.now());
    this.#host.places.ask(this);
  }

  /** {@link AttemptOwner} */
  attemptFailed(attempt: ConnectAttempt, error: HttpClientError): void {
    this.#forget(attempt);
    this.#host.places.free();
    this.#hasFailed = true;
    this.#useIdle();
    if (this.size > 0) {
      // As long as there are others, whoever waits has hope: the next request, or the next end of a
      // connection, is the occasion to try again.
      this.#host.places.forgo(this);
    } else {
      // Of those who came after the attempt had begun, none has waited in vain.
      this.#failQueued(attempt.newestNumber, error);
      this.#host.places.ask(this);
    }
    this.#settle();
  }

  /** From a connection: it takes no more requests, and its transport is about to be let go of. */
  connectionClosing(connection: PooledConnection): void {
    if (this.#connections.delete(connection)) this.#host.places.free();
    this.#host.places.wake(connection);
    const index = this.idle.lastIndexOf(connection);
    if (index !== -1) this.idle.splice(index, 1);
  }

  /** From a connection: the transport has been let go of. */
  connectionEnded(connection: PooledConnection): void {
    this.connectionClosing(connection);
    this.#open -= 1;
    this.#host.connectionEnded(connection);
    this.#host.places.ask(this);
    this.#settle();
  }

  /** From a connection: it is HTTP no more, and does not count. */
  connectionSwitched(connection: PooledConnection): void {
    this.connectionClosing(connection);
    this.#host.places.ask(this);
    this.#host.places.share();
  }

  /** From an exchange that is held: how long it may be so; null for ever. */
  patience(exchange: RequestExchange): UnreadPatience | null {
    const { clock, unreadMs } = this.#host.settings;
    if (unreadMs === Number.POSITIVE_INFINITY) return null;
    return new UnreadPatience(clock, exchange, unreadMs);
  }

  /** From an exchange whose content nobody wants: how much of it is read all the same. */
  discard(exchange: RequestExchange): ContentDiscard {
    return new ContentDiscard(this.#host.settings, exchange);
  }

  /** Whether the server is known to speak HTTP/1.0. */
  get isOld(): boolean {
    return this.#host.oldOrigins.has(this.origin);
  }

  /** From an exchange: the server speaks HTTP/1.0. */
  learnOldVersion(): void {
    this.#host.oldOrigins.add(this.origin);
  }

  /** From a connection. */
  awaitTurn(connection: PooledConnection): void {
    this.#host.gate.add(connection);
  }

  /** From a connection or an exchange: somebody's callback, or ours, threw. */
  fault(error: unknown, connection: PooledConnection | null): void {
    this.#host.fault(error, connection);
  }

  /** Ends what waits: requests fail with `error`, connections are not opened any more. */
  fail(error: HttpClientError): void {
    while (this.#attempts.length > 0) this.#cancelAttempt();
    this.#failQueued(Number.POSITIVE_INFINITY, error);
    this.#settle();
  }

  /** Requests up to a number fail. */
  #failQueued(newestOrdinal: number, error: HttpClientError): void {
    const failed: RequestExchange[] = [];
    let exchange = this.queue.first;
    while (exchange !== null) {
      const { queuedAfter } = exchange;
      if (exchange.ordinal <= newestOrdinal) {
        this.queue.remove(exchange);
        failed.push(exchange);
      }
      exchange = queuedAfter;
    }
    // Only now may callbacks change the queue.
    for (const each of failed) each.refuse(error);
  }

  #takeIdle(now: Instant): PooledConnection | null {
    for (;;) {
      const connection = this.idle.pop();
      if (connection === undefined) return null;
      this.#host.places.wake(connection);
      if (connection.canTake(now)) return connection;
      connection.close();
    }
  }

  /** For requests that were to go to a new connection, an idle one is better than none. */
  #useIdle(): void {
    const now = this.#host.settings.clock.now();
    while (this.queue.length > 0) {
      const connection = this.#takeIdle(now);
      if (connection === null) return;
      this.release(connection, now);
    }
  }

  #cancelAttempt(): void {
    this.#attempts.pop()?.cancel();
    this.#host.places.free();
  }

  /** A place may have become free for others, or this pool needless. */
  #settle(): void {
    this.#host.places.share();
    const isEmpty = this.#open === 0 && this.#attempts.length === 0 && this.queue.length === 0;
    if (isEmpty) this.#host.poolEmptied(this);
  }

  #forget(attempt: ConnectAttempt): void {
    const index = this.#attempts.indexOf(attempt);
    if (index !== -1) this.#attempts.splice(index, 1);
  }
}
