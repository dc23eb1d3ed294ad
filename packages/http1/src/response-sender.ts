// Responses into the output: the sending half of a server.

import type { Instant } from './bytes/connection.ts';
import type { ConnectionCore } from './connection-core.ts';
import { NO_FIELDS } from './content-decoder.ts';
import { ContentEncoder } from './content-encoder.ts';
import type { Field, Framing, ResponseHead, ServerCloseCause, ServerEvent } from './events.ts';
import { type Http1FaultCode, LocalProtocolError } from './faults.ts';
import { learnHead, writeKnownHead } from './known-heads.ts';
import { writeResponseHead } from './response-head.ts';
import {
  isOrdinary,
  planInformational,
  planResponse,
  planSwitch,
  type ResponseContext,
} from './response-plan.ts';
import { MOVE, type SERVER_RECEIVE, type SERVER_SEND, type StatePair } from './state.ts';

/** What a client waits for that sent Expect (RFC 9110 section 15.2.1). */
export const CONTINUE: ResponseHead = /* @__PURE__ */ Object.freeze({
  status: 100,
  fields: NO_FIELDS,
});
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
    const isTunnel = context.reader.method === 'CONNECT' && head.status >= 200 && head.status < 300;
    if (head.status === 101 || isTunnel) this.switch(head, context, isTunnel ? date : '');
    else this.final(head, context, date);
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

  private final(head: ResponseHead, context: ResponseContext, date: string): void {
    const { core } = this;
    const { output } = core;
    const { contentLength = -1 } = head;
    const isStated = Number.isSafeInteger(contentLength) && contentLength >= 0;
    const mayBeKnown = isStated && isOrdinary(context);
    if (mayBeKnown && writeKnownHead(output, head, context.settings, date)) {
      this.encoder.begin('content-length', contentLength);
    } else {
      const plan = planResponse(head, context, date);
      const byteCount = writeResponseHead(output, head, plan.machineFields);
      if (mayBeKnown && plan.isRepeatable) {
        learnHead(head, context.settings, date, output.bytes, output.end - byteCount, output.end);
      }
      core.cause = plan.closeCause;
      this.encoder.begin(plan.outgoing.framing, plan.outgoing.contentLength);
    }
    this.continued = false;
    this.states.moveSend(MOVE.response);
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

  /** The same, as text. */
  text(text: string): void {
    this.requireContent();
    this.encoder.sendText(this.core.output, text);
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
