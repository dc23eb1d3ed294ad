// What a server's connection needs while messages are under way. An idle one has none of this: it
// borrows a cycle when something happens and gives it back when all is said, so that ten thousand
// idle connections cost a few numbers each, and busy ones use the same few cycles over and over.
import {
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  PAUSED,
  type Paused,
} from './bytes/connection.ts';
import { ConnectionCore } from './connection-core.ts';
import { END_WITHOUT_TRAILERS } from './content-decoder.ts';
import type {
  EndEvent,
  FailedEvent,
  RequestEvent,
  ResponseHead,
  ServerCloseCause,
  ServerEvent,
} from './events.ts';
import { FAULTS, type Http1FaultCode } from './faults.ts';
import { RequestReader } from './request-reader.ts';
import type { ResponseContext } from './response-plan.ts';
import { CONTINUE, ResponseSender } from './response-sender.ts';
import { idleDeadline, type ServerRest } from './server-rest.ts';
import type { Http1ServerSettings } from './server-settings.ts';
import { MOVE, SERVER_RECEIVE, SERVER_SEND, StatePair } from './state.ts';

type Event = ServerEvent<Http1FaultCode>;

/** Longer than a round trip takes: what was accepted so long ago is in nobody's way any more. */
const ROUND_TRIP_MS_MAX = 1_000;

/** One connection's requests and responses, from rest to rest, or to its end. */
export class ServerCycle implements ResponseContext {
  settings: Http1ServerSettings;
  readonly core: ConnectionCore<Event, ServerCloseCause>;
  readonly reader: RequestReader;
  readonly states: StatePair<typeof SERVER_RECEIVE, typeof SERVER_SEND>;
  request: RequestEvent | null = null;
  requests = 0;
  idleSince: Instant = 0;
  /** The client may be waiting for 100 (Continue) before it sends content. */
  continueIsDue = false;
  draining = false;
  readonly sender: ResponseSender;
  private ageDeadline: Instant = 0;
  private responseIncomplete = false;

  constructor(settings: Http1ServerSettings) {
    this.settings = settings;
    this.core = new ConnectionCore(settings, 0);
    this.reader = new RequestReader(this.core.input);
    this.states = new StatePair(SERVER_RECEIVE, 'idle', SERVER_SEND, 'idle');
    this.sender = new ResponseSender(this.core, this.states);
  }

  /** Takes a connection up where it rested. */
  begin(settings: Http1ServerSettings, rest: ServerRest, now: Instant): void {
    const { core } = this;
    this.settings = settings;
    this.requests = rest.requests;
    this.idleSince = rest.idleSince;
    this.ageDeadline = rest.openedAt + settings.timeouts.ageMsMax;
    core.begin(settings, now);
    core.input.consumedBytes = rest.consumedBytes;
    core.deadlines.start('idle', idleDeadline(settings, rest));
  }

  /** {@link ResponseContext} */
  get isTooOld(): boolean {
    return this.core.now >= this.ageDeadline;
  }

  /** Nothing is under way, and nothing is half said. */
  get isAtRest(): boolean {
    const { core, states } = this;
    const isIdle = states.receive === 'idle' && states.send === 'idle';
    return isIdle && core.isQuiet && this.reader.emptyLines === 0;
  }

  /** See `Http1Server`. */
  receiveEnd(now: Instant, end: End): void {
    if (this.core.receiveEnd(now, end) && this.states.receive !== 'switched') this.cut('reset');
  }

  /** See `Http1Server`. */
  nextEvent(now: Instant): Event | NeedData | Paused {
    this.core.now = now;
    for (;;) {
      // Null: there was nothing to report, but the state has changed.
      const event = this.core.takePending() ?? this.advance(now);
      if (event !== null) return event.type === 'failed' ? this.judge(event) : event;
    }
  }

  /** See `Http1Server`. */
  outputAccepted(byteCount: number, now: Instant): void {
    this.core.outputAccepted(byteCount, now);
    // «Idle» counts from the last byte accepted.
    if (byteCount > 0 && this.core.deadlines.phase === 'idle') this.startIdle();
  }

  /** See `Http1Server`. */
  onDeadline(now: Instant): void {
    this.core.now = now;
    const { deadlines } = this.core;
    const { phase } = deadlines;
    if (deadlines.writeIsStalled(now)) this.cut('write-stall');
    else if (!deadlines.phaseIsOver(now)) return;
    else if (phase === 'linger') this.core.endLinger();
    else if (phase === 'continue') this.answerContinue(now);
    // The time went by while input lay here unread: that is not the client's fault.
    else if (this.core.unread) deadlines.stop();
    else if (phase === 'idle') this.closeIdle(now < this.ageDeadline ? 'idle-timeout' : 'max-age');
    else if (phase === 'head') this.fail('HTTP1_HEAD_TIMEOUT', this.core.input.length);
    else if (this.reader.isDiscarding) this.beginClose('content-unread');
    else this.fail('HTTP1_CONTENT_TIMEOUT', 0);
  }

  /** See `Http1Server`. */
  sendInformational(head: ResponseHead, now: Instant): void {
    this.sender.informational(head, this);
    this.core.now = now;
    if (head.status === 100) this.contentIsDue();
  }

  /** See `Http1Server`. */
  sendResponse(head: ResponseHead, now: Instant): void {
    this.core.now = now;
    this.sender.response(head, this, now);
    // From now on it is the client's to judge whether it still sends the content.
    if (this.core.deadlines.phase === 'continue') this.core.deadlines.stop();
  }

  /** The response is complete: the next request, what is left of this one, or the end. */
  finishResponse(): void {
    if (this.states.receive === 'done') this.finishCycle();
    else if (this.states.receive === 'ended') this.beginClose('failed');
    else this.discardContent();
  }

  /** See `Http1Server`. */
  drain(now: Instant): void {
    this.core.now = now;
    this.draining = true;
    if (this.states.receive === 'idle' && this.core.input.length === 0) this.closeIdle('drained');
  }

  /** A response is owed, or begun. */
  private get isResponding(): boolean {
    return this.states.send === 'awaiting' || this.states.send === 'content';
  }

  private advance(now: Instant): Event | NeedData | Paused | null {
    switch (this.states.receive) {
      case 'idle':
        return this.nextRequest(now);
      case 'content':
        return this.nextContent();
      case 'done':
        return PAUSED;
      default:
        return this.nextAfterEnd();
    }
  }

  private nextRequest(now: Instant): Event | NeedData | null {
    const { deadlines, peerEnd } = this.core;
    const { timeouts } = this.settings;
    const result = this.reader.nextHead(this.settings);
    if (result === 'need-data') {
      // A drain may have come in the middle of an empty line.
      const isDrained = this.draining && this.core.input.length === 0;
      if (isDrained || peerEnd !== null) {
        const ending = peerEnd === 'truncated' ? 'truncated' : 'peer-end';
        return this.closeIdle(isDrained ? 'drained' : ending);
      }
      if (deadlines.phase !== 'idle') this.startIdle();
      return this.core.needData();
    }
    if (result === 'begun') {
      if (peerEnd !== null) return this.fail('HTTP1_UNEXPECTED_END', this.core.input.length);
      deadlines.startOnce('head', now + timeouts.headMs);
      return this.core.needData();
    }
    if (typeof result === 'string') return this.fail(result, this.reader.faultOffset);
    this.requests++;
    this.request = result;
    this.continueIsDue = result.expectsContinue;
    this.states.moveBoth(MOVE.request);
    if (result.framing === 'none') deadlines.stop();
    // A client that waits for 100 (Continue) owes no content yet.
    else if (this.continueIsDue) deadlines.start('continue', now + timeouts.contentGraceMs);
    else deadlines.startContent(timeouts.contentGraceMs);
    return result;
  }

  private nextContent(): Event | NeedData | null {
    const result = this.reader.nextContent();
    if (typeof result !== 'string') {
      this.contentIsDue();
      return { type: 'data', data: result };
    }
    if (result === 'complete') return this.endContent();
    if (result === 'unread') return this.beginClose('content-unread');
    if (result !== 'need-data') return this.fail(result, this.reader.faultOffset);
    if (this.core.peerEnd !== null)
      return this.fail('HTTP1_UNEXPECTED_END', this.core.input.length);
    return this.continueIsDue ? this.core.needData() : this.core.needContent();
  }

  /**
   * «The origin server MUST NOT wait for the content before sending the 100 (Continue) response.»
   * RFC 9110 section 10.1.1. An application that says nothing for this long is answered for.
   */
  private answerContinue(now: Instant): void {
    // Then the client has not waited.
    if (this.core.unread) this.contentIsDue();
    else this.sendInformational(CONTINUE, now);
  }

  /** A client that was waiting for 100 (Continue) has been told, or did not wait. */
  private contentIsDue(): void {
    if (!this.continueIsDue) return;
    this.continueIsDue = false;
    this.core.deadlines.startContent(this.settings.timeouts.contentGraceMs);
  }

  private endContent(): EndEvent | null {
    const { trailers, isDiscarding: isDiscarded } = this.reader;
    this.states.moveReceive(MOVE['request-end']);
    this.continueIsDue = false;
    this.core.deadlines.stop();
    if (this.states.send === 'done') this.finishCycle();
    else if (this.states.send === 'switched') this.sender.finishSwitch();
    if (isDiscarded) return null;
    return trailers.length === 0 ? END_WITHOUT_TRAILERS : { type: 'end', trailers };
  }

  /** After the last request: the response to a faulty one is still awaited, or all is over. */
  private nextAfterEnd(): Event | NeedData | Paused {
    if (this.isResponding) return PAUSED;
    if (!this.core.closedIsDue) return NEED_DATA;
    this.core.reportClosed();
    const cause = this.core.cause ?? 'peer-end';
    const { requests, responseIncomplete } = this;
    return { type: 'closed', cause, requests, responseIncomplete };
  }

  /** Both messages are complete: the next request, or the end. */
  private finishCycle(): void {
    if (this.core.cause !== null || this.draining) {
      this.beginClose('drained');
      return;
    }
    this.states.moveBoth(MOVE['next-cycle']);
    this.request = null;
    this.startIdle();
  }

  /**
   * The response was complete before the request. What is left of its content is read and thrown
   * away if that is not too much, so that the connection can go on.
   */
  private discardContent(): void {
    const { discardBytesMax } = this.settings.limits;
    const isWorthwhile = this.core.cause === null && this.reader.discard(discardBytesMax);
    if (!isWorthwhile) this.beginClose('content-unread');
  }

  /** Idle counts from the last byte accepted; until then the write stall watches. */
  private startIdle(): void {
    const { deadlines, output, now } = this.core;
    const { idleMs, idleGraceMs } = this.settings.timeouts;
    this.idleSince = now;
    if (output.pendingBytes > 0) deadlines.start('idle', Number.POSITIVE_INFINITY);
    else deadlines.start('idle', Math.min(now + idleMs + idleGraceMs, this.ageDeadline));
  }

  /** The client's fault, or time ran out: no more is read. */
  private fail(code: Http1FaultCode, bytesBefore: number): null {
    const offset = this.core.input.consumedBytes + bytesBefore;
    this.reader.stop();
    this.core.deadlines.stop();
    // Whatever a response under way has announced: this is why the connection ends.
    this.core.cause = 'failed';
    this.states.moveReceive(MOVE.stop);
    this.core.fail(code, offset, FAULTS[code].status, true);
    return null;
  }

  /** One response may follow if none has begun and nothing was cut by the time this is pulled. */
  private judge(failed: FailedEvent<Http1FaultCode>): Event {
    const wasUnderWay = this.states.send === 'content';
    this.states.moveSend(MOVE.fault);
    if (this.states.send === 'awaiting') return failed;
    this.endSending('failed', wasUnderWay, this.settings.timeouts.lingerMs);
    return { ...failed, canRespond: false };
  }

  /**
   * Between requests. The peer's end is waited for «until the server is reasonably certain that its
   * own TCP stack has received the client's acknowledgement of the packet(s) containing the server's
   * last response», RFC 9112 section 9.6. At risk is a response that crosses a pipelined request: who
   * has sent none for a round trip loses nothing, so that a drain need not wait for idle clients.
   */
  private closeIdle(cause: ServerCloseCause): null {
    const { lingerMs } = this.settings.timeouts;
    if (this.core.output.pendingBytes > 0) return this.beginClose(cause, lingerMs);
    const patienceMs = Math.min(lingerMs, ROUND_TRIP_MS_MAX);
    const sinceMs = this.requests === 0 ? patienceMs : this.core.now - this.idleSince;
    return this.beginClose(cause, patienceMs - sinceMs);
  }

  /** No more requests; what is queued goes out, then the transport is taken down in stages. */
  private beginClose(
    cause: ServerCloseCause,
    lingerMs: number = this.settings.timeouts.lingerMs,
  ): null {
    const wasUnderWay = this.isResponding;
    this.reader.stop();
    this.states.moveBoth(MOVE.stop);
    this.endSending(cause, wasUnderWay, lingerMs);
    return null;
  }

  private endSending(cause: ServerCloseCause, wasUnderWay: boolean, lingerMs: number): void {
    this.responseIncomplete ||= wasUnderWay;
    // The end of the connection would look like the end of such a response.
    if (wasUnderWay && this.sender.framing === 'close-delimited') this.core.cut(cause);
    else this.core.beginClose(cause, lingerMs);
  }

  /** No more patience: the transport is to be aborted. */
  cut(cause: ServerCloseCause): void {
    if (this.core.closedReported) return;
    this.responseIncomplete ||= this.isResponding || this.core.output.pendingBytes > 0;
    this.reader.stop();
    this.states.moveBoth(MOVE.stop);
    this.core.cut(cause);
  }
}
