// The server's side of a connection (RFC 9112): bytes and time in, requests out; responses in,
// bytes out. One request and its response at a time, so that responses keep the requests' order;
// what a client pipelines waits unread until its turn.
import {
  type Connection,
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  PAUSED,
  type Paused,
  type TrailingData,
  type TransportWish,
} from './bytes/connection.ts';
import { ConnectionCore } from './connection-core.ts';
import { END_WITHOUT_TRAILERS } from './content-decoder.ts';
import type {
  EndEvent,
  FailedEvent,
  Field,
  RequestEvent,
  ResponseHead,
  ServerCloseCause,
  ServerEvent,
} from './events.ts';
import { FAULTS, type Http1FaultCode } from './faults.ts';
import { RequestReader } from './request-reader.ts';
import type { ResponseContext } from './response-plan.ts';
import { ResponseSender } from './response-sender.ts';
import type { Http1ServerSettings } from './server-settings.ts';
import { SERVER_RECEIVE, SERVER_SEND, type StateOf, StatePair } from './state.ts';

/** Where the response to the current request stands. */
export type ResponseState = StateOf<typeof SERVER_SEND>;
type Event = ServerEvent<Http1FaultCode>;

/** One server connection; see the README for the loop that drives it. */
export class Http1Server implements Connection<Event> {
  private readonly settings: Http1ServerSettings;
  private readonly reader: RequestReader;
  private readonly sender: ResponseSender;
  private readonly core: ConnectionCore<Event, ServerCloseCause>;
  private readonly states: StatePair<typeof SERVER_RECEIVE, typeof SERVER_SEND>;
  private readonly ageDeadline: Instant;
  private request: RequestEvent | null = null;
  private requests = 0;
  /** The client may be waiting for 100 (Continue) before it sends content. */
  private continueIsDue = false;
  private draining = false;
  private responseIncomplete = false;

  /** `settings` come from `serverSettings` and are shared; `now` is when the connection opened. */
  constructor(settings: Http1ServerSettings, now: Instant) {
    this.settings = settings;
    this.core = new ConnectionCore(settings, now);
    this.reader = new RequestReader(this.core.input);
    this.states = new StatePair(SERVER_RECEIVE, 'idle', SERVER_SEND, 'idle');
    this.sender = new ResponseSender(this.core, this.states);
    this.ageDeadline = now + settings.timeouts.ageMsMax;
    this.startIdle();
  }

  /** What to do with the transport once `outputBytes` is 0; `abort` at once. */
  get transport(): TransportWish {
    return this.core.transport;
  }

  /** False: stop reading the transport. */
  get wantsData(): boolean {
    const { peerEnd, transport } = this.core;
    if (peerEnd !== null) return false;
    if (this.states.receive === 'ended') return transport === 'open' || transport === 'half-close';
    return this.core.hasRoom;
  }

  /** Bytes queued or handed out and not yet accepted. */
  get outputBytes(): number {
    return this.core.output.pendingBytes;
  }

  /** Where the response to the current request stands. */
  get responseState(): ResponseState {
    return this.states.send;
  }

  /**
   * Takes over bytes; never writes to them. Throws TypeError for what is not a Uint8Array of
   * unshared memory, RangeError when more than `inputBytesMax` was already unread.
   */
  receive(data: Uint8Array, now: Instant): void {
    this.core.receive(data, now, this.states.receive === 'ended');
  }

  /** The client's direction ended: a half-closed client still gets all its responses. */
  receiveEnd(now: Instant, end: End): void {
    if (this.core.receiveEnd(now, end) && this.states.receive !== 'switched') this.cut('reset');
  }

  /** Parses exactly one event. */
  nextEvent(now: Instant): Event | NeedData | Paused {
    this.core.now = now;
    for (;;) {
      // Null: there was nothing to report, but the state has changed.
      const event = this.core.takePending() ?? this.advance(now);
      if (event?.type === 'failed') return this.judge(event);
      if (event !== null) return event;
    }
  }

  /** The next chunk to write, or null. */
  nextOutput(): Uint8Array | null {
    return this.core.nextOutput();
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    this.core.outputAccepted(byteCount, now);
    // «Idle» counts from the last byte accepted.
    if (byteCount > 0 && this.core.deadlines.phase === 'idle') this.startIdle();
  }

  /** The instant at which `onDeadline` wants to be called; Infinity when none. */
  deadline(): Instant {
    return this.core.deadlines.next;
  }

  /** Time has come; a spurious call is a no-op. */
  onDeadline(now: Instant): void {
    this.core.now = now;
    const { deadlines } = this.core;
    const { phase } = deadlines;
    if (deadlines.writeIsStalled(now)) this.cut('write-stall');
    else if (!deadlines.phaseIsOver(now)) return;
    else if (phase === 'linger') this.core.endLinger();
    // The time went by while input lay here unread: that is not the client's fault.
    else if (this.core.unread) deadlines.stop();
    else if (phase === 'idle') this.beginClose(now < this.ageDeadline ? 'idle-timeout' : 'max-age');
    else if (phase === 'head') this.fail('HTTP1_HEAD_TIMEOUT', this.core.input.length);
    else if (this.reader.isDiscarding) this.beginClose('content-unread');
    else this.fail('HTTP1_CONTENT_TIMEOUT', 0);
  }

  /** After `switched`: the bytes that belong to the next protocol; throws LocalProtocolError otherwise. */
  takeTrailingData(): TrailingData {
    return this.core.takeTrailingData(this.states.receive === 'switched');
  }

  /** A 1xx response other than 101, before the final one (RFC 9110 section 15.2). */
  sendInformational(head: ResponseHead, now: Instant): void {
    this.sender.informational(head, this.responseContext(now));
    this.core.now = now;
    if (head.status === 100) this.continueIsDue = false;
  }

  /**
   * The final response's head; 101, and 2xx to CONNECT, switch protocols. Framing follows from the
   * fields: Content-Length as given, else chunked for HTTP/1.1 and close-delimited for HTTP/1.0.
   * Throws LocalProtocolError, TypeError or RangeError, and leaves everything as it was, when the
   * head is not allowed here.
   */
  sendResponse(head: ResponseHead, now: Instant): void {
    this.sender.response(head, this.responseContext(now));
    this.core.now = now;
  }

  /** Content of the response; borrowed until `outputAccepted` has passed it. */
  sendData(data: Uint8Array, now: Instant): void {
    this.sender.data(data);
    this.core.now = now;
  }

  /** The response is complete; trailers only when it is chunked (RFC 9112 section 7.1.2). */
  endMessage(trailers: readonly Field[], now: Instant): void {
    this.sender.end(trailers);
    this.core.now = now;
    if (this.states.receive === 'done') this.finishCycle();
    else if (this.states.receive === 'ended') this.beginClose('failed');
    else this.discardContent();
  }

  /** Close after the current exchange, announced in its response; at once when idle. */
  drain(now: Instant): void {
    this.core.now = now;
    this.draining = true;
    if (this.states.receive === 'idle' && this.core.input.length === 0) this.beginClose('drained');
  }

  /** Cut the connection: the transport is to be aborted. */
  abort(now: Instant): void {
    this.core.now = now;
    this.cut('aborted');
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
    const result = this.reader.nextHead(this.settings);
    if (result === 'need-data') {
      // A drain may have come in the middle of an empty line.
      const isDrained = this.draining && this.core.input.length === 0;
      if (isDrained || peerEnd !== null) {
        const ending = peerEnd === 'truncated' ? 'truncated' : 'peer-end';
        return this.beginClose(isDrained ? 'drained' : ending);
      }
      if (deadlines.phase !== 'idle') this.startIdle();
      return this.core.needData();
    }
    if (result === 'begun') {
      if (peerEnd !== null) return this.fail('HTTP1_UNEXPECTED_END', this.core.input.length);
      this.core.deadlines.startOnce('head', now + this.settings.timeouts.headMs);
      return this.core.needData();
    }
    if (typeof result === 'string') return this.fail(result, this.reader.faultOffset);
    this.requests++;
    this.request = result;
    this.continueIsDue = result.expectsContinue;
    this.states.moveBoth('request');
    if (result.framing === 'none') this.core.deadlines.stop();
    else this.core.deadlines.startContent(this.settings.timeouts.contentGraceMs);
    return result;
  }

  private nextContent(): Event | NeedData | null {
    const result = this.reader.nextContent();
    if (typeof result !== 'string') {
      this.continueIsDue = false;
      return { type: 'data', data: result };
    }
    if (result === 'complete') return this.endContent();
    if (result === 'unread') return this.beginClose('content-unread');
    const isCut = result === 'need-data' && this.core.peerEnd !== null;
    if (isCut) return this.fail('HTTP1_UNEXPECTED_END', this.core.input.length);
    if (result !== 'need-data') return this.fail(result, this.reader.faultOffset);
    // A client that waits for 100 (Continue) owes no content yet.
    return this.continueIsDue ? this.core.needData() : this.core.needContent();
  }

  private endContent(): EndEvent | null {
    const { trailers, isDiscarding: isDiscarded } = this.reader;
    this.states.moveReceive('request-end');
    this.core.deadlines.stop();
    if (this.states.send === 'done') this.finishCycle();
    if (isDiscarded) return null;
    return trailers.length === 0 ? END_WITHOUT_TRAILERS : { type: 'end', trailers };
  }

  /** After the last request: the response to a faulty one is still awaited, or all is over. */
  private nextAfterEnd(): Event | NeedData | Paused {
    if (this.states.send === 'awaiting' || this.states.send === 'content') return PAUSED;
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
    this.states.moveBoth('next-cycle');
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

  private responseContext(now: Instant): ResponseContext {
    const { settings, request, requests, reader, states, draining, continueIsDue } = this;
    const isTooOld = now >= this.ageDeadline;
    return { settings, request, requests, reader, states, draining, continueIsDue, isTooOld };
  }

  /** Idle counts from the last byte accepted; until then the write stall watches. */
  private startIdle(): void {
    const { idleMs, idleGraceMs } = this.settings.timeouts;
    const { deadlines, output, now } = this.core;
    const isSent = output.pendingBytes === 0;
    const idleDeadline = Math.min(now + idleMs + idleGraceMs, this.ageDeadline);
    deadlines.start('idle', isSent ? idleDeadline : Number.POSITIVE_INFINITY);
  }

  /** The client's fault, or time ran out: no more is read. */
  private fail(code: Http1FaultCode, bytesBefore: number): null {
    const offset = this.core.input.consumedBytes + bytesBefore;
    this.reader.stop();
    this.core.deadlines.stop();
    // Whatever a response under way has announced: this is why the connection ends.
    this.core.cause = 'failed';
    this.states.moveReceive('stop');
    this.core.fail(code, offset, FAULTS[code].status, true);
    return null;
  }

  /** One response may follow if none has begun and nothing was cut by the time this is pulled. */
  private judge(failed: FailedEvent<Http1FaultCode>): Event {
    const wasUnderWay = this.states.send === 'content';
    this.states.moveSend('fault');
    if (this.states.send === 'awaiting') return failed;
    this.endSending('failed', wasUnderWay);
    return { ...failed, canRespond: false };
  }

  /** No more requests; what is queued goes out, then the transport is taken down in stages. */
  private beginClose(cause: ServerCloseCause): null {
    const wasUnderWay = this.states.send === 'content' || this.states.send === 'awaiting';
    this.reader.stop();
    this.states.moveBoth('stop');
    this.endSending(cause, wasUnderWay);
    return null;
  }

  private endSending(cause: ServerCloseCause, wasUnderWay: boolean): void {
    this.responseIncomplete ||= wasUnderWay;
    // The end of the connection would look like the end of such a response.
    if (wasUnderWay && this.sender.framing === 'close-delimited') this.core.cut(cause);
    else this.core.beginClose(cause, true);
  }

  private cut(cause: ServerCloseCause): void {
    if (this.core.closedReported) return;
    this.responseIncomplete ||=
      this.states.send === 'content' || this.states.send === 'awaiting' || this.outputBytes > 0;
    this.reader.stop();
    this.states.moveBoth('stop');
    this.core.cut(cause);
  }
}
