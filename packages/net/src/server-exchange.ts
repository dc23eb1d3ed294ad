// One request being answered: between the handler, which sees an HttpExchange, and the machine.
import {
  type Field,
  LocalProtocolError,
  type RequestEvent,
  type ResponseHead,
} from '@holdline/http1/server';
import type { Instant } from './bytes/connection.ts';
import { OUTPUT_BYTES_LOW } from './driver-limits.ts';
import type { HttpConnection } from './http-connection.ts';
import { defaultResponse } from './http-default-response.ts';
import type { ExchangeRecord, HttpExchange, HttpHandler, PartyFactory } from './http-exchange.ts';
import {
  type ContentSource,
  RequestContent,
  type RequestContentCode,
  RequestContentError,
  readAll,
} from './http-request-content.ts';
import { forbidsContent, type HttpResponse, responseHead } from './http-response.ts';
import { discardContent, type ResponseOutlet, ResponseStream } from './http-response-stream.ts';

const NO_FIELDS: readonly Field[] = Object.freeze([]);
const CONTINUE: ResponseHead = Object.freeze({ status: 100, fields: NO_FIELDS });

interface PendingSwitch {
  readonly next: PartyFactory<never>;
  readonly head: ResponseHead;
}

/** The only implementation of {@link HttpExchange}. */
export class ServerExchange implements HttpExchange, ContentSource, ResponseOutlet {
  readonly head: RequestEvent;
  readonly connection: HttpConnection;
  readonly number: number;
  private readonly startedAt: Instant;
  private requestContent: RequestContent | null = null;
  private stream: ResponseStream | null = null;
  private controller: AbortController | null = null;
  private pendingSwitch: PendingSwitch | null = null;
  /** Of the final response; 0 before it. */
  private status = 0;
  private responseBytes = 0;
  private faultCode: string | null = null;
  private received = false;
  private over = false;
  /** The response is complete when the client has ended its direction. */
  private lastsUntilClientEnd = false;

  constructor(connection: HttpConnection, head: RequestEvent, now: Instant) {
    this.connection = connection;
    this.head = head;
    this.number = connection.requests;
    this.startedAt = now;
  }

  /** {@link HttpExchange} */
  get content(): RequestContent {
    if (this.requestContent === null) {
      this.requestContent = new RequestContent(this);
      if (this.received) this.requestContent.end(NO_FIELDS);
      else if (this.over) this.requestContent.fail('NET_CONTENT_DISCARDED', 'the exchange is over');
    }
    return this.requestContent;
  }

  /** {@link HttpExchange} */
  get trailers(): readonly Field[] {
    return this.requestContent?.trailers ?? NO_FIELDS;
  }

  /** {@link HttpExchange} */
  get signal(): AbortSignal {
    if (this.controller === null) {
      this.controller = new AbortController();
      if (this.over && !this.responded) this.controller.abort();
    }
    return this.controller.signal;
  }

  /** {@link HttpExchange} */
  readContent(options: { readonly bytesMax: number }): Promise<Uint8Array> {
    return readAll(this.content, this.head.contentLength, options.bytesMax);
  }

  /** {@link HttpExchange} */
  respond(response: HttpResponse): void {
    this.requireUnanswered();
    const { content = '', status } = response;
    if (this.over) {
      discardContent(content);
      return;
    }
    const isWhole = typeof content === 'string' || content instanceof Uint8Array;
    const stream = isWhole ? null : new ResponseStream(content, this);
    const bare = forbidsContent(status);
    if (bare && !(isWhole && content.length === 0)) {
      throw new TypeError(`a ${status} response has no content`);
    }
    const isHead = this.head.method === 'HEAD';
    if (isWhole)
      this.respondWhole(response, isHead && response.content === undefined ? null : content);
    else if (isHead) this.respondWhole(response, null);
    else this.respondInPieces(response, stream!);
    if (isHead) discardContent(content);
    this.connection.wake();
  }

  private respondWhole(response: HttpResponse, content: string | Uint8Array | null): void {
    const { machine } = this.connection;
    const now = this.connection.now();
    this.responseBytes = machine.respond(responseHead(response), content, now);
    this.status = response.status;
    this.end(true, 'NET_CONTENT_DISCARDED');
  }

  private respondInPieces(response: HttpResponse, stream: ResponseStream): void {
    this.connection.machine.sendResponse(responseHead(response), this.connection.now());
    this.status = response.status;
    this.stream = stream;
    this.lastsUntilClientEnd = response.untilClientEnd === true;
    stream.resume();
    if (this.connection.clientHasEnded) this.clientEnded();
  }

  /** {@link HttpExchange} */
  sendInformational(head: ResponseHead): void {
    this.requireUnanswered();
    if (this.over) return;
    this.connection.machine.sendInformational(head, this.connection.now());
    this.connection.wake();
  }

  /** {@link HttpExchange} */
  switchTo<Event extends { readonly type: string }>(
    next: PartyFactory<Event>,
    head: ResponseHead,
  ): void {
    this.requireUnanswered();
    if (this.over) return;
    const pending: PendingSwitch = { next: next as PartyFactory<never>, head };
    if (this.received) {
      this.switchNow(pending);
      this.connection.wake();
    } else {
      this.pendingSwitch = pending;
      // RFC 9110 section 7.8: the request is received to its end before the protocol changes.
      void this.content.return();
      this.startContent();
    }
  }

  /** Lets the handler answer. A handler that answers at once costs neither promise nor turn. */
  run(handler: HttpHandler): void {
    try {
      const result = handler(this);
      if (result !== undefined) this.follow(result);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Answers with the default response to a status. */
  answer(status: number, fields: readonly Field[] = NO_FIELDS): void {
    if (!this.responded && !this.over) this.respond(defaultResponse(status, fields));
  }

  /** The handler, or what it gave to be sent, has failed. */
  fail(error: unknown): void {
    const isExpected = error instanceof RequestContentError;
    if (this.over) {
      // A handler whose client has gone may well stumble over that.
      const isAbort = this.controller?.signal.aborted === true;
      if (!isExpected && !isAbort) this.connection.reportFault(error);
      return;
    }
    if (!isExpected) this.connection.reportFault(error);
    if (this.responded) this.connection.cut('fault');
    else this.answer(isExpected ? error.status : 500);
  }

  /** A piece of the request's content. */
  receiveData(data: Uint8Array): void {
    this.content.push(data);
  }

  /** The request is complete. */
  receiveEnd(trailers: readonly Field[]): void {
    this.received = true;
    this.requestContent?.end(trailers);
    if (trailers.length > 0 && this.requestContent === null) this.content.end(trailers);
    const pending = this.pendingSwitch;
    this.pendingSwitch = null;
    if (pending === null) return;
    try {
      this.switchNow(pending);
    } catch (error) {
      this.fail(error);
    }
  }

  /** The request turned out to be faulty, or its content too late. */
  failRequest(status: number, code: string, canRespond: boolean): void {
    this.faultCode = code;
    this.pendingSwitch = null;
    this.requestContent?.fail('NET_CONTENT_INCOMPLETE', code);
    if (canRespond) this.answer(status);
    else this.abandon();
    this.controller?.abort();
  }

  /** The client will send no more: it may be gone, and may as well be reading. */
  clientEnded(): void {
    if (!this.lastsUntilClientEnd || this.over) return;
    try {
      this.endPieces();
    } catch (error) {
      // A length was announced.
      this.fail(error);
    }
  }

  /** The exchange ends without its response being complete. */
  abandon(): void {
    if (this.over) return;
    this.end(false, 'NET_CONTENT_INCOMPLETE');
    this.controller?.abort();
  }

  /** {@link ContentSource} */
  startContent(): void {
    const { machine } = this.connection;
    if (machine.continueIsDue && !this.responded && !this.over) {
      machine.sendInformational(CONTINUE, this.connection.now());
    }
    this.connection.wake();
  }

  /** {@link ContentSource} */
  holdContent(): void {
    if (!this.over && this.pendingSwitch === null) this.connection.hold();
  }

  /** {@link ContentSource} */
  releaseContent(): void {
    if (!this.over) this.connection.resume();
  }

  /** {@link ResponseOutlet} */
  get wantsMore(): boolean {
    return this.connection.machine.outputBytes < OUTPUT_BYTES_LOW;
  }

  /** {@link ResponseOutlet} */
  sendPiece(piece: Uint8Array): void {
    if (this.over) return;
    this.connection.machine.sendData(piece, this.connection.now());
    this.responseBytes += piece.length;
    this.connection.wake();
  }

  /** {@link ResponseOutlet} */
  wantMore(): void {
    if (!this.over) this.connection.wantWritable();
  }

  /** {@link ResponseOutlet} */
  endPieces(): void {
    if (this.over) return;
    this.complete(this.connection.now());
    this.connection.wake();
  }

  /** {@link ResponseOutlet} */
  failPieces(error: unknown): void {
    this.fail(error);
  }

  /** The transport takes more of a streamed response. */
  resumeStream(): void {
    this.stream?.resume();
  }

  private get responded(): boolean {
    return this.status !== 0;
  }

  private get bytesReceived(): number {
    return this.requestContent?.bytesReceived ?? 0;
  }

  private complete(now: Instant): void {
    this.connection.machine.endMessage(NO_FIELDS, now);
    this.end(true, 'NET_CONTENT_DISCARDED');
  }

  private end(complete: boolean, code: RequestContentCode): void {
    this.over = true;
    this.stream?.cancel();
    this.stream = null;
    this.requestContent?.fail(code, 'the rest of the content will not come');
    this.connection.endExchange(this, complete);
  }

  private switchNow({ next, head }: PendingSwitch): void {
    const { machine } = this.connection;
    const now = this.connection.now();
    machine.sendResponse(head, now);
    this.status = head.status;
    this.connection.expectSwitch(next);
    this.end(true, 'NET_CONTENT_DISCARDED');
  }

  /** After a fault of the request, which was answered here, the handler's answer goes nowhere. */
  private requireUnanswered(): void {
    if (this.faultCode !== null && this.over) return;
    if (!this.responded && this.pendingSwitch === null) return;
    throw new LocalProtocolError('HTTP1_RESPONSE_STARTED', 'the final response has been started');
  }

  private follow(result: Promise<void>): void {
    result.then(
      () => {
        if (!this.responded && !this.over && this.pendingSwitch === null) {
          this.fail(new Error('the handler has finished without a response'));
        }
      },
      (error: unknown) => this.fail(error),
    );
  }

  /** The line of an access log. */
  record(complete: boolean): ExchangeRecord {
    return {
      connection: this.connection,
      number: this.number,
      method: this.head.method,
      target: this.head.target,
      status: this.status,
      requestBytes: this.bytesReceived,
      responseBytes: this.responseBytes,
      durationMs: this.connection.now() - this.startedAt,
      complete,
      faultCode: this.faultCode,
    };
  }
}
