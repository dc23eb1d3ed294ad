// One connection of a client: between its machine, its driver, its pool and the exchanges on it.
import {
  type ClientClosedEvent,
  type ClientEvent,
  type FailedEvent,
  type Field,
  Http1Client,
  type Http1FaultCode,
  type ResponseEvent,
} from '@holdline/http1/client';
import type { Instant } from '../bytes/connection.ts';
import { Driver } from '../driver.ts';
import type { EventSink } from '../event-sink.ts';
import type { PartyFactory } from '../http-exchange.ts';
import type { TlsInfo } from '../tls-info.ts';
import {
  type ClientConnectionCloseCause,
  type ClientConnectionInfo,
  type ClientConnectionState,
  retirementCause,
} from './client-connection-info.ts';
import type { HttpClientErrorCode } from './client-errors.ts';
import type { ClientSettings } from './client-options.ts';
import { ConnectionSwitch } from './connection-switch.ts';
import { ConnectionView } from './connection-view.ts';
import type { Connected } from './connector.ts';
import { ExchangeLine } from './exchange-line.ts';
import { failAbandoned, settleLost } from './lost-request.ts';
import type { OriginPool } from './origin-pool.ts';
import type { RequestExchange } from './request-exchange.ts';
import { wantsItOtherwise } from './retry.ts';
import { SocketReference } from './socket-reference.ts';

type Event = ClientEvent<Http1FaultCode>;

/** An open connection. */
export class PooledConnection implements EventSink<Event> {
  readonly id: number;
  readonly pool: OriginPool;
  readonly machine: Http1Client;
  readonly driver: Driver;
  readonly tls: TlsInfo | null;
  readonly reference: SocketReference;
  readonly openedAt: Instant;
  /** Requests sent on it. */
  requests = 0;
  closeCause: ClientConnectionCloseCause | null = null;
  /** When it last became idle. */
  idleSince: Instant;
  readonly #settings: ClientSettings;
  #view: ConnectionView | null = null;
  readonly #line: ExchangeLine = new ExchangeLine();
  /** Who will be sent once the event loop has looked at the transport. */
  #next: RequestExchange | null = null;
  /** Whose content is still being sent, possibly after the response. */
  #uploading: RequestExchange | null = null;
  #answered = 0;
  #fault: FailedEvent<Http1FaultCode> | null = null;
  #switched: ConnectionSwitch | null = null;

  constructor(pool: OriginPool, id: number, connected: Connected, settings: ClientSettings) {
    const now = settings.clock.now();
    this.id = id;
    this.pool = pool;
    this.reference = new SocketReference(connected.socket);
    this.tls = connected.tls ?? null;
    this.openedAt = now;
    this.idleSince = now;
    this.#settings = settings;
    this.machine = new Http1Client(settings.http1, now);
    this.driver = new Driver(connected.transport, settings.clock, this.machine, this);
    // Responses lead to no output. «A client sending a message body SHOULD monitor the network
    // connection for an error response while it is transmitting the request», RFC 9112 section 9.5.
    this.driver.listen();
  }

  /** Its public face. */
  get view(): ClientConnectionInfo {
    this.#view ??= new ConnectionView(this);
    return this.#view;
  }

  /** Requests sent and not answered to the end. */
  get outstanding(): number {
    return this.#line.length;
  }

  /** What it is doing. */
  get state(): ClientConnectionState {
    if (this.driver.released) return 'closed';
    if (this.#switched !== null) return 'switched';
    if (this.closeCause !== null || this.machine.transport !== 'open') return 'closing';
    return this.#next === null && this.canTake(this.now()) ? 'idle' : 'active';
  }

  /** The present. */
  now(): Instant {
    return this.#settings.clock.now();
  }

  /** Bytes of output so far, whether they have left or not. */
  get bytesQueued(): number {
    return this.driver.bytesSent + this.machine.outputBytes;
  }

  /** Whether it can take a request that waits for no other. */
  canTake(now: Instant): boolean {
    return this.machine.reuseVerdict(now).reusable;
  }

  /** Whether a request may be sent behind others, on a connection that is known to persist. */
  canPipeline(exchange: RequestExchange, now: Instant): boolean {
    if (this.#answered === 0 || !this.#line.allows(exchange, this.#settings.pipelining))
      return false;
    return this.machine.reuseVerdict(now).reason === 'response-outstanding';
  }

  /** A request for it. Unless it goes behind another, the event loop looks at the transport before. */
  take(exchange: RequestExchange, now: Instant): void {
    this.reference.hold();
    exchange.assign(this);
    if (this.#line.oldest !== null) {
      this.#send(exchange, now);
      return;
    }
    this.#next = exchange;
    this.pool.awaitTurn(this);
  }

  /** The event loop has looked at the transport since `take`. */
  sendNext(now: Instant): void {
    const exchange = this.#next;
    if (exchange === null || !this.canTake(now)) {
      this.#passNextOn();
      if (!this.driver.released) this.#settle(now);
    } else {
      this.#next = null;
      this.#send(exchange, now);
    }
  }

  /** It is idle: the process may end. */
  rest(now: Instant): void {
    this.idleSince = now;
    this.reference.release();
  }

  /** Closes it when its requests are answered, at once when there are none. */
  close(cause?: ClientConnectionCloseCause): void {
    const now = this.now();
    this.closeCause ??= cause ?? retirementCause(this.machine.reuseVerdict(now).reason);
    if (this.#switched !== null) this.#switched.drain(now);
    else this.machine.drain(now);
    this.driver.wake();
  }

  /** Cuts it at once; requests on it fail or are sent elsewhere. */
  cut(cause: ClientConnectionCloseCause): void {
    this.closeCause ??= cause;
    // The machine tells what becomes of the requests; another protocol's knows none.
    if (this.#switched === null) this.machine.abort(this.now());
    else this.driver.abort();
    this.driver.wake();
  }

  /** Fails all requests on it. */
  failAll(code: HttpClientErrorCode, message: string, cause: unknown): void {
    this.#next?.fail(code, message, cause);
    for (const exchange of this.#line.all) exchange.fail(code, message, cause);
  }

  /** From an exchange that failed: nobody waits for its response any more. */
  drop(exchange: RequestExchange, cause: ClientConnectionCloseCause): void {
    // It has its turn all the same, with nobody to be sent.
    if (exchange === this.#next) this.#next = null;
    // What stands behind others is dropped when it is its turn, so that they get their answers.
    else if (!this.#line.isBehind(exchange)) this.cut(cause);
  }

  /** From an exchange: the request is complete. */
  uploadEnded(exchange: RequestExchange): void {
    this.#uploading = null;
    const now = this.now();
    if (!exchange.isOver) {
      this.pool.feed(this, now);
      return;
    }
    exchange.unfollow();
    this.#settle(now);
  }

  /** Whether the response to this exchange is what comes now. */
  answers(exchange: RequestExchange): boolean {
    return exchange === this.#line.oldest;
  }

  /** From an exchange whose protocol was switched. */
  switchTo(exchange: RequestExchange, factory: PartyFactory<never>): void {
    if (this.#switched === null) throw new TypeError('the protocol has not been switched');
    this.#switched.takeOver(exchange, factory, this.now());
  }

  /** {@link EventSink} */
  onEvent(event: Event, now: Instant): void {
    switch (event.type) {
      case 'response':
        this.#receiveHead(event);
        break;
      case 'data':
        this.#line.oldest?.receiveData(event.data);
        break;
      case 'end':
        this.#receiveEnd(event.trailers, now);
        break;
      case 'informational':
        this.#line.oldest?.receiveInformational(event);
        break;
      case 'continue-timeout':
        this.#line.oldest?.upload?.start();
        break;
      case 'switched':
        this.#receiveSwitch(event.protocol);
        break;
      case 'failed':
        this.#fault = event;
        this.closeCause ??= 'failed';
        // Output that waits for a server at fault would only delay the news.
        if (this.machine.outputBytes > 0) this.machine.abort(now);
        break;
      case 'closed':
        this.#receiveClosed(event);
        break;
    }
  }

  /** {@link EventSink} */
  onWritable(): void {
    this.#uploading?.upload?.resume();
  }

  /** {@link EventSink} */
  onReleased(): void {
    this.closeCause ??= this.#switched === null ? 'transport' : 'switched';
    this.#abandon();
    this.pool.connectionEnded(this);
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    this.closeCause ??= 'fault';
    this.pool.fault(error, this);
  }

  #send(exchange: RequestExchange, now: Instant): void {
    if (!exchange.sendHead(this, now)) {
      this.#settle(now);
      return;
    }
    this.requests += 1;
    this.#line.push(exchange);
    if (!exchange.sendContent(this, now)) {
      this.cut('cut');
      return;
    }
    if (exchange.upload !== null) {
      this.#uploading = exchange;
      if (!exchange.request.expectsContinue) exchange.upload.start();
    }
    this.driver.wake();
    this.pool.feed(this, now);
  }

  #receiveHead(head: ResponseEvent): void {
    const exchange = this.#line.oldest as RequestExchange;
    exchange.movesOn = wantsItOtherwise(head, exchange);
    if (exchange.movesOn) this.cut('cut');
    else exchange.receiveHead(head);
  }

  #receiveEnd(trailers: readonly Field[], now: Instant): void {
    const exchange = this.#line.oldest as RequestExchange;
    exchange.resume();
    this.#line.shift();
    this.#answered += 1;
    if (this.#line.oldest?.isOver === true) this.cut('cut');
    else if (this.#line.oldest === null) this.#settle(now);
    else this.pool.feed(this, now);
    exchange.receiveEnd(trailers);
  }

  #receiveSwitch(protocol: string): void {
    const exchange = this.#line.oldest as RequestExchange;
    this.#line.shift();
    this.#switched = new ConnectionSwitch(exchange, this.driver, this);
    this.pool.connectionSwitched(this);
    exchange.receiveSwitch(protocol);
  }

  #receiveClosed(event: ClientClosedEvent): void {
    this.closeCause ??= event.cause;
    this.pool.connectionClosing(this);
    if (this.#next !== null) this.#line.push(this.#next);
    this.#next = null;
    const exchanges = this.#line.takeAll();
    settleLost(exchanges, event, this.#fault, (exchange) => this.#again(exchange));
  }

  /** Who has not been sent loses nothing. */
  #passNextOn(): void {
    const next = this.#next;
    this.#next = null;
    if (next !== null) this.#again(next);
  }

  /** Sent on another connection, before those that came after it. */
  #again(exchange: RequestExchange): void {
    exchange.unassign();
    this.pool.submitAgain(exchange);
  }

  /** The transport is gone without a word of the machine's: a callback threw, or all was cut. */
  #abandon(): void {
    failAbandoned(this.#line.takeAll(), `the connection ended: ${this.closeCause}`);
    this.#uploading?.upload?.cancel();
    this.#passNextOn();
  }

  /** No request is waiting for a response: is there anything left to be done? */
  #settle(now: Instant): void {
    if (this.#line.oldest !== null) return;
    const { reason } = this.machine.reuseVerdict(now);
    if (reason === 'ready') this.pool.release(this, now);
    else if (reason === 'request-under-way') {
      // Content that was declared and will not be sent: only an end can tell the server.
      if (this.#uploading?.isUploading !== true) this.cut('cut');
    } else if (reason !== 'unread-bytes') this.close();
    // Bytes that nobody asked for are the machine's next event, and its last but one.
  }
}
