// One connection of a server: between its machine, its driver and the exchange under way.
import {
  type FailedEvent,
  type Field,
  type Http1FaultCode,
  Http1Server,
  type Http1ServerSettings,
  type RequestEvent,
  type ServerEvent,
} from '@holdline/http1/server';
import type { End, Instant } from './bytes/connection.ts';
import type { Clock } from './clock.ts';
import { Driver } from './driver.ts';
import { ENDED, PUMPING } from './driver-bits.ts';
import type { EventSink } from './event-sink.ts';
import type {
  ConnectionCloseCause,
  ConnectionInfo,
  ConnectionSnapshot,
  ConnectionState,
} from './http-connection-info.ts';
import { defaultResponse, hasUnknownExpectation } from './http-default-response.ts';
import type { ExchangeRecord, HttpHandler, PartyFactory, SwitchedParty } from './http-exchange.ts';
import { responseHead } from './http-response.ts';
import { ServerExchange } from './server-exchange.ts';
import type { TlsInfo } from './tls-info.ts';
import type { Transport } from './transport.ts';

/** What a connection needs of its server; shared by all of them. */
export interface ConnectionHost {
  readonly settings: Http1ServerSettings;
  readonly clock: Clock;
  readonly handler: HttpHandler;
  /** When the turn of the event loop began in which one of its connections has something to do. */
  present: Instant;
  /** Whether the records of exchanges are wanted. */
  readonly recordsExchanges: boolean;
  exchangeEnded(record: ExchangeRecord): void;
  exchangeFinished(): void;
  /** Whether a connection is beyond the limit: its first request is answered 503. */
  refuses(connection: HttpConnection): boolean;
  connectionEnded(connection: HttpConnection, cause: ConnectionCloseCause): void;
  fault(error: unknown, connection: ConnectionInfo | null): void;
}

/** Who is at the other end; a socket is one. */
export interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  /** The TLS under the connection. */
  readonly tls?: TlsInfo | null | undefined;
}

type Event = ServerEvent<Http1FaultCode>;
type AnyParty = SwitchedParty<{ readonly type: string }>;

const CLOSE: readonly Field[] = Object.freeze([{ name: 'connection', value: 'close' }]);
const NO_FIELDS: readonly Field[] = Object.freeze([]);

/**
 * A served connection; {@link ConnectionInfo} is its public face. It is its own driver and its own
 * sink, since an idle connection pays for every object.
 */
export class HttpConnection extends Driver implements ConnectionInfo, EventSink<Event> {
  readonly id: number;
  requests = 0;
  closeCause: ConnectionCloseCause | null = null;
  private readonly host: ConnectionHost;
  private readonly remote: RemoteEnd;
  private exchange: ServerExchange | null = null;
  /** Makes the machine to switch to; then what it has made. */
  private successor: PartyFactory<never> | AnyParty | null = null;

  constructor(host: ConnectionHost, id: number, transport: Transport, remote: RemoteEnd) {
    const { settings, clock } = host;
    super(transport, clock, new Http1Server(settings, clock.now()), null);
    this.id = id;
    this.host = host;
    this.remote = remote;
  }

  /** The machine; after a switch of protocols nobody asks for it any more. */
  get machine(): Http1Server {
    return this.connection as unknown as Http1Server;
  }

  /** Another protocol's machine, once it has taken over. */
  private get party(): AnyParty | null {
    return typeof this.successor === 'function' ? null : this.successor;
  }

  /** {@link ConnectionInfo}; known from the first time it is asked for on. */
  get remoteAddress(): string {
    return this.remote.remoteAddress ?? '';
  }

  /** {@link ConnectionInfo} */
  get remotePort(): number {
    return this.remote.remotePort ?? 0;
  }

  /** {@link ConnectionInfo} */
  get tls(): TlsInfo | null {
    return this.remote.tls ?? null;
  }

  /** {@link ConnectionInfo} */
  get state(): ConnectionState {
    if (this.released) return 'closed';
    if (this.party !== null) return 'switched';
    if (this.exchange !== null) return 'active';
    return this.closeCause !== null || this.machine.transport !== 'open' ? 'closing' : 'idle';
  }

  /** {@link ConnectionInfo} */
  get idleDeadline(): Instant {
    // Idle counts from the last byte accepted: until then this is how long a write may stall.
    const isIdle = this.state === 'idle' && this.machine.outputBytes === 0;
    return isIdle ? this.machine.deadline() : Number.POSITIVE_INFINITY;
  }

  /** {@link ConnectionInfo} */
  snapshot(): ConnectionSnapshot {
    const { id, remoteAddress, remotePort, tls, requests, bytesReceived, bytesSent } = this;
    const transport = { id, remoteAddress, remotePort, tls, requests, bytesReceived, bytesSent };
    const { state, idleDeadline, closeCause } = this;
    return { ...transport, state, idleDeadline, closeCause };
  }

  /** {@link ConnectionInfo} */
  override abort(): void {
    this.cut('cut');
  }

  /** Cuts it at once, and remembers why. */
  cut(cause: ConnectionCloseCause): void {
    this.closeCause ??= cause;
    super.abort();
  }

  /** Closes after the exchange under way, at once where there is none. */
  drain(): void {
    const now = this.now();
    if (this.party !== null) this.party.onDrain?.(now);
    else this.machine.drain(now);
    this.wake();
  }

  /** The present; within a turn, when that began. */
  now(): Instant {
    return (this.flags & PUMPING) === 0 ? this.host.clock.now() : this.host.present;
  }

  /** {@link EventSink} */
  onEvent(event: Event, now: Instant): void {
    if (this.successor !== null && this.party !== null) {
      this.party.sink.onEvent(event, now);
      return;
    }
    this.host.present = now;
    switch (event.type) {
      case 'request':
        this.begin(event, now);
        break;
      case 'data':
        this.exchange?.receiveData(event.data);
        break;
      case 'end':
        this.endRequest(event.trailers);
        break;
      case 'switched':
        this.switch(now);
        break;
      case 'failed':
        this.failRequest(event, now);
        break;
      case 'closed':
        this.closeCause ??= event.cause;
        this.exchange?.abandon();
        break;
    }
  }

  /** {@link TransportSink} */
  override onEnd(end: End): void {
    super.onEnd(end);
    this.exchange?.clientEnded();
  }

  /** Whether the client has ended its direction. */
  get clientHasEnded(): boolean {
    return (this.flags & ENDED) !== 0;
  }

  /** {@link EventSink} */
  onWritable(now: Instant): void {
    this.host.present = now;
    if (this.party === null) this.exchange?.resumeStream();
    else this.party.sink.onWritable(now);
  }

  /** {@link EventSink} */
  onReleased(): void {
    this.closeCause ??= this.party === null ? 'transport' : 'switched';
    this.exchange?.abandon();
    try {
      this.party?.sink.onReleased();
    } finally {
      this.host.connectionEnded(this, this.closeCause);
    }
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    this.closeCause ??= 'fault';
    try {
      this.party?.sink.onFault(error);
    } finally {
      this.reportFault(error);
    }
  }

  /** Something of the user's or of ours threw. */
  reportFault(error: unknown): void {
    this.host.fault(error, this);
  }

  /** From the exchange: the machine is about to report the switch. */
  expectSwitch(next: PartyFactory<never>): void {
    this.successor = next;
  }

  /** From the exchange: it is over, and the next one may begin. */
  endExchange(exchange: ServerExchange, complete: boolean): void {
    if (this.exchange !== exchange) return;
    this.exchange = null;
    if (complete) this.host.exchangeFinished();
    if (this.host.recordsExchanges) this.host.exchangeEnded(exchange.record(complete));
    this.resume();
  }

  private begin(head: RequestEvent, now: Instant): void {
    this.requests += 1;
    const exchange = new ServerExchange(this, head, now);
    this.exchange = exchange;
    // Without content the request's end follows at once, and then both are complete together.
    if (head.framing !== 'none') this.run(exchange);
  }

  private endRequest(trailers: readonly Field[]): void {
    const exchange = this.exchange;
    if (exchange === null) return;
    exchange.receiveEnd(trailers);
    if (exchange.head.framing === 'none') this.run(exchange);
  }

  private run(exchange: ServerExchange): void {
    const { fields, minorVersion } = exchange.head;
    if (this.host.refuses(this)) exchange.answer(503, CLOSE);
    else if (minorVersion === 1 && hasUnknownExpectation(fields)) exchange.answer(417);
    else exchange.run(this.host.handler);
  }

  private failRequest(event: FailedEvent<Http1FaultCode>, now: Instant): void {
    if (this.exchange !== null) {
      this.exchange.failRequest(event.status, event.code, event.canRespond);
      return;
    }
    if (event.canRespond) this.answerFaultyHead(event.status, now);
    if (this.host.recordsExchanges) this.host.exchangeEnded(this.recordFault(event));
  }

  private answerFaultyHead(status: number, now: Instant): void {
    const response = defaultResponse(status, NO_FIELDS);
    this.machine.respond(responseHead(response), response.content, now);
  }

  private recordFault(event: FailedEvent<Http1FaultCode>): ExchangeRecord {
    return {
      connection: this,
      number: 0,
      method: '',
      target: '',
      status: event.canRespond ? event.status : 0,
      requestBytes: 0,
      responseBytes: 0,
      durationMs: 0,
      complete: event.canRespond,
      faultCode: event.code,
    };
  }

  private switch(now: Instant): void {
    const factory = this.successor;
    if (typeof factory !== 'function') return;
    const party = factory(this, now) as unknown as AnyParty;
    this.successor = party;
    // It stays the sink, which passes everything on: an idle connection pays for another.
    this.switchTo({ connection: party.connection, sink: this });
  }
}
