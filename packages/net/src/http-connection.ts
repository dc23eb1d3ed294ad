// One connection of a server: between its machine, its driver and the exchange under way.
import {
  type FailedEvent,
  type Field,
  type Http1FaultCode,
  Http1Server,
  type Http1ServerSettings,
  LocalProtocolError,
  type RequestEvent,
  type ServerEvent,
} from '@holdline/http1/server';
import type { Instant } from './bytes/connection.ts';
import type { Clock } from './clock.ts';
import type { DateField } from './date-field.ts';
import { Driver } from './driver.ts';
import type { EventSink } from './event-sink.ts';
import type {
  ConnectionCloseCause,
  ConnectionInfo,
  ConnectionSnapshot,
  ConnectionState,
} from './http-connection-info.ts';
import { defaultResponse, hasUnknownExpectation } from './http-default-response.ts';
import type { ExchangeRecord, HttpHandler, PartyFactory, SwitchedParty } from './http-exchange.ts';
import { contentBytes, responseHead } from './http-response.ts';
import { ServerExchange } from './server-exchange.ts';
import { SwitchedSink } from './switched-sink.ts';
import type { Transport } from './transport.ts';

/** What a connection needs of its server; shared by all of them. */
export interface ConnectionHost {
  readonly settings: Http1ServerSettings;
  readonly clock: Clock;
  readonly dateField: DateField;
  readonly handler: HttpHandler;
  /** Whether the records of exchanges are wanted. */
  readonly recordsExchanges: boolean;
  exchangeEnded(record: ExchangeRecord): void;
  exchangeFinished(): void;
  connectionEnded(connection: HttpConnection, cause: ConnectionCloseCause): void;
  fault(error: unknown, connection: ConnectionInfo | null): void;
}

/** Who is at the other end; a socket is one. */
export interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

type Event = ServerEvent<Http1FaultCode>;
type AnyParty = SwitchedParty<{ readonly type: string }>;

const CLOSE: readonly Field[] = Object.freeze([{ name: 'connection', value: 'close' }]);
const NO_FIELDS: readonly Field[] = Object.freeze([]);

/** A served connection; {@link ConnectionInfo} is its public face. */
export class HttpConnection implements ConnectionInfo, EventSink<Event> {
  readonly id: number;
  readonly machine: Http1Server;
  readonly driver: Driver;
  requests = 0;
  closeCause: ConnectionCloseCause | null = null;
  readonly #host: ConnectionHost;
  readonly #remote: RemoteEnd;
  /** Beyond the server's limit: the first request is answered 503. */
  readonly #refused: boolean;
  #exchange: ServerExchange | null = null;
  #nextParty: PartyFactory<never> | null = null;
  #party: AnyParty | null = null;

  constructor(
    host: ConnectionHost,
    id: number,
    transport: Transport,
    remote: RemoteEnd,
    refused: boolean,
  ) {
    this.id = id;
    this.#host = host;
    this.#remote = remote;
    this.#refused = refused;
    this.machine = new Http1Server(host.settings, host.clock.now());
    this.driver = new Driver(transport, host.clock, this.machine, this);
  }

  /** {@link ConnectionInfo}; known from the first time it is asked for on. */
  get remoteAddress(): string {
    return this.#remote.remoteAddress ?? '';
  }

  /** {@link ConnectionInfo} */
  get remotePort(): number {
    return this.#remote.remotePort ?? 0;
  }

  /** {@link ConnectionInfo} */
  get bytesReceived(): number {
    return this.driver.bytesReceived;
  }

  /** {@link ConnectionInfo} */
  get bytesSent(): number {
    return this.driver.bytesSent;
  }

  /** {@link ConnectionInfo} */
  get state(): ConnectionState {
    if (this.driver.released) return 'closed';
    if (this.#party !== null) return 'switched';
    if (this.#exchange !== null) return 'active';
    return this.closeCause !== null || this.machine.transport !== 'open' ? 'closing' : 'idle';
  }

  /** {@link ConnectionInfo} */
  get idleDeadline(): Instant {
    // Idle counts from the last byte accepted: until then this is how long a write may stall.
    const isIdle = this.state === 'idle' && this.machine.outputBytes === 0;
    return isIdle ? this.machine.deadline() : Number.POSITIVE_INFINITY;
  }

  /** Whether the server has turned it away. */
  get refused(): boolean {
    return this.#refused;
  }

  /** {@link ConnectionInfo} */
  snapshot(): ConnectionSnapshot {
    const { id, remoteAddress, remotePort, requests, bytesReceived, bytesSent } = this;
    const transport = { id, remoteAddress, remotePort, requests, bytesReceived, bytesSent };
    const { state, idleDeadline, closeCause } = this;
    return { ...transport, state, idleDeadline, closeCause };
  }

  /** {@link ConnectionInfo} */
  abort(): void {
    this.cut('cut');
  }

  /** Cuts it at once, and remembers why. */
  cut(cause: ConnectionCloseCause): void {
    this.closeCause ??= cause;
    this.driver.abort();
  }

  /** Closes after the exchange under way, at once where there is none. */
  drain(): void {
    const now = this.now();
    if (this.#party !== null) this.#party.onDrain?.(now);
    else this.machine.drain(now);
    this.driver.wake();
  }

  /** The present. */
  now(): Instant {
    return this.#host.clock.now();
  }

  /** The Date field of the present second. */
  date(now: Instant): Field {
    return this.#host.dateField.at(now);
  }

  /** {@link EventSink} */
  onEvent(event: Event, now: Instant): void {
    switch (event.type) {
      case 'request':
        this.#begin(event, now);
        break;
      case 'data':
        this.#exchange?.receiveData(event.data);
        break;
      case 'end':
        this.#endRequest(event.trailers);
        break;
      case 'switched':
        this.#switch(now);
        break;
      case 'failed':
        this.#failRequest(event, now);
        break;
      case 'closed':
        this.closeCause ??= event.cause;
        this.#exchange?.abandon();
        break;
    }
  }

  /** {@link EventSink} */
  onWritable(): void {
    this.#exchange?.resumeStream();
  }

  /** {@link EventSink} */
  onReleased(): void {
    this.closeCause ??= this.#party === null ? 'transport' : 'switched';
    this.#exchange?.abandon();
    this.#host.connectionEnded(this, this.closeCause);
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    this.closeCause ??= 'fault';
    this.reportFault(error);
  }

  /** Something of the user's or of ours threw. */
  reportFault(error: unknown): void {
    this.#host.fault(error, this);
  }

  /** From the exchange: the machine is about to report the switch. */
  expectSwitch(next: PartyFactory<never>): void {
    this.#nextParty = next;
  }

  /** From the exchange: it is over, and the next one may begin. */
  endExchange(exchange: ServerExchange, complete: boolean): void {
    if (this.#exchange !== exchange) return;
    this.#exchange = null;
    if (complete) this.#host.exchangeFinished();
    if (this.#host.recordsExchanges) this.#host.exchangeEnded(exchange.record(complete));
    this.driver.resume();
  }

  #begin(head: RequestEvent, now: Instant): void {
    this.requests += 1;
    const exchange = new ServerExchange(this, head, now);
    this.#exchange = exchange;
    // Without content the request's end follows at once, and then both are complete together.
    if (head.framing !== 'none') this.#run(exchange);
  }

  #endRequest(trailers: readonly Field[]): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    exchange.receiveEnd(trailers);
    if (exchange.head.framing === 'none') this.#run(exchange);
  }

  #run(exchange: ServerExchange): void {
    const { fields, minorVersion } = exchange.head;
    if (this.#refused) exchange.answer(503, CLOSE);
    else if (minorVersion === 1 && hasUnknownExpectation(fields)) exchange.answer(417);
    else exchange.run(this.#host.handler);
  }

  #failRequest(event: FailedEvent<Http1FaultCode>, now: Instant): void {
    if (this.#exchange !== null) {
      this.#exchange.failRequest(event.status, event.code, event.canRespond);
      return;
    }
    if (event.canRespond) this.#answerFaultyHead(event.status, now);
    if (this.#host.recordsExchanges) this.#host.exchangeEnded(this.#recordFault(event));
  }

  #answerFaultyHead(status: number, now: Instant): void {
    const response = defaultResponse(status, NO_FIELDS);
    const content = contentBytes(response.content) as Uint8Array;
    const { machine } = this;
    machine.sendResponse(responseHead(response, content.length, this.date(now)), now);
    try {
      machine.sendData(content, now);
    } catch (error) {
      // As much of the head as was understood may have said HEAD.
      if (!(error instanceof LocalProtocolError)) throw error;
    }
    machine.endMessage(NO_FIELDS, now);
  }

  #recordFault(event: FailedEvent<Http1FaultCode>): ExchangeRecord {
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

  #switch(now: Instant): void {
    const factory = this.#nextParty;
    if (factory === null) return;
    this.#nextParty = null;
    const party = factory(this.driver, now) as unknown as AnyParty;
    this.#party = party;
    this.driver.switchTo({
      connection: party.connection,
      sink: new SwitchedSink(this, party.sink),
    });
  }
}
