// One request and its response, between the sink that it was sent with and the connection that it is
// on, if it is on one.
import type { Field, InformationalEvent, ResponseEvent } from '@holdline/http1/client';
import type { Instant } from '../bytes/connection.ts';
import type { PartyFactory } from '../http-exchange.ts';
import type { ClientConnectionCloseCause, ClientConnectionInfo } from './client-connection-info.ts';
import { HttpClientError, type HttpClientErrorCode } from './client-errors.ts';
import type { OutgoingRequest } from './client-request.ts';
import type { ContentDiscard } from './content-discard.ts';
import type { OriginPool } from './origin-pool.ts';
import type { PooledConnection } from './pooled-connection.ts';
import type { Queued } from './request-queue.ts';
import { RequestUpload } from './request-upload.ts';
import type { ClientExchange, ResponseSink } from './response-sink.ts';
import type { UnreadPatience } from './unread-patience.ts';

/** The only implementation of {@link ClientExchange}. */
export class RequestExchange implements ClientExchange, Queued<RequestExchange> {
  readonly request: OutgoingRequest;
  /** Counts the requests of its client, in the order in which they came. */
  readonly ordinal: number;
  queuedBefore: RequestExchange | null = null;
  queuedAfter: RequestExchange | null = null;
  isQueued = false;
  /** When it came, or is to be sent again. */
  queuedAt: Instant = 0;
  /** {@link ClientExchange} */
  retried = false;
  /** {@link ClientExchange} */
  number = 0;
  /** {@link ClientExchange} */
  isOver = false;
  /** The server wants to see it on another connection: its connection is being cut. */
  movesOn = false;
  /** The head of the final response has come. */
  responseBegun = false;
  /** Bytes of the connection's output before those of the request. */
  firstByte: number = Number.POSITIVE_INFINITY;
  /** Bytes of the connection's output up to the end of the request, as far as it is known. */
  endByte: number = Number.POSITIVE_INFINITY;
  upload: RequestUpload | null = null;
  readonly #sink: ResponseSink;
  readonly #pool: OriginPool;
  #connection: PooledConnection | null = null;
  #isHeld = false;
  #patience: UnreadPatience | null = null;
  #discard: ContentDiscard | null = null;
  /**
   * Bytes of the response's content that are still to come; below 0 when only their end tells, and
   * Infinity when that is the connection's as well.
   */
  #contentBytes = 0;
  /** Of the sending that came furthest on connections that it has left. */
  #bytesSentBefore = 0;
  #onAbort: (() => void) | null = null;
  #signal: AbortSignal | null = null;

  constructor(request: OutgoingRequest, sink: ResponseSink, pool: OriginPool, ordinal: number) {
    this.request = request;
    this.ordinal = ordinal;
    this.#sink = sink;
    this.#pool = pool;
  }

  /** {@link ClientExchange} */
  get connection(): ClientConnectionInfo | null {
    return this.#connection?.view ?? null;
  }

  /** Bytes of it that a transport has taken, of the sending that came furthest. */
  get bytesSent(): number {
    const passedBytes = Math.min(this.#connection?.driver.bytesSent ?? 0, this.endByte);
    return Math.max(this.#bytesSentBefore, passedBytes - this.firstByte);
  }

  /** Whether a connection has been given it to send. */
  get isSent(): boolean {
    return this.firstByte !== Number.POSITIVE_INFINITY;
  }

  /** For the decision on a retry. */
  get isIdempotent(): boolean {
    return this.request.isIdempotent;
  }

  /** For the decision on a retry. */
  get isReplayable(): boolean {
    return this.request.isReplayable;
  }

  /** For the decision on a retry. */
  get wasReused(): boolean {
    return this.number > 1;
  }

  /** Ends with the signal, from now on. */
  follow(signal: AbortSignal): void {
    this.#signal = signal;
    this.#onAbort = () => this.abort(signal.reason);
    signal.addEventListener('abort', this.#onAbort);
  }

  /** {@link ClientExchange} */
  abort(reason?: unknown): void {
    this.fail('HTTP_CLIENT_ABORTED', 'the request was aborted', reason);
  }

  /**
   * Ends it here, with whatever that takes: out of the queue, or with its connection, whose end is then
   * by `closeCause`.
   */
  fail(
    code: HttpClientErrorCode,
    message: string,
    cause?: unknown,
    closeCause: ClientConnectionCloseCause = 'cut',
  ): void {
    const connection = this.#connection;
    if (!this.isOver) {
      const { bytesSent } = this;
      const safeToRetry = bytesSent === 0 || (!this.responseBegun && this.isIdempotent);
      if (this.isQueued) this.#pool.withdraw(this);
      this.failWith(new HttpClientError(code, message, { cause, bytesSent, safeToRetry }));
    } else if (this.isUploading) {
      // The response is complete and the request is not: nobody wants the rest of it.
      this.upload?.cancel();
    } else return;
    connection?.drop(this, closeCause);
  }

  /** {@link ClientExchange} */
  hold(): void {
    const connection = this.#connection;
    if (this.isOver || this.#isHeld || connection?.answers(this) !== true) return;
    this.#isHeld = true;
    connection.driver.hold();
    this.#patience = this.#pool.patience(this);
  }

  /** {@link ClientExchange} */
  resume(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#patience?.stop();
    this.#connection?.driver.resume();
  }

  /** {@link ClientExchange} */
  discard(): void {
    if (this.isOver || !this.responseBegun || this.#discard !== null) return;
    this.#discard = this.#pool.discard(this);
    if (this.#discard.allows(this.#contentBytes)) this.resume();
    else this.giveUpContent();
  }

  /** More of a discarded content was left, or later, than is worth reading. */
  giveUpContent(): void {
    const message = 'the content was discarded';
    this.fail('HTTP_CLIENT_CONTENT_DISCARDED', message, undefined, 'content-unread');
  }

  /** {@link ClientExchange} */
  switchTo<Event extends { readonly type: string }>(next: PartyFactory<Event>): void {
    const connection = this.#connection;
    if (connection === null) throw new TypeError('the protocol has not been switched');
    connection.switchTo(this, next as PartyFactory<never>);
  }

  /** A connection takes it; it is sent now or in a moment. */
  assign(connection: PooledConnection): void {
    this.#connection = connection;
    this.number = connection.requests + 1;
  }

  /** Sends its head; false, and it has failed, when the machine finds it invalid. */
  sendHead(connection: PooledConnection, now: Instant): boolean {
    const { request } = this;
    try {
      const { isOld } = this.#pool;
      if (isOld) request.adaptToOldServer();
      this.firstByte = connection.bytesQueued;
      // An older server wants to be asked each time; for others, once shows that we would stay.
      connection.machine.sendRequest(request.head(isOld || connection.requests === 0), now);
    } catch (error) {
      this.failWith(error as Error);
      return false;
    }
    return true;
  }

  /**
   * Sends its content, or prepares `upload` for that; false, and it has failed, when the machine
   * finds its end invalid.
   */
  sendContent(connection: PooledConnection, now: Instant): boolean {
    const { bytes, expectsContinue } = this.request;
    if (bytes === null || expectsContinue) {
      this.upload = new RequestUpload(this, connection);
      return true;
    }
    try {
      if (bytes.length > 0) connection.machine.sendData(bytes, now);
      connection.machine.endMessage(this.request.trailers(), now);
    } catch (error) {
      this.failWith(error as Error);
      return false;
    }
    this.endByte = connection.bytesQueued;
    return true;
  }

  /** It will be sent on another connection. */
  unassign(): void {
    this.#bytesSentBefore = this.bytesSent;
    this.#connection = null;
    this.number = 0;
    this.movesOn = false;
    this.firstByte = Number.POSITIVE_INFINITY;
    this.endByte = Number.POSITIVE_INFINITY;
    this.upload?.cancel();
    this.upload = null;
  }

  /** From the connection. */
  receiveInformational(event: InformationalEvent): void {
    if (event.status === 100) this.upload?.start();
    this.#sink.onInformational?.(event, this);
  }

  /** From the connection: the head of the final response. */
  receiveHead(head: ResponseEvent): void {
    const { contentLength, persistent } = head;
    this.responseBegun = true;
    this.#contentBytes =
      contentLength < 0 && !persistent ? Number.POSITIVE_INFINITY : contentLength;
    if (head.minorVersion === 0) this.#pool.learnOldVersion();
    // «If the client sees a response that indicates the server does not wish to receive the message
    // body and is closing the connection, the client SHOULD immediately cease transmitting the body»,
    // RFC 9112 section 9.5. A server that answers without having asked for it does not want it either.
    if (!persistent || this.upload?.isWaiting === true) this.upload?.cancel();
    if (head.framing === 'tunnel' && this.#sink.onSwitch === undefined) {
      this.fail('HTTP_CLIENT_SWITCH', 'nobody takes over after the switch of protocols');
      return;
    }
    this.#sink.onResponse(head, this);
  }

  /** From the connection: a piece of the response's content. */
  receiveData(data: Uint8Array): void {
    this.#contentBytes -= data.length;
    if (this.#discard === null) this.#sink.onData(data, this);
    else this.#discard.receive(data.length);
  }

  /** Whether content is still to be sent. */
  get isUploading(): boolean {
    return this.upload?.isOver === false;
  }

  /** From the connection: the response is complete. */
  receiveEnd(trailers: readonly Field[]): void {
    this.#finish();
    this.#sink.onEnd(trailers, this);
  }

  /** From the connection: another protocol takes over. */
  receiveSwitch(protocol: string): void {
    // The sink may have aborted it when it was told of the response.
    if (this.isOver) return;
    this.#finish();
    this.#sink.onSwitch?.(protocol, this);
  }

  /** There will be no more of a response. Never throws. */
  failWith(error: Error): void {
    if (this.isOver) return;
    this.upload?.cancel();
    this.#finish();
    try {
      this.#sink.onError(error, this);
    } catch (fault) {
      this.#pool.fault(fault, this.#connection);
    }
  }

  /** There is no connection for it. Never throws. */
  refuse(error: HttpClientError): void {
    const { bytesSent } = this;
    this.failWith(bytesSent === 0 ? error : error.behind(bytesSent));
  }

  #finish(): void {
    this.isOver = true;
    this.#isHeld = false;
    this.#patience?.stop();
    this.#discard?.stop();
    this.request.discard();
    if (!this.isUploading) this.unfollow();
  }

  /** It is over in both directions: its signal is of no consequence any more. */
  unfollow(): void {
    if (this.#onAbort === null) return;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onAbort = null;
    this.#signal = null;
  }
}
