// The client's side of a connection (RFC 9112): requests in, bytes out; bytes and time in,
// responses out, in the order of the requests.
import {
  type Connection,
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  type Paused,
  type TrailingData,
  type TransportWish,
} from './bytes/connection.ts';
import { ClientPatience } from './client-patience.ts';
import type { Http1ClientSettings } from './client-settings.ts';
import { ConnectionCore } from './connection-core.ts';
import { END_WITHOUT_TRAILERS } from './content-decoder.ts';
import { upgradeProtocols } from './control-fields.ts';
import type {
  ClientCloseCause,
  ClientEnding,
  ClientEvent,
  Field,
  RequestHead,
  ResponseEvent,
  UnansweredRequest,
} from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { type Outstanding, Pipeline } from './pipeline.ts';
import { RequestSender } from './request-sender.ts';
import { ResponseReader } from './response-reader.ts';
import type { ReuseVerdict } from './reuse.ts';
import { CLIENT_RECEIVE, CLIENT_SEND, MOVE, StatePair } from './state.ts';

type Event = ClientEvent<Http1FaultCode>;

/** One client connection; see the README for the loop that drives it. */
export class Http1Client implements Connection<Event> {
  private readonly settings: Http1ClientSettings;
  private readonly reader: ResponseReader;
  private readonly core: ConnectionCore<Event, ClientCloseCause>;
  private readonly states: StatePair<typeof CLIENT_RECEIVE, typeof CLIENT_SEND>;
  private readonly pipeline = new Pipeline();
  private readonly patience: ClientPatience;
  private readonly sender: RequestSender;
  private isOpenEnded = false;
  /** The head that answers the oldest request has come, and was refused for what it says. */
  private headIsRefused = false;
  private ending: ClientEnding = 'idle';
  private unanswered: readonly UnansweredRequest[] = [];

  /** `settings` come from `clientSettings` and are shared; `now` is when the connection opened. */
  constructor(settings: Http1ClientSettings, now: Instant) {
    this.settings = settings;
    this.core = new ConnectionCore(settings, now);
    this.reader = new ResponseReader(this.core.input);
    this.states = new StatePair(CLIENT_RECEIVE, 'idle', CLIENT_SEND, 'ready');
    const parts = { settings, core: this.core, states: this.states, pipeline: this.pipeline };
    this.sender = new RequestSender(parts);
    this.patience = new ClientPatience(parts);
    this.patience.startIdle();
  }

  /** What to do with the transport once `outputBytes` is 0; `abort` at once. */
  get transport(): TransportWish {
    return this.core.transport;
  }

  /** False: stop reading the transport. */
  get wantsData(): boolean {
    return this.core.peerEnd === null && this.states.receive !== 'ended' && this.core.hasRoom;
  }

  /** Bytes queued or handed out and not yet accepted. */
  get outputBytes(): number {
    return this.core.output.pendingBytes;
  }

  /** Whether `sendRequest` makes sense now for a caller that does not pipeline; a pure question. */
  reuseVerdict(now: Instant): ReuseVerdict {
    return this.sender.reuseVerdict(now);
  }

  /**
   * Takes over bytes; never writes to them. Throws TypeError for what is not a Uint8Array of
   * unshared memory, RangeError when more than `inputBytesMax` was already unread.
   */
  receive(data: Uint8Array, now: Instant): void {
    this.core.receive(data, now, this.states.receive === 'ended');
  }

  /** The server's direction ended. */
  receiveEnd(now: Instant, end: End): void {
    const isAbrupt = this.core.receiveEnd(now, end);
    if (isAbrupt && this.states.receive !== 'switched') this.cut('reset');
  }

  /** Parses exactly one event. */
  nextEvent(now: Instant): Event | NeedData | Paused {
    this.core.now = now;
    for (;;) {
      // Null: there was nothing to report, but the state has changed.
      const event = this.core.takePending() ?? this.advance();
      if (event !== null) return event;
    }
  }

  /** The next chunk to write, or null. */
  nextOutput(): Uint8Array | null {
    const chunk = this.core.nextOutput();
    if (chunk !== null) this.pipeline.handOut(this.core);
    return chunk;
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    this.core.outputAccepted(byteCount, now);
    if (byteCount > 0) this.patience.awaitResponse();
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
    else if (phase === 'continue') {
      this.patience.stopWaitingForContinue();
      this.core.pending = { type: 'continue-timeout' };
    }
    // The time went by while input lay here unread: that is not the server's fault.
    else if (this.core.unread) deadlines.stop();
    else if (phase === 'idle') this.close(this.patience.idleCause(now));
    else if (phase === 'head') this.fail('HTTP1_HEAD_TIMEOUT', this.core.input.length);
    else this.fail('HTTP1_CONTENT_TIMEOUT', 0);
  }

  /** After `switched`: the bytes that belong to the next protocol; throws LocalProtocolError otherwise. */
  takeTrailingData(): TrailingData {
    return this.core.takeTrailingData(this.states.receive === 'switched');
  }

  /**
   * A request's head. Framing follows from its fields: Content-Length as given, chunked when
   * Transfer-Encoding says so, else no content. Several may be sent before the first is answered
   * (RFC 9112 section 9.3.2). Throws LocalProtocolError or TypeError, and leaves everything as it
   * was, when the head or the moment does not allow it.
   */
  sendRequest(head: RequestHead, now: Instant): void {
    this.sender.request(head, now);
    this.core.now = now;
  }

  /** Content of the request; borrowed until `outputAccepted` has passed it. */
  sendData(data: Uint8Array, now: Instant): void {
    this.sender.data(data);
    this.core.now = now;
    this.patience.stopWaitingForContinue();
  }

  /** The request is complete; trailers only when it is chunked (RFC 9112 section 7.1.2). */
  endMessage(trailers: readonly Field[], now: Instant): void {
    this.sender.end(trailers);
    this.core.now = now;
    this.patience.stopWaitingForContinue();
    this.patience.awaitResponse();
    if (this.states.receive === 'idle') this.finishExchange();
  }

  /** No more requests: close when the outstanding ones are answered, at once when there are none. */
  drain(now: Instant): void {
    this.core.now = now;
    this.sender.draining = true;
    if (this.states.receive === 'idle' && this.states.send === 'ready') this.close('drained');
  }

  /** Cut the connection: the transport is to be aborted. */
  abort(now: Instant): void {
    this.core.now = now;
    this.cut('aborted');
  }

  private advance(): Event | NeedData | null {
    switch (this.states.receive) {
      case 'idle':
        return this.nextWhileIdle();
      case 'awaiting':
        return this.nextHead();
      case 'content':
        return this.nextContent();
      default:
        return this.nextAfterEnd();
    }
  }

  /** Nothing is asked: whatever comes now belongs to no request. */
  private nextWhileIdle(): Event | NeedData | null {
    const { deadlines, peerEnd } = this.core;
    // «A client MUST NOT process, cache, or forward such extra data as a separate response.»
    if (this.core.input.length > 0) return this.fail('HTTP1_UNSOLICITED_RESPONSE', 0);
    if (peerEnd !== null) {
      this.close(peerEnd === 'truncated' ? 'truncated' : 'peer-end');
      return null;
    }
    if (this.states.send === 'ready' && deadlines.phase !== 'idle') this.patience.startIdle();
    return this.core.needData();
  }

  private nextHead(): Event | NeedData | null {
    const { reader, core } = this;
    const request = this.pipeline.oldest!;
    // What came before a byte of the request had left does not answer it (RFC 9112 section 9.2).
    const isTooEarly = core.input.consumedBytes < request.answersFrom;
    if (core.input.length > 0 && isTooEarly) return this.fail('HTTP1_UNSOLICITED_RESPONSE', 0);
    const result = reader.nextHead(this.settings, request.method);
    if (result === 'need-data') {
      if (core.peerEnd !== null) return this.fail('HTTP1_UNEXPECTED_END', core.input.length);
      this.patience.awaitResponse();
      return core.needData();
    }
    if (typeof result === 'string') return this.fail(result, reader.faultOffset);
    const { status } = result;
    if (status === 101) return this.acceptUpgrade(result, request);
    if (status >= 100 && status < 200) return this.acceptInformational(result, request);
    this.isOpenEnded = result.framing === 'close-delimited';
    if (request === this.pipeline.newest) this.patience.stopWaitingForContinue();
    if (result.framing === 'tunnel') return this.acceptSwitch(result, 'connect');
    this.states.moveReceive(MOVE.response);
    this.patience.readKeepAlive(result);
    if (!result.persistent) this.sender.closeReceived = true;
    core.deadlines.startContent(this.settings.timeouts.contentGraceMs);
    return result;
  }

  private acceptInformational(response: ResponseEvent, request: Outstanding): Event | null {
    const isTooMany = ++request.informational > this.settings.limits.informationalMax;
    if (isTooMany) return this.refuseHead('HTTP1_TOO_MANY_INFORMATIONAL');
    this.states.moveReceive(MOVE.informational);
    // A server that answers is alive: its time for the final head starts again.
    this.core.deadlines.stop();
    if (response.status === 100) request.expectsContinue = false;
    const { status, reason, fields, rawHead } = response;
    return { type: 'informational', status, reason, fields, rawHead };
  }

  /** 101: only to a protocol that was offered, and after the whole request (RFC 9110 section 7.8). */
  private acceptUpgrade(response: ResponseEvent, request: Outstanding): Event | null {
    const upgrade = response.fields.filter(({ name }) => name === 'upgrade');
    const chosen = upgradeProtocols(upgrade.map(({ value }) => value.toLowerCase()).join());
    const wasOffered = chosen.length > 0 && chosen.every((one) => request.upgrade.includes(one));
    const isAllowed = wasOffered && this.states.send === 'ready';
    if (!isAllowed) return this.refuseHead('HTTP1_UNEXPECTED_SWITCH');
    return this.acceptSwitch({ ...response, framing: 'tunnel', contentLength: -1 }, chosen[0]!);
  }

  private refuseHead(code: Http1FaultCode): null {
    this.headIsRefused = true;
    return this.fail(code, 0);
  }

  private acceptSwitch(response: ResponseEvent, protocol: string): Event {
    this.states.moveBoth(MOVE.switch);
    this.pipeline.shift();
    this.core.deadlines.stop();
    this.core.pending = { type: 'switched', protocol };
    return response;
  }

  private nextContent(): Event | NeedData | null {
    const result = this.reader.nextContent();
    if (typeof result !== 'string') return { type: 'data', data: result };
    if (result === 'complete') return this.endContent();
    if (result !== 'need-data') return this.fail(result, this.reader.faultOffset);
    if (this.core.peerEnd === null) return this.core.needContent();
    // «complete only if a valid closure alert has been received», RFC 9112 section 9.8.
    if (this.isOpenEnded && this.core.peerEnd === 'finished') return this.endContent();
    return this.fail('HTTP1_UNEXPECTED_END', this.core.input.length);
  }

  private endContent(): Event {
    const { trailers } = this.reader;
    this.states.moveReceive(MOVE['response-end']);
    this.core.deadlines.stop();
    this.pipeline.shift();
    if (!this.sender.closeReceived && this.pipeline.length > 0)
      this.states.moveReceive(MOVE.expect);
    this.finishExchange();
    return trailers.length === 0 ? END_WITHOUT_TRAILERS : { type: 'end', trailers };
  }

  /** After the last response: all that is left is to say so, once the output is out. */
  private nextAfterEnd(): Event | NeedData {
    if (!this.core.closedIsDue) return NEED_DATA;
    this.core.reportClosed();
    const cause = this.core.cause ?? 'peer-end';
    return { type: 'closed', cause, ending: this.ending, unanswered: this.unanswered };
  }

  /** A response is complete, or a request is behind its response: go on, or close. */
  private finishExchange(): void {
    if (this.sender.closeReceived) this.close('peer-close');
    else if (this.pipeline.length > 0 || this.states.send !== 'ready') return;
    else if (this.sender.draining) this.close('drained');
    else if (!this.pipeline.lastWasSent) this.patience.startIdle();
    else this.close(this.sender.isFull ? 'max-requests' : 'local-close');
  }

  /** The server's fault, or time ran out. */
  private fail(code: Http1FaultCode, bytesBefore: number): null {
    const offset = this.core.input.consumedBytes + bytesBefore;
    this.core.fail(code, offset, 0, false);
    this.close('failed');
    return null;
  }

  /** No more of either direction; the rest of a request, or one that counts as unsent, must not leave. */
  private close(cause: ClientCloseCause): void {
    const isUnfinished = this.states.send === 'content';
    this.stop();
    if (isUnfinished || this.unanswered.at(-1)?.verdict.reason === 'unsent') this.core.cut(cause);
    else this.core.beginClose(cause, 0);
  }

  private cut(cause: ClientCloseCause): void {
    if (this.core.closedReported) return;
    this.stop();
    this.core.cut(cause);
  }

  /** Ends both directions, and notes what that cuts off. */
  private stop(): void {
    const { receive } = this.states;
    if (receive !== 'ended') {
      const { pipeline, core } = this;
      const isHeadBegun = receive === 'awaiting' && core.input.length > 0;
      const responseBegun = receive === 'content' || this.headIsRefused || isHeadBegun;
      if (pipeline.length > 0) this.ending = responseBegun ? 'mid-response' : 'before-response';
      if (receive === 'content' && this.isOpenEnded) this.ending = 'mid-close-delimited';
      this.unanswered = pipeline.unanswered(core.handedOutBytes, responseBegun);
    }
    this.reader.stop();
    this.states.moveBoth(MOVE.stop);
  }
}
