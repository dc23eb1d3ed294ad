// The server's side of a connection (RFC 9112): bytes and time in, requests out; responses in,
// bytes out. One request and its response at a time, so that responses keep the requests' order;
// what a client pipelines waits unread until its turn.
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
import type { StateOf } from './bytes/transition-table.ts';
import type { Field, ResponseHead, ServerEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { ServerCycle } from './server-cycle.ts';
import { idleDeadline, type ServerRest } from './server-rest.ts';
import type { Http1ServerSettings } from './server-settings.ts';
import type { SERVER_SEND } from './state.ts';

/** Where the response to the current request stands. */
export type ResponseState = StateOf<typeof SERVER_SEND>;
type Event = ServerEvent<Http1FaultCode>;

/** Cycles kept for whoever is next; as many connections as are busy at once in one turn or so. */
const SPARES_MAX = 64;
const spares: ServerCycle[] = [];

/** One server connection; see the README for the loop that drives it. */
export class Http1Server implements Connection<Event>, ServerRest {
  /** {@link ServerRest} */
  readonly openedAt: Instant;
  /** {@link ServerRest} */
  idleSince: Instant;
  /** {@link ServerRest} */
  requests = 0;
  /** {@link ServerRest} */
  consumedBytes = 0;
  private readonly settings: Http1ServerSettings;
  /** Null while the connection is idle. */
  private cycle: ServerCycle | null = null;

  /** `settings` come from `serverSettings` and are shared; `now` is when the connection opened. */
  constructor(settings: Http1ServerSettings, now: Instant) {
    this.settings = settings;
    this.openedAt = Math.ceil(now);
    this.idleSince = this.openedAt;
  }

  /** What to do with the transport once `outputBytes` is 0; `abort` at once. */
  get transport(): TransportWish {
    return this.cycle === null ? 'open' : this.cycle.core.transport;
  }

  /** False: stop reading the transport. */
  get wantsData(): boolean {
    const { cycle } = this;
    return cycle === null || cycle.core.wantsData(cycle.states.receive === 'ended');
  }

  /** Bytes queued or handed out and not yet accepted. */
  get outputBytes(): number {
    return this.cycle === null ? 0 : this.cycle.core.output.pendingBytes;
  }

  /** Where the response to the current request stands. */
  get responseState(): ResponseState {
    return this.cycle === null ? 'idle' : this.cycle.states.send;
  }

  /** The client may be waiting for 100 (Continue) before it sends content (RFC 9110 section 10.1.1). */
  get continueIsDue(): boolean {
    return this.cycle?.continueIsDue ?? false;
  }

  /**
   * Takes over bytes; never writes to them. Throws TypeError for what is not a Uint8Array of
   * unshared memory, RangeError when more than `inputBytesMax` was already unread.
   */
  receive(data: Uint8Array, now: Instant): void {
    const { core, states } = this.awake(now);
    core.receive(data, now, states.receive === 'ended');
  }

  /** The client's direction ended: a half-closed client still gets all its responses. */
  receiveEnd(now: Instant, end: End): void {
    this.awake(now).receiveEnd(now, end);
  }

  /** Parses exactly one event. */
  nextEvent(now: Instant): Event | NeedData | Paused {
    const { cycle } = this;
    if (cycle === null) return NEED_DATA;
    const event = cycle.nextEvent(now);
    if (event === NEED_DATA && cycle.isAtRest) this.rest(cycle);
    return event;
  }

  /** The next chunk to write, or null. */
  nextOutput(): Uint8Array | null {
    return this.cycle === null ? null : this.cycle.core.nextOutput();
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    const cycle = this.awake(now);
    cycle.outputAccepted(byteCount, now);
    if (cycle.isAtRest) this.rest(cycle);
  }

  /** The instant at which `onDeadline` wants to be called; Infinity when none. */
  deadline(): Instant {
    const { cycle } = this;
    return cycle === null ? idleDeadline(this.settings, this) : cycle.core.deadlines.next;
  }

  /** Time has come; a spurious call is a no-op. */
  onDeadline(now: Instant): void {
    if (now >= this.deadline()) this.awake(now).onDeadline(now);
  }

  /** After `switched`: the bytes that belong to the next protocol; throws LocalProtocolError otherwise. */
  takeTrailingData(): TrailingData {
    const { core, states } = this.awake(this.idleSince);
    return core.takeTrailingData(states.receive === 'switched');
  }

  /** A 1xx response other than 101, before the final one (RFC 9110 section 15.2). */
  sendInformational(head: ResponseHead, now: Instant): void {
    this.awake(now).sendInformational(head, now);
  }

  /**
   * A whole final response: its head, to which Content-Length is added unless the fields say the same,
   * content, text as UTF-8, and its end. To HEAD, and with 304, content is measured and not sent; null
   * says nothing of a length. Returns the bytes of content that are sent. Throws as `sendResponse`,
   * `sendData` and `endMessage` do, and leaves everything as it was.
   */
  respond(head: ResponseHead, content: string | Uint8Array | null, now: Instant): number {
    const cycle = this.awake(now);
    cycle.core.now = now;
    const byteCount = cycle.sender.whole(head, content, cycle, now);
    cycle.finishResponse();
    return byteCount;
  }

  /**
   * The final response's head; 101, and 2xx to CONNECT, switch protocols. Framing follows from the
   * fields: Content-Length as given, else chunked for HTTP/1.1 and close-delimited for HTTP/1.0.
   * Throws LocalProtocolError, TypeError or RangeError, and leaves everything as it was, when the
   * head is not allowed here.
   */
  sendResponse(head: ResponseHead, now: Instant): void {
    this.awake(now).sendResponse(head, now);
  }

  /** Content of the response; borrowed until `outputAccepted` has passed it. */
  sendData(data: Uint8Array, now: Instant): void {
    this.awake(now).sender.data(data);
  }

  /** The response is complete; trailers only when it is chunked (RFC 9112 section 7.1.2). */
  endMessage(trailers: readonly Field[], now: Instant): void {
    const cycle = this.awake(now);
    cycle.core.now = now;
    cycle.sender.end(trailers);
    cycle.finishResponse();
  }

  /** Close after the current exchange, announced in its response; at once when idle. */
  drain(now: Instant): void {
    this.awake(now).drain(now);
  }

  /** Cut the connection: the transport is to be aborted. */
  abort(now: Instant): void {
    const cycle = this.awake(now);
    cycle.core.now = now;
    cycle.cut('aborted');
  }

  private awake(now: Instant): ServerCycle {
    if (this.cycle !== null) return this.cycle;
    const cycle = spares.pop() ?? new ServerCycle(this.settings);
    cycle.begin(this.settings, this, now);
    this.cycle = cycle;
    return cycle;
  }

  /** Idle: a few numbers are all that has to be remembered. */
  private rest(cycle: ServerCycle): void {
    this.idleSince = Math.ceil(cycle.idleSince);
    this.requests = cycle.requests;
    this.consumedBytes = cycle.core.input.consumedBytes;
    this.cycle = null;
    if (spares.length < SPARES_MAX) spares.push(cycle);
  }
}
