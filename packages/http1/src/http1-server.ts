// The server's side of a connection (RFC 9112): bytes and time in, requests out; responses in,
// bytes out. One request and its response at a time, so that responses keep the requests' order;
// what a client pipelines waits unread until its turn.
import { assert } from './bytes/assert.ts';
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
import { checkInput } from './bytes/receive-buffer.ts';
import { END_WITHOUT_TRAILERS } from './content-decoder.ts';
import { ContentEncoder } from './content-encoder.ts';
import type {
  EndEvent,
  Field,
  RequestEvent,
  ResponseHead,
  ServerCloseCause,
  ServerEvent,
} from './events.ts';
import { FAULTS, faultMessage, type Http1FaultCode, LocalProtocolError } from './faults.ts';
import { RequestReader } from './request-reader.ts';
import { writeResponseHead } from './response-head.ts';
import {
  planInformational,
  planResponse,
  planSwitch,
  type ResponseContext,
} from './response-plan.ts';
import type { Http1ServerSettings } from './server-settings.ts';
import { type MoveOf, nextState, SERVER_RECEIVE, SERVER_SEND, type StateOf } from './state.ts';
import { Teardown } from './teardown.ts';

/** Where the response to the current request stands. */
export type ResponseState = StateOf<typeof SERVER_SEND>;
type Event = ServerEvent<Http1FaultCode>;

/** One server connection; see the README for the loop that drives it. */
export class Http1Server implements Connection<Event> {
  private readonly settings: Http1ServerSettings;
  private readonly reader = new RequestReader();
  private readonly encoder = new ContentEncoder();
  private readonly teardown: Teardown<ServerCloseCause>;
  private readonly ageDeadline: Instant;
  private receiveState: StateOf<typeof SERVER_RECEIVE> = 'idle';
  private sendState: ResponseState = 'idle';
  private request: RequestEvent | null = null;
  private requests = 0;
  /** The client may be waiting for 100 (Continue) before it sends content. */
  private continueIsDue = false;
  /** Bytes of unread content still worth discarding; -1 while content is delivered. */
  private discardBytes = -1;
  /** Input has come since `nextEvent` last asked for more. */
  private unread = false;
  private draining = false;
  private responseIncomplete = false;
  private pending: Event | null = null;
  private closedReported = false;
  /** The last instant heard of, for calls that bring none. */
  private now: Instant;

  /** `settings` come from `serverSettings` and are shared; `now` is when the connection opened. */
  constructor(settings: Http1ServerSettings, now: Instant) {
    this.settings = settings;
    this.now = now;
    const { writeStallMs, lingerMs } = settings.timeouts;
    const { lingerBytesMax } = settings.limits;
    this.teardown = new Teardown({ writeStallMs, lingerMs, lingerBytesMax });
    this.ageDeadline = now + settings.timeouts.ageMsMax;
    this.startIdle(now);
  }

  /** What to do with the transport once `outputBytes` is 0; `abort` at once. */
  get transport(): TransportWish {
    return this.teardown.transport;
  }

  /** False: stop reading the transport. */
  get wantsData(): boolean {
    const { peerEnd, transport } = this.teardown;
    if (peerEnd !== null) return false;
    if (this.receiveState === 'ended') return transport === 'open' || transport === 'half-close';
    return this.reader.input.length < this.settings.limits.inputBytesMax;
  }

  /** Bytes queued or handed out and not yet accepted. */
  get outputBytes(): number {
    return this.teardown.output.pendingBytes;
  }

  /** Where the response to the current request stands. */
  get responseState(): ResponseState {
    return this.sendState;
  }

  /**
   * Takes over bytes; never writes to them. Throws TypeError for what is not a Uint8Array of
   * unshared memory, RangeError when more than `inputBytesMax` was already unread.
   */
  receive(data: Uint8Array, now: Instant): void {
    checkInput(data);
    const { input } = this.reader;
    const { limits, timeouts } = this.settings;
    if (input.length > limits.inputBytesMax) {
      throw new RangeError(`more than ${limits.inputBytesMax} bytes are unread: heed wantsData`);
    }
    this.now = now;
    if (this.receiveState === 'ended') {
      this.teardown.discard(data.length);
      return;
    }
    input.append(data);
    this.unread = true;
    const { deadlines } = this.teardown;
    if (deadlines.phase === 'content') {
      const { contentBytesPerSecondMin, contentGraceMs } = timeouts;
      deadlines.contentArrived(data.length, contentBytesPerSecondMin, contentGraceMs, now);
    }
  }

  /** The client's direction ended: a half-closed client still gets all its responses. */
  receiveEnd(now: Instant, end: End): void {
    this.now = now;
    this.unread = true;
    const isAbrupt = this.teardown.receiveEnd(end);
    if (isAbrupt && this.receiveState !== 'switched') this.cut('reset');
  }

  /** Parses exactly one event. */
  nextEvent(now: Instant): Event | NeedData | Paused {
    this.now = now;
    for (;;) {
      if (this.pending !== null) {
        const event = this.pending;
        this.pending = null;
        return event;
      }
      let event: Event | NeedData | null = null;
      switch (this.receiveState) {
        case 'idle':
          event = this.nextRequest(now);
          break;
        case 'content':
          event = this.nextContent(now);
          break;
        case 'done':
          return PAUSED;
        case 'switched':
          return NEED_DATA;
        default:
          return this.nextAfterEnd();
      }
      // Null: there was nothing to report, but the state has changed.
      if (event !== null) return event;
    }
  }

  /** The next chunk to write, or null. */
  nextOutput(): Uint8Array | null {
    return this.teardown.nextOutput(this.now);
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    this.teardown.outputAccepted(byteCount, now);
    this.now = now;
    // «Idle» counts from the last byte accepted.
    if (byteCount > 0 && this.teardown.deadlines.phase === 'idle') this.startIdle(now);
  }

  /** The instant at which `onDeadline` wants to be called; Infinity when none. */
  deadline(): Instant {
    return this.teardown.deadlines.next;
  }

  /** Time has come; a spurious call is a no-op. */
  onDeadline(now: Instant): void {
    this.now = now;
    const { deadlines } = this.teardown;
    const { phase } = deadlines;
    if (deadlines.writeIsStalled(now)) this.cut('write-stall');
    else if (!deadlines.phaseIsOver(now)) return;
    else if (phase === 'linger') this.teardown.endLinger();
    // The time went by while input lay here unread: that is not the client's fault.
    else if (this.unread) deadlines.stop();
    else if (phase === 'idle')
      this.beginClose(now >= this.ageDeadline ? 'max-age' : 'idle-timeout');
    else if (phase === 'head') this.fail('HTTP1_HEAD_TIMEOUT', this.reader.input.length);
    else if (this.discardBytes >= 0) this.beginClose('content-unread');
    else this.fail('HTTP1_CONTENT_TIMEOUT', 0);
  }

  /** After `switched`: the bytes that belong to the next protocol; throws LocalProtocolError otherwise. */
  takeTrailingData(): TrailingData {
    if (this.receiveState !== 'switched') {
      throw new LocalProtocolError('HTTP1_SWITCH_NOT_ALLOWED', 'the protocol was not switched');
    }
    const { input } = this.reader;
    return { data: input.take(input.length), end: this.teardown.peerEnd };
  }

  /** A 1xx response other than 101, before the final one (RFC 9110 section 15.2). */
  sendInformational(head: ResponseHead, now: Instant): void {
    this.requireAwaiting();
    planInformational(head, this.responseContext(now));
    writeResponseHead(this.teardown.output, head, '');
    this.now = now;
    if (head.status === 100) this.continueIsDue = false;
  }

  /**
   * The final response's head; 101, and 2xx to CONNECT, switch protocols. Framing follows from the
   * fields: Content-Length as given, else chunked for HTTP/1.1 and close-delimited for HTTP/1.0.
   * Throws LocalProtocolError, TypeError or RangeError, and leaves everything as it was, when the
   * head is not allowed here.
   */
  sendResponse(head: ResponseHead, now: Instant): void {
    this.requireAwaiting();
    const context = this.responseContext(now);
    const isTunnel = context.method === 'CONNECT' && head.status >= 200 && head.status < 300;
    if (head.status === 101 || isTunnel) {
      const { machineLines, protocol } = planSwitch(head, context);
      writeResponseHead(this.teardown.output, head, machineLines);
      this.moveReceive('switch');
      this.moveSend('switch');
      this.pending = { type: 'switched', protocol };
    } else {
      const plan = planResponse(head, context);
      writeResponseHead(this.teardown.output, head, plan.machineLines);
      this.teardown.cause = plan.closeCause;
      this.encoder.begin(plan.outgoing);
      this.moveSend('response');
    }
    this.now = now;
  }

  /** Content of the response; borrowed until `outputAccepted` has passed it. */
  sendData(data: Uint8Array, now: Instant): void {
    this.requireContent();
    this.encoder.send(this.teardown.output, data);
    this.now = now;
  }

  /** The response is complete; trailers only when it is chunked (RFC 9112 section 7.1.2). */
  endMessage(trailers: readonly Field[], now: Instant): void {
    this.requireContent();
    this.encoder.end(this.teardown.output, trailers);
    this.now = now;
    this.moveSend('response-end');
    if (this.receiveState === 'done') this.finishCycle(now);
    else if (this.receiveState === 'ended') this.beginClose('failed');
    else this.discardContent();
  }

  /** Close after the current exchange, announced in its response; at once when idle. */
  drain(now: Instant): void {
    this.now = now;
    this.draining = true;
    if (this.receiveState === 'idle' && this.reader.input.length === 0) this.beginClose('drained');
  }

  /** Cut the connection: the transport is to be aborted. */
  abort(now: Instant): void {
    this.now = now;
    this.cut('aborted');
  }

  private nextRequest(now: Instant): Event | NeedData | null {
    const { reader } = this;
    const { deadlines, peerEnd } = this.teardown;
    const result = reader.nextHead(this.settings);
    if (result === 'need-data') {
      if (peerEnd !== null) {
        this.beginClose(peerEnd === 'truncated' ? 'truncated' : 'peer-end');
        return null;
      }
      if (deadlines.phase !== 'idle') this.startIdle(now);
      return this.needData();
    }
    if (result === 'begun') {
      if (peerEnd !== null) return this.fail('HTTP1_UNEXPECTED_END', reader.input.length);
      this.teardown.deadlines.startOnce('head', now + this.settings.timeouts.headMs);
      return this.needData();
    }
    if (typeof result === 'string') return this.fail(result, reader.faultOffset);
    this.requests++;
    this.request = result;
    this.continueIsDue = result.expectsContinue;
    this.discardBytes = -1;
    this.moveReceive('request');
    this.moveSend('request');
    if (result.framing === 'none') this.teardown.deadlines.stop();
    else this.teardown.deadlines.startContent(this.settings.timeouts.contentGraceMs);
    return result;
  }

  private nextContent(now: Instant): Event | NeedData | null {
    const result = this.reader.nextContent();
    if (typeof result !== 'string') {
      this.continueIsDue = false;
      if (this.discardBytes < 0) return { type: 'data', data: result };
      this.discardBytes -= result.length;
      if (this.discardBytes < 0) this.beginClose('content-unread');
      return null;
    }
    if (result === 'complete') return this.endContent(now);
    if (result !== 'need-data') return this.fail(result, this.reader.faultOffset);
    if (this.teardown.peerEnd !== null)
      return this.fail('HTTP1_UNEXPECTED_END', this.reader.input.length);
    // A client that waits for 100 (Continue) owes no content yet.
    if (!this.continueIsDue && this.settings.timeouts.contentBytesPerSecondMin > 0) {
      this.teardown.deadlines.contentIsAwaited(now);
    }
    return this.needData();
  }

  private endContent(now: Instant): EndEvent | null {
    const { trailers } = this.reader;
    this.moveReceive('request-end');
    this.teardown.deadlines.stop();
    if (this.sendState === 'done') this.finishCycle(now);
    if (this.discardBytes >= 0) return null;
    return trailers.length === 0 ? END_WITHOUT_TRAILERS : { type: 'end', trailers };
  }

  /** After the last request: the response to a faulty one is still awaited, or all is over. */
  private nextAfterEnd(): Event | NeedData | Paused {
    if (this.sendState === 'awaiting' || this.sendState === 'content') return PAUSED;
    if (this.closedReported || !this.teardown.isOver) return NEED_DATA;
    this.closedReported = true;
    this.teardown.deadlines.stopAll();
    const cause = this.teardown.cause ?? 'peer-end';
    const { requests, responseIncomplete } = this;
    return { type: 'closed', cause, requests, responseIncomplete };
  }

  private needData(): NeedData {
    this.unread = false;
    return NEED_DATA;
  }

  /** Both messages are complete: the next request, or the end. */
  private finishCycle(now: Instant): void {
    if (this.teardown.cause !== null || this.draining) {
      this.beginClose('drained');
      return;
    }
    this.moveReceive('next-cycle');
    this.moveSend('next-cycle');
    this.request = null;
    this.startIdle(now);
  }

  /**
   * The response was complete before the request. What is left of its content is read and thrown
   * away if that is not too much, so that the connection can go on.
   */
  private discardContent(): void {
    const { discardBytesMax } = this.settings.limits;
    const { remainingBytes } = this.reader;
    const isKnownTooLarge =
      remainingBytes !== Number.POSITIVE_INFINITY && remainingBytes > discardBytesMax;
    if (this.teardown.cause !== null || isKnownTooLarge) this.beginClose('content-unread');
    else this.discardBytes = discardBytesMax;
  }

  private responseContext(now: Instant): ResponseContext {
    const { settings, request, requests, reader } = this;
    const { method, minorVersion } = reader;
    const contentComplete = this.receiveState === 'done';
    const closeCause = this.closeCauseBeforeResponse(now);
    return { settings, request, method, minorVersion, requests, contentComplete, closeCause };
  }

  /** What asks for the end of the connection whatever the response says. */
  private closeCauseBeforeResponse(now: Instant): ServerCloseCause | null {
    if (this.receiveState === 'ended') return 'failed';
    if (this.draining) return 'drained';
    if (now >= this.ageDeadline) return 'max-age';
    if (this.receiveState !== 'content') return null;
    // Whether a client that was not told to continue will send its content is unknowable.
    if (this.continueIsDue) return 'content-unread';
    const { remainingBytes } = this.reader;
    if (remainingBytes === Number.POSITIVE_INFINITY) return null;
    return remainingBytes > this.settings.limits.discardBytesMax ? 'content-unread' : null;
  }

  private requireAwaiting(): void {
    if (this.sendState === 'awaiting') return;
    if (this.sendState === 'idle' || this.sendState === 'ended') {
      throw new LocalProtocolError('HTTP1_NO_REQUEST', 'there is no request to respond to');
    }
    throw new LocalProtocolError('HTTP1_RESPONSE_STARTED', 'the final response has been started');
  }

  private requireContent(): void {
    if (this.sendState === 'content') return;
    throw new LocalProtocolError('HTTP1_NO_RESPONSE', 'no response head has been sent');
  }

  private moveReceive(move: MoveOf<typeof SERVER_RECEIVE>): void {
    const state = nextState(SERVER_RECEIVE, this.receiveState, move);
    assert(state !== null, `${move} while receiving is ${this.receiveState}`);
    this.receiveState = state;
  }

  private moveSend(move: MoveOf<typeof SERVER_SEND>): void {
    const state = nextState(SERVER_SEND, this.sendState, move);
    assert(state !== null, `${move} while sending is ${this.sendState}`);
    this.sendState = state;
  }

  /** Idle counts from the last byte accepted; until then the write stall watches. */
  private startIdle(now: Instant): void {
    const { idleMs, idleGraceMs } = this.settings.timeouts;
    const { deadlines, output } = this.teardown;
    const isSent = output.pendingBytes === 0;
    const idleDeadline = Math.min(now + idleMs + idleGraceMs, this.ageDeadline);
    deadlines.start('idle', isSent ? idleDeadline : Number.POSITIVE_INFINITY);
  }

  /** The client's fault, or time ran out: one response may still follow. */
  private fail(code: Http1FaultCode, bytesBefore: number): null {
    const offset = this.reader.input.consumedBytes + bytesBefore;
    this.reader.stop();
    this.teardown.deadlines.stop();
    // Whatever a response under way has announced: this is why the connection ends.
    this.teardown.cause = 'failed';
    this.moveReceive('stop');
    const wasUnderWay = this.sendState === 'content';
    this.moveSend('fault');
    const canRespond = this.sendState === 'awaiting';
    const { status } = FAULTS[code];
    this.pending = {
      type: 'failed',
      code,
      message: faultMessage(code),
      offset,
      status,
      canRespond,
    };
    if (!canRespond) this.endSending('failed', wasUnderWay);
    return null;
  }

  /** No more requests; what is queued goes out, then the transport is taken down in stages. */
  private beginClose(cause: ServerCloseCause): void {
    const wasUnderWay = this.sendState === 'content' || this.sendState === 'awaiting';
    this.reader.stop();
    this.moveReceive('stop');
    this.moveSend('stop');
    this.endSending(cause, wasUnderWay);
  }

  private endSending(cause: ServerCloseCause, wasUnderWay: boolean): void {
    this.responseIncomplete = wasUnderWay;
    // The end of the connection would look like the end of such a response.
    if (wasUnderWay && this.encoder.framing === 'close-delimited') this.teardown.cut(cause);
    else this.teardown.begin(cause, this.now, true);
  }

  private cut(cause: ServerCloseCause): void {
    if (this.closedReported) return;
    this.responseIncomplete ||=
      this.sendState === 'content' || this.sendState === 'awaiting' || this.outputBytes > 0;
    this.reader.stop();
    this.moveReceive('stop');
    this.moveSend('stop');
    this.teardown.cut(cause);
  }
}
