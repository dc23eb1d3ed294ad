// Responses into the output: the sending half of a server.

import type { Instant } from './bytes/connection.ts';
import type { ConnectionCore } from './connection-core.ts';
import { NO_FIELDS } from './content-decoder.ts';
import { ContentEncoder } from './content-encoder.ts';
import type { Field, Framing, ResponseHead, ServerCloseCause, ServerEvent } from './events.ts';
import { type Http1FaultCode, LocalProtocolError } from './faults.ts';
import { learnHead, SHORT_TEXT_MAX, writeKnownResponse } from './known-heads.ts';
import { writeResponseHead } from './response-head.ts';
import {
  isOrdinary,
  planInformational,
  planResponse,
  planSwitch,
  type ResponseContext,
  switchError,
} from './response-plan.ts';
import { MOVE, type SERVER_RECEIVE, type SERVER_SEND, type StatePair } from './state.ts';

/** What a client waits for that sent Expect (RFC 9110 section 15.2.1). */
export const CONTINUE: ResponseHead = /* @__PURE__ */ Object.freeze({
  status: 100,
  fields: NO_FIELDS,
});
const utf8 = /* @__PURE__ */ new TextEncoder();
const CONTINUE_TEXT = 'HTTP/1.1 100 Continue\r\n\r\n';

/** Sends what the state of the connection and the head of the request allow; throws, and changes nothing, otherwise. */
export class ResponseSender {
  private readonly encoder = new ContentEncoder();
  /** 100 (Continue) was sent for the current request. */
  private continued = false;
  /** What the last switch was to. */
  private protocol = '';
  private readonly core: ConnectionCore<ServerEvent<Http1FaultCode>, ServerCloseCause>;
  private readonly states: StatePair<typeof SERVER_RECEIVE, typeof SERVER_SEND>;

  constructor(
    core: ConnectionCore<ServerEvent<Http1FaultCode>, ServerCloseCause>,
    states: StatePair<typeof SERVER_RECEIVE, typeof SERVER_SEND>,
  ) {
    this.core = core;
    this.states = states;
  }

  /** How the response under way is delimited. */
  get framing(): Framing {
    return this.encoder.framing;
  }

  /** A 1xx response other than 101. */
  informational(head: ResponseHead, context: ResponseContext): void {
    this.requireAwaiting();
    planInformational(head, context);
    writeResponseHead(this.core.output, head, NO_FIELDS);
    if (head.status === 100) this.continued = true;
  }

  /** A final head, or a switch of protocols: 101, and 2xx to CONNECT. */
  response(head: ResponseHead, context: ResponseContext, now: Instant): void {
    this.requireAwaiting();
    const { settings } = context;
    const date = settings.date === null ? '' : settings.date(now);
    if (head.status === 101) this.switch(head, context, '');
    else if (isTunnel(head, context)) this.switch(head, context, date);
    else this.begin(head, -1, context, date);
  }

  private switch(head: ResponseHead, context: ResponseContext, date: string): void {
    const { core, states } = this;
    const { machineFields, protocol } = planSwitch(head, context, date);
    // «If a server receives both an Upgrade and an Expect header field with the "100-continue"
    // expectation [...], the server MUST send a 100 (Continue) response before sending a 101», RFC
    // 9110 section 7.8; also to a client that did not wait for it.
    const isOwed = head.status === 101 && context.request?.expectsContinue && !this.continued;
    writeResponseHead(core.output, head, machineFields, isOwed ? CONTINUE_TEXT : '');
    states.moveSend(MOVE.switch);
    this.protocol = protocol;
    if (states.receive === 'done') this.finishSwitch();
  }

  private begin(head: ResponseHead, length: number, context: ResponseContext, date: string): void {
    const { core } = this;
    const { output } = core;
    const plan = planResponse(head, length, context, date);
    const byteCount = writeResponseHead(output, head, plan.machineFields);
    if (plan.isRepeatable && isOrdinary(context)) {
      const { bytes, end } = output;
      learnHead(head, length, context.settings, date, bytes.subarray(end - byteCount, end));
    }
    core.cause = plan.closeCause;
    this.encoder.begin(plan.outgoing.framing, plan.outgoing.contentLength);
    this.continued = false;
    this.states.moveSend(MOVE.response);
  }

  /** A whole response: all of it, or nothing when it throws. Returns the bytes of content that follow the head. */
  whole(
    head: ResponseHead,
    content: string | Uint8Array | null,
    context: ResponseContext,
    now: Instant,
  ): number {
    this.requireAwaiting();
    const { settings } = context;
    const date = settings.date === null ? '' : settings.date(now);
    const isText = typeof content === 'string';
    const isReady = isText ? content.length <= SHORT_TEXT_MAX : content instanceof Uint8Array;
    if (content !== null && isReady && isOrdinary(context)) {
      const byteCount = writeKnownResponse(this.core.output, head, content, settings, date);
      if (byteCount >= 0) {
        this.continued = false;
        this.states.moveSend(MOVE.response);
        this.states.moveSend(MOVE['response-end']);
        return byteCount;
      }
    }
    const bytes = typeof content === 'string' ? utf8.encode(content) : content;
    return this.wholeAnew(head, bytes, context, date);
  }

  private wholeAnew(
    head: ResponseHead,
    content: Uint8Array | null,
    context: ResponseContext,
    date: string,
  ): number {
    const { encoder } = this;
    const { output } = this.core;
    const { status } = head;
    if (content !== null && !(content instanceof Uint8Array)) {
      throw new TypeError('content must be a string or a Uint8Array');
    }
    if (isTunnel(head, context)) throw switchError('a tunnel has no content');
    const isBare = status === 204 || status === 304;
    const isStated = content !== null && (content.length > 0 || !isBare);
    this.begin(head, isStated ? content.length : -1, context, date);
    const byteCount = encoder.framing === 'none' ? 0 : (content?.length ?? 0);
    if (byteCount > 0) encoder.send(output, content!);
    encoder.end(output, NO_FIELDS);
    this.states.moveSend(MOVE['response-end']);
    return byteCount;
  }

  /** A switch was sent, and the request has been received to its end. */
  finishSwitch(): void {
    this.states.moveReceive(MOVE.switch);
    this.core.pending = { type: 'switched', protocol: this.protocol };
  }

  /** Content of the response under way. */
  data(data: Uint8Array): void {
    this.requireContent();
    this.encoder.send(this.core.output, data);
  }

  /** The end of the response under way. */
  end(trailers: readonly Field[]): void {
    this.requireContent();
    this.encoder.end(this.core.output, trailers);
    this.states.moveSend(MOVE['response-end']);
  }

  private requireAwaiting(): void {
    const { send } = this.states;
    if (send === 'awaiting') return;
    if (send === 'idle' || send === 'ended') {
      throw new LocalProtocolError('HTTP1_NO_REQUEST', 'there is no request to respond to');
    }
    throw new LocalProtocolError('HTTP1_RESPONSE_STARTED', 'the final response has been started');
  }

  private requireContent(): void {
    if (this.states.send === 'content') return;
    throw new LocalProtocolError('HTTP1_NO_RESPONSE', 'no response head has been sent');
  }
}

/** «Any 2xx (Successful) response indicates that the sender [...] will switch to tunnel mode», RFC 9110 section 9.3.6. */
function isTunnel({ status }: ResponseHead, context: ResponseContext): boolean {
  const isSuccess = Number.isInteger(status) && status >= 200 && status < 300;
  return isSuccess && context.reader.method === 'CONNECT';
}
