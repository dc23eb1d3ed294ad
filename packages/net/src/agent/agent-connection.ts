// Behind the socket that node's `ClientRequest` writes to: a server machine that understands what it
// writes, and a client that makes the request.

import type { InformationalEvent, ResponseEvent } from '@holdline/http1/client';
import {
  type FailedEvent,
  type Field,
  type Http1FaultCode,
  Http1Server,
  type Http1ServerSettings,
  type RequestEvent,
  type ServerEvent,
  serverSettings,
} from '@holdline/http1/server';
import type { ClientConnectionInfo } from '../client/client-connection-info.ts';
import type { HttpClient } from '../client/http-client.ts';
import { encodeRawBytes } from '../client/origin.ts';
import type { ClientExchange, ResponseSink } from '../client/response-sink.ts';
import { type Clock, sharedClock } from '../clock.ts';
import { type ContentSource, RequestContent } from '../http-request-content.ts';
import { nodeError } from './agent-errors.ts';
import { AgentTunnel } from './agent-tunnel.ts';
import { forwardedFields, forwardedResponseFields } from './forwarded-fields.ts';

/** Whom an agent's request goes to. */
export interface AgentTarget {
  /** `http://host:port` */
  readonly origin: string;
  readonly socketPath: string | undefined;
}

/** The socket, as its other side sees it. */
export interface AgentOutlet {
  /** Gives bytes to node; false when it wants no more for now. */
  deliver(data: Uint8Array): boolean;
  /** There will be no more bytes. */
  finish(): void;
  /** Something went wrong, or has just ended. */
  fail(error: Error | null): void;
  /** Bytes that node has written have been taken, and there is room for more. */
  release(): void;
}

const NEVER = Number.POSITIVE_INFINITY;

/** Nobody here is a stranger, and node checks what it writes: limits and time are the client's affair. */
const SETTINGS: Http1ServerSettings = serverSettings({
  limits: {
    startLineBytesMax: NEVER,
    headBytesMax: NEVER,
    fieldsMax: NEVER,
    methodBytesMax: NEVER,
  },
  timeouts: {
    headMs: NEVER,
    contentGraceMs: NEVER,
    contentBytesPerSecondMin: 0,
    writeStallMs: NEVER,
    idleMs: NEVER,
    lingerMs: 0,
  },
  announceKeepAlive: false,
  acceptUrlTargets: true,
});

const CONTINUE = { status: 100, fields: [] };

/** Carries the requests of one socket to the client, one after the other. */
export class AgentConnection implements ResponseSink, ContentSource {
  readonly #client: HttpClient;
  readonly #target: AgentTarget;
  readonly #outlet: AgentOutlet;
  readonly #clock: Clock = sharedClock();
  readonly #machine: Http1Server;
  #exchange: ClientExchange | null = null;
  #head: RequestEvent | null = null;
  #content: RequestContent | null = null;
  #tunnel: AgentTunnel | null = null;
  #contentIsHeld = false;
  #isPumping = false;
  #again = false;
  #isOver = false;

  constructor(client: HttpClient, target: AgentTarget, outlet: AgentOutlet) {
    this.#client = client;
    this.#target = target;
    this.#outlet = outlet;
    this.#machine = new Http1Server(SETTINGS, this.#clock.now());
  }

  /** The server's connection, while a request is on one. */
  get connection(): ClientConnectionInfo | null {
    return this.#exchange?.connection ?? null;
  }

  /** Whether node may write more. */
  get wantsData(): boolean {
    if (this.#tunnel !== null) return this.#tunnel.wantsMore;
    return this.#machine.wantsData && !this.#contentIsHeld;
  }

  /** Node has written bytes, which it may change afterwards. */
  receive(data: Uint8Array): void {
    const copy = new Uint8Array(data);
    if (this.#tunnel !== null) {
      this.#tunnel.send(copy);
      return;
    }
    this.#machine.receive(copy, this.#clock.now());
    this.#pump();
  }

  /** Node has ended its direction. */
  receiveEnd(): void {
    if (this.#tunnel !== null) {
      this.#tunnel.end();
      return;
    }
    this.#machine.receiveEnd(this.#clock.now(), 'finished');
    this.#pump();
  }

  /** Node takes more. */
  resume(): void {
    if (this.#tunnel === null) this.#exchange?.resume();
    else this.#tunnel.resume();
  }

  /** The socket was destroyed. */
  abort(reason: Error | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#content?.fail('NET_CONTENT_INCOMPLETE', 'the request was destroyed');
    if (this.#tunnel === null) this.#exchange?.abort(reason ?? undefined);
    else this.#tunnel.abort();
  }

  /** {@link ContentSource}: the server wants the content, so node may send it. */
  startContent(): void {
    if (this.#head?.expectsContinue !== true || this.#machine.responseState !== 'awaiting') return;
    this.#machine.sendInformational(CONTINUE, this.#clock.now());
    this.#pump();
  }

  /** {@link ContentSource} */
  holdContent(): void {
    this.#contentIsHeld = true;
  }

  /** {@link ContentSource} */
  releaseContent(): void {
    if (!this.#contentIsHeld) return;
    this.#contentIsHeld = false;
    this.#pump();
    if (this.wantsData) this.#outlet.release();
  }

  /** {@link ResponseSink}; 100 (Continue) is sent from here when the content is asked for. */
  onInformational({ status, reason, fields, rawHead }: InformationalEvent): void {
    if (status === 100 || this.#isOver) return;
    // «A server MUST NOT send a Content-Length header field in any response with a status code of 1xx»,
    // RFC 9110 section 8.6; those that do mean no harm.
    const forwarded = forwardedFields({ fields, rawHead }, 'content-length');
    this.#machine.sendInformational({ status, reason, fields: forwarded }, this.#clock.now());
    this.#pump();
  }

  /** {@link ResponseSink} */
  onResponse(head: ResponseEvent, exchange: ClientExchange): void {
    if (this.#isOver) return;
    const { status, reason } = head;
    const fields = forwardedResponseFields(head);
    try {
      this.#machine.sendResponse({ status, reason, fields }, this.#clock.now());
    } catch (error) {
      this.#giveUp(error as Error, exchange);
    }
    this.#pump();
  }

  /** {@link ResponseSink} */
  onData(data: Uint8Array, exchange: ClientExchange): void {
    if (this.#isOver) return;
    try {
      this.#machine.sendData(data, this.#clock.now());
    } catch (error) {
      this.#giveUp(error as Error, exchange);
    }
    if (!this.#pump()) exchange.hold();
  }

  /** {@link ResponseSink} */
  onEnd(trailers: readonly Field[]): void {
    this.#exchange = null;
    if (this.#isOver) return;
    this.#machine.endMessage(trailers, this.#clock.now());
    this.#pump();
  }

  /** {@link ResponseSink}: the machine has switched with the response that it was sent. */
  onSwitch(_protocol: string, exchange: ClientExchange): void {
    if (this.#isOver) {
      exchange.abort();
      return;
    }
    const { data, end } = this.#machine.takeTrailingData();
    this.#tunnel = new AgentTunnel(this.#outlet, exchange);
    this.#tunnel.send(data);
    if (end !== null) this.#tunnel.end();
  }

  /** {@link ResponseSink} */
  onError(error: Error): void {
    this.#exchange = null;
    if (this.#isOver) return;
    this.#isOver = true;
    this.#content?.fail('NET_CONTENT_DISCARDED', 'the request has failed');
    this.#outlet.fail(nodeError(error));
  }

  /** A response that a client bears and nobody may send: a status above 599, or 205 with content. */
  #giveUp(error: Error, exchange: ClientExchange): void {
    this.onError(error);
    exchange.abort();
  }

  /** Moves events and output; false when node wants no more output for now. */
  #pump(): boolean {
    this.#again = true;
    // Node answers from within what it is given, and the client from within what it is asked.
    if (this.#isPumping) return true;
    this.#isPumping = true;
    let wantsMore = true;
    try {
      while (this.#again && !this.#isOver) {
        this.#again = false;
        this.#pullEvents();
        wantsMore = this.#pushOutput() && wantsMore;
      }
    } finally {
      this.#isPumping = false;
    }
    return wantsMore;
  }

  #pullEvents(): void {
    const now = this.#clock.now();
    while (!this.#contentIsHeld && this.#tunnel === null) {
      const event = this.#machine.nextEvent(now);
      if (event.type === 'need-data' || event.type === 'paused') return;
      this.#take(event);
    }
  }

  #pushOutput(): boolean {
    const now = this.#clock.now();
    let wantsMore = true;
    for (let chunk = this.#machine.nextOutput(); chunk !== null; ) {
      wantsMore = this.#outlet.deliver(chunk) && wantsMore;
      this.#machine.outputAccepted(chunk.length, now);
      chunk = this.#machine.nextOutput();
    }
    const { transport } = this.#machine;
    if (transport === 'close' || transport === 'half-close') this.#outlet.finish();
    return wantsMore;
  }

  #take(event: ServerEvent<Http1FaultCode>): void {
    switch (event.type) {
      case 'request':
        this.#request(event);
        break;
      case 'data':
        this.#content?.push(event.data);
        break;
      case 'end':
        this.#content?.end(event.trailers);
        this.#content = null;
        break;
      case 'failed':
        this.#refuse(event);
        break;
    }
  }

  #request(head: RequestEvent): void {
    const { method, target, framing, expectsContinue } = head;
    const { origin, socketPath } = this.#target;
    const content = framing === 'none' ? null : new RequestContent(this);
    this.#head = head;
    this.#content = content;
    const fields = forwardedFields(head, 'expect', 'upgrade');
    if (!head.persistent) fields.push({ name: 'Connection', value: 'close' });
    try {
      this.#exchange = this.#client.send(
        {
          origin,
          target: target.startsWith('/') ? encodeRawBytes(target) : target,
          method,
          fields,
          content,
          ...(socketPath === undefined ? {} : { socketPath }),
          ...(content === null ? {} : { trailers: () => content.trailers }),
          ...(head.upgrade.length === 0 ? {} : { upgrade: head.upgrade.join(', ') }),
          expectContinue: expectsContinue,
        },
        this,
      );
    } catch (error) {
      this.onError(error as Error);
    }
  }

  /** Node lets through what RFC 9112 does not. */
  #refuse({ code, message }: FailedEvent<Http1FaultCode>): void {
    this.onError(new TypeError(`${code}: ${message}`));
  }
}
