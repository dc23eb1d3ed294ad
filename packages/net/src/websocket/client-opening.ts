// The opening handshake of a client, from the connection to the server's answer, and what becomes of it.
import {
  type ClientEvent,
  type FailedEvent,
  Http1Client,
  type Http1FaultCode,
  type ResponseEvent,
} from '@holdline/http1/client';
import {
  type ClientHandshake,
  checkOpeningResponse,
  type EstablishedConnection,
} from '@holdline/websocket/client';
import type { Instant } from '../bytes/connection.ts';
import type { HttpClientError } from '../client/client-errors.ts';
import { type AttemptOwner, ConnectAttempt } from '../client/connect-attempt.ts';
import type { Connected, ConnectedSocket } from '../client/connector.ts';
import type { Origin } from '../client/origin.ts';
import { Driver } from '../driver.ts';
import type { EventSink } from '../event-sink.ts';
import { joinedPieces } from '../joined-pieces.ts';
import type { ConnectSettings } from './connect-options.ts';
import {
  type RefusalResponse,
  WebSocketOpenError,
  type WebSocketOpenErrorCode,
  type WebSocketOpenErrorDetails,
} from './websocket-errors.ts';

/** Who waits for it. Exactly one of the methods is called, once. */
export interface OpeningOwner {
  /** The server has agreed: another machine is to take the driver over, at once. */
  opened(
    driver: Driver,
    established: EstablishedConnection,
    socket: ConnectedSocket,
    now: Instant,
  ): void;
  failed(error: Error): void;
}

type Event = ClientEvent<Http1FaultCode>;

/** One opening handshake. */
export class ClientOpening implements EventSink<Event>, AttemptOwner {
  readonly #owner: OpeningOwner;
  readonly #handshake: ClientHandshake;
  readonly #settings: ConnectSettings;
  readonly #attempt: ConnectAttempt;
  /** Of the server, without a path. */
  #url = '';
  #driver: Driver | null = null;
  #socket: ConnectedSocket = {};
  #response: ResponseEvent | null = null;
  #content: Uint8Array[] = [];
  #contentBytes = 0;
  #isOver = false;

  constructor(owner: OpeningOwner, handshake: ClientHandshake, settings: ConnectSettings) {
    this.#owner = owner;
    this.#handshake = handshake;
    this.#settings = settings;
    this.#attempt = new ConnectAttempt(this, settings, 0);
  }

  /** Begins. Nothing is reported from within. */
  start(origin: Origin): void {
    this.#url = origin.key.replace(/^http/, 'ws');
    this.#attempt.start(origin);
  }

  /** Nobody waits for it any more. */
  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.#attempt.cancel();
    this.#fail('WEBSOCKET_ABORTED', 'the signal was aborted', { cause: reason });
  }

  /** {@link AttemptOwner} */
  attemptOpened(_attempt: ConnectAttempt, { transport, socket }: Connected): void {
    const { clock, http1 } = this.#settings;
    const now = clock.now();
    const machine = new Http1Client(http1, now);
    this.#socket = socket ?? {};
    this.#driver = new Driver(transport, clock, machine, this);
    machine.sendRequest(this.#handshake.request, now);
    machine.endMessage([], now);
    this.#driver.start();
  }

  /** {@link AttemptOwner} */
  attemptFailed(_attempt: ConnectAttempt, { code, cause }: HttpClientError): void {
    const what = `no connection to ${this.#url}`;
    if (code !== 'HTTP_CLIENT_CONNECT_TIMEOUT') {
      this.#fail('WEBSOCKET_CONNECT_FAILED', what, { cause });
      return;
    }
    const { connectMs } = this.#settings;
    this.#fail('WEBSOCKET_CONNECT_TIMEOUT', `${what} within ${connectMs} ms`);
  }

  /** {@link EventSink} */
  onEvent(event: Event, now: Instant): void {
    if (this.#isOver) return;
    switch (event.type) {
      case 'response':
        this.#response = event;
        break;
      case 'data':
        this.#collect(event.data);
        break;
      case 'end':
        if (this.#response?.framing !== 'tunnel') this.#refuse(true);
        break;
      case 'switched':
        this.#switch(now);
        break;
      case 'failed':
        this.#failHttp(event);
        break;
      case 'closed':
        this.#ended();
        break;
    }
  }

  /** {@link EventSink} */
  onWritable(): void {}

  /** {@link EventSink} */
  onReleased(): void {
    this.#ended();
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#owner.failed(error instanceof Error ? error : new Error(String(error)));
  }

  #switch(now: Instant): void {
    const verdict = checkOpeningResponse(this.#handshake, this.#response as ResponseEvent);
    if (verdict.type === 'established') {
      this.#isOver = true;
      this.#owner.opened(this.#driver as Driver, verdict, this.#socket, now);
    } else if (verdict.type === 'failed') {
      const { code: faultCode, message } = verdict;
      this.#fail('WEBSOCKET_HANDSHAKE_INVALID', message, { faultCode });
    }
  }

  #collect(data: Uint8Array): void {
    const room = this.#settings.refusalBytesMax - this.#contentBytes;
    const kept = data.length > room ? data.subarray(0, room) : data;
    this.#content.push(kept);
    this.#contentBytes += kept.length;
    if (data.length > room) this.#refuse(false);
  }

  #failHttp({ code: faultCode, message }: FailedEvent<Http1FaultCode>): void {
    if (this.#response !== null) this.#refuse(false);
    else if (faultCode === 'HTTP1_HEAD_TIMEOUT') {
      const { handshakeMs } = this.#settings;
      this.#fail('WEBSOCKET_HANDSHAKE_TIMEOUT', `no answer within ${handshakeMs} ms`, {
        faultCode,
      });
    } else this.#fail('WEBSOCKET_HANDSHAKE_INVALID', message, { faultCode });
  }

  #ended(): void {
    if (this.#response !== null) this.#refuse(false);
    else this.#fail('WEBSOCKET_HANDSHAKE_ENDED', 'the connection ended before an answer');
  }

  /** The server has answered as to any other request. */
  #refuse(isWhole: boolean): void {
    const { status, reason, fields } = this.#response as ResponseEvent;
    const content = joinedPieces(this.#content, this.#contentBytes);
    const response: RefusalResponse = { status, reason, fields, content, isWhole };
    this.#fail('WEBSOCKET_REFUSED', `the server answered ${status}`, { response });
  }

  #fail(code: WebSocketOpenErrorCode, message: string, details?: WebSocketOpenErrorDetails): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#driver?.abort();
    this.#owner.failed(new WebSocketOpenError(code, message, details));
  }
}
