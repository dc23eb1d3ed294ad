// The client's side of a connection (RFC 9112): requests in, bytes out; bytes and time in,
// responses out, in the order of the requests.
import { assert } from './bytes/assert.ts';
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
import { checkInput } from './bytes/receive-buffer.ts';
import type { Http1ClientSettings } from './client-settings.ts';
import { END_WITHOUT_TRAILERS } from './content-decoder.ts';
import { ContentEncoder } from './content-encoder.ts';
import { controlFields, upgradeProtocols } from './control-fields.ts';
import type {
  ClientCloseCause,
  ClientEnding,
  ClientEvent,
  Field,
  RequestHead,
  ResponseEvent,
  UnansweredRequest,
} from './events.ts';
import { faultMessage, type Http1FaultCode, LocalProtocolError } from './faults.ts';
import { planRequest, writeRequestHead } from './request-plan.ts';
import { ResponseReader } from './response-reader.ts';
import { type ReuseVerdict, retryVerdicts } from './reuse.ts';
import { CLIENT_RECEIVE, CLIENT_SEND, type MoveOf, nextState, type StateOf } from './state.ts';
import { Teardown } from './teardown.ts';

type Event = ClientEvent<Http1FaultCode>;

/** A request whose final response is not complete. */
interface Outstanding {
  readonly method: string;
  readonly target: string;
  readonly upgrade: readonly string[];
  /** Where its first byte stands in the connection's output. */
  readonly firstByte: number;
  expectsContinue: boolean;
  informational: number;
}

/** One client connection; see the README for the loop that drives it. */
export class Http1Client implements Connection<Event> {
  private readonly settings: Http1ClientSettings;
  private readonly reader = new ResponseReader();
  private readonly encoder = new ContentEncoder();
  private readonly teardown: Teardown<ClientCloseCause>;
  private readonly ageDeadline: Instant;
  private readonly outstanding: Outstanding[] = [];
  private sendState: StateOf<typeof CLIENT_SEND> = 'ready';
  private receiveState: StateOf<typeof CLIENT_RECEIVE> = 'idle';
  private response: ResponseEvent | null = null;
  private requests = 0;
  /** The request sent last said close. */
  private lastRequestSent = false;
  /** A response said close: what stands behind it in the pipeline will not be answered. */
  private closeReceived = false;
  private requestsLeft = Number.POSITIVE_INFINITY;
  private idleMs: number;
  /** Input has come since `nextEvent` last asked for more. */
  private unread = false;
  private draining = false;
  private ending: ClientEnding = 'idle';
  private unanswered: readonly UnansweredRequest[] = [];
  private pending: Event | null = null;
  private closedReported = false;
  /** The last instant heard of, for calls that bring none. */
  private now: Instant;

  /** `settings` come from `clientSettings` and are shared; `now` is when the connection opened. */
  constructor(settings: Http1ClientSettings, now: Instant) {
    this.settings = settings;
    this.now = now;
    const { writeStallMs, idleMs, ageMsMax } = settings.timeouts;
    this.teardown = new Teardown({ writeStallMs, lingerMs: 0, lingerBytesMax: 0 });
    this.ageDeadline = now + ageMsMax;
    this.idleMs = idleMs;
    this.startIdle(now);
  }

  /** What to do with the transport once `outputBytes` is 0; `abort` at once. */
  get transport(): TransportWish {
    return this.teardown.transport;
  }

  /** False: stop reading the transport. */
  get wantsData(): boolean {
    if (this.teardown.peerEnd !== null || this.receiveState === 'ended') return false;
    return this.reader.input.length < this.settings.limits.inputBytesMax;
  }

  /** Bytes queued or handed out and not yet accepted. */
  get outputBytes(): number {
    return this.teardown.output.pendingBytes;
  }

  /** Whether `sendRequest` makes sense now for a caller that does not pipeline; a pure question. */
  reuseVerdict(now: Instant): ReuseVerdict {
    const reason = this.reuseReason(now);
    return { reusable: reason === 'ready', reason };
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
    if (this.receiveState === 'ended') return;
    input.append(data);
    this.unread = true;
    const { deadlines } = this.teardown;
    if (deadlines.phase === 'content') {
      const { contentBytesPerSecondMin, contentGraceMs } = timeouts;
      deadlines.contentArrived(data.length, contentBytesPerSecondMin, contentGraceMs, now);
    }
  }

  /** The server's direction ended. */
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
          event = this.nextWhileIdle(now);
          break;
        case 'awaiting':
          event = this.nextHead(now);
          break;
        case 'content':
          event = this.nextContent(now);
          break;
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
    if (byteCount > 0) this.awaitResponse(now);
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
    else if (phase === 'continue') {
      deadlines.stop();
      this.outstanding.at(-1)!.expectsContinue = false;
      this.pending = { type: 'continue-timeout' };
    }
    // The time went by while input lay here unread: that is not the server's fault.
    else if (this.unread) deadlines.stop();
    else if (phase === 'idle') this.close(now >= this.ageDeadline ? 'max-age' : 'idle-timeout');
    else if (phase === 'head') this.fail('HTTP1_HEAD_TIMEOUT', this.reader.input.length);
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

  /**
   * A request's head. Framing follows from its fields: Content-Length as given, chunked when
   * Transfer-Encoding says so, else no content. Several may be sent before the first is answered
   * (RFC 9112 section 9.3.2). Throws LocalProtocolError or TypeError, and leaves everything as it
   * was, when the head or the moment does not allow it.
   */
  sendRequest(head: RequestHead, now: Instant): void {
    this.requireReady(now);
    const { settings, outstanding, teardown } = this;
    const isLast =
      this.draining || this.requests + 1 >= settings.requestsMax || this.requestsLeft <= 1;
    const plan = planRequest(head, settings, isLast);
    const firstByte = teardown.queuedBytes;
    writeRequestHead(teardown.output, head, plan.machineLines);
    this.now = now;
    this.requests++;
    this.requestsLeft--;
    this.lastRequestSent = plan.closes;
    const { method, target } = head;
    const { upgrade, expectsContinue } = plan;
    outstanding.push({ method, target, upgrade, firstByte, expectsContinue, informational: 0 });
    this.encoder.begin(plan.outgoing);
    this.moveSend('request');
    if (this.receiveState === 'idle') this.moveReceive('expect');
    if (teardown.deadlines.phase === 'idle') teardown.deadlines.stop();
  }

  /** Content of the request; borrowed until `outputAccepted` has passed it. */
  sendData(data: Uint8Array, now: Instant): void {
    this.requireContent();
    this.encoder.send(this.teardown.output, data);
    this.now = now;
    this.stopWaitingForContinue();
  }

  /** The request is complete; trailers only when it is chunked (RFC 9112 section 7.1.2). */
  endMessage(trailers: readonly Field[], now: Instant): void {
    this.requireContent();
    this.encoder.end(this.teardown.output, trailers);
    this.now = now;
    this.moveSend('request-end');
    this.stopWaitingForContinue();
    this.awaitResponse(now);
    if (this.receiveState === 'idle') this.finishExchange(now);
  }

  /** No more requests: close when the outstanding ones are answered, at once when there are none. */
  drain(now: Instant): void {
    this.now = now;
    this.draining = true;
    if (this.receiveState === 'idle' && this.sendState === 'ready') this.close('drained');
  }

  /** Cut the connection: the transport is to be aborted. */
  abort(now: Instant): void {
    this.now = now;
    this.cut('aborted');
  }

  /** Nothing is asked: whatever comes now belongs to no request. */
  private nextWhileIdle(now: Instant): Event | NeedData | null {
    const { deadlines, peerEnd } = this.teardown;
    // «A client MUST NOT process, cache, or forward such extra data as a separate response.»
    if (this.reader.input.length > 0) return this.fail('HTTP1_UNSOLICITED_RESPONSE', 0);
    if (peerEnd !== null) {
      this.close(peerEnd === 'truncated' ? 'truncated' : 'peer-end');
      return null;
    }
    if (this.sendState === 'ready' && deadlines.phase !== 'idle') this.startIdle(now);
    return this.needData();
  }

  private nextHead(now: Instant): Event | NeedData | null {
    const { reader, teardown } = this;
    const request = this.outstanding[0]!;
    const result = reader.nextHead(this.settings, request.method);
    if (result === 'need-data') {
      if (teardown.peerEnd !== null) return this.fail('HTTP1_UNEXPECTED_END', reader.input.length);
      this.awaitResponse(now);
      return this.needData();
    }
    if (typeof result === 'string') return this.fail(result, reader.faultOffset);
    if (result.status === 101) return this.acceptUpgrade(result, request);
    if (result.status < 200 && result.status >= 100)
      return this.acceptInformational(result, request);
    this.response = result;
    this.stopWaitingForContinue();
    if (result.framing === 'tunnel') return this.acceptSwitch(result, 'connect');
    this.moveReceive('response');
    this.readKeepAlive(result);
    if (!result.persistent) this.closeReceived = true;
    teardown.deadlines.startContent(this.settings.timeouts.contentGraceMs);
    return result;
  }

  private acceptInformational(response: ResponseEvent, request: Outstanding): Event | null {
    if (++request.informational > this.settings.limits.informationalMax) {
      return this.fail('HTTP1_TOO_MANY_INFORMATIONAL', 0);
    }
    this.moveReceive('informational');
    // A server that answers is alive: its time for the final head starts again.
    this.teardown.deadlines.stop();
    if (response.status === 100) request.expectsContinue = false;
    const { status, reason, fields, rawHead } = response;
    return { type: 'informational', status, reason, fields, rawHead };
  }

  /** 101: only to a protocol that was offered, and after the whole request (RFC 9110 section 7.8). */
  private acceptUpgrade(response: ResponseEvent, request: Outstanding): Event | null {
    const { upgrade } = controlFields(response.fields);
    const chosen = upgradeProtocols(upgrade).map((protocol) => protocol.toLowerCase());
    const wasOffered = chosen.length > 0 && chosen.every((one) => request.upgrade.includes(one));
    if (!wasOffered || this.sendState !== 'ready') return this.fail('HTTP1_UNEXPECTED_SWITCH', 0);
    return this.acceptSwitch({ ...response, framing: 'tunnel', contentLength: -1 }, chosen[0]!);
  }

  private acceptSwitch(response: ResponseEvent, protocol: string): Event {
    this.moveReceive('switch');
    this.moveSend('switch');
    this.outstanding.shift();
    this.teardown.deadlines.stop();
    this.pending = { type: 'switched', protocol };
    return response;
  }

  private nextContent(now: Instant): Event | NeedData | null {
    const result = this.reader.nextContent();
    if (typeof result !== 'string') return { type: 'data', data: result };
    if (result === 'complete') return this.endContent(now);
    if (result !== 'need-data') return this.fail(result, this.reader.faultOffset);
    const { peerEnd, deadlines } = this.teardown;
    if (peerEnd !== null) {
      // «complete only if a valid closure alert has been received», RFC 9112 section 9.8.
      const isComplete = this.response!.framing === 'close-delimited' && peerEnd === 'finished';
      return isComplete
        ? this.endContent(now)
        : this.fail('HTTP1_UNEXPECTED_END', this.reader.input.length);
    }
    if (this.settings.timeouts.contentBytesPerSecondMin > 0) deadlines.contentIsAwaited(now);
    return this.needData();
  }

  private endContent(now: Instant): Event {
    const { trailers } = this.reader;
    this.moveReceive('response-end');
    this.teardown.deadlines.stop();
    this.outstanding.shift();
    if (!this.closeReceived && this.outstanding.length > 0) this.moveReceive('expect');
    this.finishExchange(now);
    return trailers.length === 0 ? END_WITHOUT_TRAILERS : { type: 'end', trailers };
  }

  /** After the last response: all that is left is to say so, once the output is out. */
  private nextAfterEnd(): Event | NeedData {
    if (this.closedReported || !this.teardown.isOver) return NEED_DATA;
    this.closedReported = true;
    this.teardown.deadlines.stopAll();
    const cause = this.teardown.cause ?? 'peer-end';
    return { type: 'closed', cause, ending: this.ending, unanswered: this.unanswered };
  }

  private needData(): NeedData {
    this.unread = false;
    return NEED_DATA;
  }

  private reuseReason(now: Instant): ReuseVerdict['reason'] {
    const { teardown, sendState, outstanding } = this;
    const { deadlines } = teardown;
    if (sendState === 'switched') return 'switching';
    const isEnding = sendState === 'ended' || teardown.transport !== 'open' || this.draining;
    if (isEnding || teardown.peerEnd !== null) return 'closing';
    if (this.closeReceived || this.lastRequestSent) return 'close-announced';
    if (outstanding.some(mayEndHttp)) return 'switching';
    if (sendState === 'content') return 'request-under-way';
    if (this.requests >= this.settings.requestsMax || this.requestsLeft <= 0) return 'max-requests';
    if (now >= this.ageDeadline) return 'max-age';
    if (outstanding.length > 0) return 'response-outstanding';
    if (this.reader.input.length > 0) return 'unread-bytes';
    return deadlines.phase === 'idle' && deadlines.phaseIsOver(now) ? 'idle-timeout' : 'ready';
  }

  private requireReady(now: Instant): void {
    const reason = this.reuseReason(now);
    if (reason === 'ready' || reason === 'response-outstanding') return;
    const code =
      reason === 'request-under-way' ? 'HTTP1_REQUEST_STARTED' : 'HTTP1_CONNECTION_CLOSING';
    throw new LocalProtocolError(code, `no request can be sent: ${reason}`);
  }

  private requireContent(): void {
    if (this.sendState === 'content') return;
    throw new LocalProtocolError('HTTP1_NO_REQUEST', 'no request head has been sent');
  }

  private moveReceive(move: MoveOf<typeof CLIENT_RECEIVE>): void {
    const state = nextState(CLIENT_RECEIVE, this.receiveState, move);
    assert(state !== null, `${move} while receiving is ${this.receiveState}`);
    this.receiveState = state;
  }

  private moveSend(move: MoveOf<typeof CLIENT_SEND>): void {
    const state = nextState(CLIENT_SEND, this.sendState, move);
    assert(state !== null, `${move} while sending is ${this.sendState}`);
    this.sendState = state;
  }

  /** A response is due once its request is out; or, before its content, 100 (Continue). */
  private awaitResponse(now: Instant): void {
    const { deadlines, output } = this.teardown;
    if (this.receiveState !== 'awaiting' || deadlines.phase !== 'none' || output.pendingBytes > 0)
      return;
    const { headMs, continueMs } = this.settings.timeouts;
    if (this.outstanding.length > 1 || this.sendState === 'ready')
      deadlines.start('head', now + headMs);
    else if (this.outstanding[0]!.expectsContinue) deadlines.start('continue', now + continueMs);
  }

  private stopWaitingForContinue(): void {
    const { deadlines } = this.teardown;
    if (deadlines.phase === 'continue') deadlines.stop();
    const newest = this.outstanding.at(-1);
    if (newest !== undefined) newest.expectsContinue = false;
  }

  private readKeepAlive(response: ResponseEvent): void {
    const { timeoutMs = null, requestsMax = null } = response.keepAlive ?? {};
    const { idleMs, idleMarginMs } = this.settings.timeouts;
    if (timeoutMs !== null) this.idleMs = Math.min(idleMs, Math.max(0, timeoutMs - idleMarginMs));
    if (requestsMax !== null) this.requestsLeft = requestsMax - (this.outstanding.length - 1);
  }

  private startIdle(now: Instant): void {
    this.teardown.deadlines.start('idle', Math.min(now + this.idleMs, this.ageDeadline));
  }

  /** A response is complete, or a request is behind its response: go on, or close. */
  private finishExchange(now: Instant): void {
    if (this.closeReceived) this.close('peer-close');
    else if (this.outstanding.length > 0 || this.sendState !== 'ready') return;
    else if (this.draining) this.close('drained');
    else if (this.lastRequestSent) {
      this.close(this.requests >= this.settings.requestsMax ? 'max-requests' : 'local-close');
    } else this.startIdle(now);
  }

  /** The server's fault, or time ran out. */
  private fail(code: Http1FaultCode, bytesBefore: number): null {
    const offset = this.reader.input.consumedBytes + bytesBefore;
    const message = faultMessage(code);
    this.pending = { type: 'failed', code, message, offset, status: 0, canRespond: false };
    this.close('failed');
    return null;
  }

  /** No more of either direction; what is left of an unfinished request is not worth sending. */
  private close(cause: ClientCloseCause): void {
    const isUnfinished = this.sendState === 'content';
    this.stop();
    if (isUnfinished) this.teardown.cut(cause);
    else this.teardown.begin(cause, this.now, false);
  }

  private cut(cause: ClientCloseCause): void {
    if (this.closedReported) return;
    this.stop();
    this.teardown.cut(cause);
  }

  /** Ends both directions, and notes what that cuts off. */
  private stop(): void {
    if (this.receiveState !== 'ended') {
      const { outstanding, response, receiveState, teardown } = this;
      const responseBegun =
        receiveState === 'content' || (receiveState === 'awaiting' && this.reader.input.length > 0);
      if (outstanding.length > 0) this.ending = responseBegun ? 'mid-response' : 'before-response';
      if (receiveState === 'content' && response!.framing === 'close-delimited') {
        this.ending = 'mid-close-delimited';
      }
      const fates = outstanding.map(({ method, firstByte }, index) => {
        const sent = firstByte < teardown.handedOutBytes;
        return { method, sent, responseBegun: responseBegun && index === 0 };
      });
      const verdicts = retryVerdicts(fates);
      this.unanswered = outstanding.map(({ method, target }, index) => {
        return { method, target, verdict: verdicts[index]! };
      });
    }
    this.reader.stop();
    this.moveReceive('stop');
    this.moveSend('stop');
  }
}

/** After such a request the bytes may be another protocol's, so nothing is pipelined behind it. */
function mayEndHttp(request: Outstanding): boolean {
  return request.method === 'CONNECT' || request.upgrade.length > 0;
}
