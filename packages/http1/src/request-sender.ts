// Requests into the output: the sending half of a client.
import type { Instant } from './bytes/connection.ts';
import type { ClientParts } from './client-parts.ts';
import { ContentEncoder } from './content-encoder.ts';
import type { Field, RequestHead } from './events.ts';
import { LocalProtocolError } from './faults.ts';
import { planRequest, writeRequestHead } from './request-plan.ts';
import { type ReuseVerdict, reuseVerdict } from './reuse.ts';
import { MOVE } from './state.ts';

/** Sends what the state of the connection allows; throws, and changes nothing, otherwise. */
export class RequestSender {
  /** No more requests are wanted. */
  draining = false;
  /** A response said close: what stands behind it in the pipeline will not be answered. */
  closeReceived = false;
  private readonly encoder = new ContentEncoder();
  private readonly parts: ClientParts;
  private readonly ageDeadline: Instant;

  constructor(parts: ClientParts) {
    this.parts = parts;
    this.ageDeadline = parts.core.now + parts.settings.timeouts.ageMsMax;
  }

  /** As many requests as our own limit allows have been sent. */
  get isFull(): boolean {
    return this.parts.pipeline.requests >= this.parts.settings.requestsMax;
  }

  /** May a request be sent now by a caller that does not pipeline? */
  reuseVerdict(now: Instant): ReuseVerdict {
    const { draining, closeReceived } = this;
    const { core, states, pipeline } = this.parts;
    const isTooOld = now >= this.ageDeadline;
    const isFull = this.isFull || pipeline.allowed <= 0;
    const situation = { core, states, pipeline, draining, closeReceived, isTooOld, isFull };
    return reuseVerdict(situation, now);
  }

  /** A request's head. */
  request(head: RequestHead, now: Instant): void {
    this.requireReady(now);
    const { settings, pipeline, core, states } = this.parts;
    const isLast = pipeline.requests + 1 >= settings.requestsMax || pipeline.allowed <= 1;
    const plan = planRequest(head, settings, isLast);
    const firstByte = core.queuedBytes;
    writeRequestHead(core.output, head, plan.machineFields);
    pipeline.push(head, plan, firstByte);
    this.encoder.begin(plan.outgoing.framing, plan.outgoing.contentLength);
    states.moveSend(MOVE.request);
    if (states.receive === 'idle') states.moveReceive(MOVE.expect);
    if (core.deadlines.phase === 'idle') core.deadlines.stop();
  }

  /** Content of the request under way. */
  data(data: Uint8Array): void {
    this.requireContent();
    this.encoder.send(this.parts.core.output, data);
  }

  /** The end of the request under way. */
  end(trailers: readonly Field[]): void {
    this.requireContent();
    this.encoder.end(this.parts.core.output, trailers);
    this.parts.states.moveSend(MOVE['request-end']);
  }

  private requireReady(now: Instant): void {
    const { reason } = this.reuseVerdict(now);
    if (reason === 'ready' || reason === 'response-outstanding') return;
    const isBusy = reason === 'request-under-way';
    const code = isBusy ? 'HTTP1_REQUEST_STARTED' : 'HTTP1_CONNECTION_CLOSING';
    throw new LocalProtocolError(code, `no request can be sent: ${reason}`);
  }

  private requireContent(): void {
    if (this.parts.states.send === 'content') return;
    throw new LocalProtocolError('HTTP1_NO_REQUEST', 'no request head has been sent');
  }
}
