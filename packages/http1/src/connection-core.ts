// What a connection does in either role: it stores input, hands out output, keeps time, and ends in
// stages (RFC 9112 section 9.6): output first, then half-close, then the peer's end is awaited while
// its bytes are thrown away, so that no reset erases the last response.
import {
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  type TrailingData,
  type TransportWish,
} from './bytes/connection.ts';
import { OutputQueue } from './bytes/output-queue.ts';
import { checkInput, ReceiveBuffer } from './bytes/receive-buffer.ts';
import { Deadlines } from './deadlines.ts';
import type { FailedEvent } from './events.ts';
import { faultMessage, type Http1FaultCode, LocalProtocolError } from './faults.ts';
import type { Http1Limits } from './limits.ts';

/** The settings that concern both roles. */
export interface CoreSettings {
  readonly limits: Http1Limits;
  readonly timeouts: {
    readonly contentGraceMs: number;
    readonly contentBytesPerSecondMin: number;
    readonly writeStallMs: number;
  };
}

/** Input, output, time and the end of one connection. */
export class ConnectionCore<Event, Cause extends string> {
  readonly input: ReceiveBuffer = new ReceiveBuffer();
  readonly output: OutputQueue = new OutputQueue();
  readonly deadlines: Deadlines = new Deadlines();
  /** What to do with the transport once the output is accepted. */
  transport: TransportWish = 'open';
  /** Why the connection ends; null while it persists. */
  cause: Cause | null = null;
  /** How the peer's direction ended; null while it is open. */
  peerEnd: End | null = null;
  /** An event that a call has left for the next pull. */
  pending: Event | null = null;
  /** The `closed` event has been given. */
  closedReported = false;
  /** Input has come since more was last asked for. */
  unread = false;
  /** The last instant heard of, for calls that bring none. */
  now: Instant;
  private acceptedBytes = 0;
  private lingerBytes = 0;
  private lingerMs = 0;
  private settings: CoreSettings;

  constructor(settings: CoreSettings, now: Instant) {
    this.settings = settings;
    this.now = now;
  }

  /** Serves another connection from now on; only after all was quiet. */
  begin(settings: CoreSettings, now: Instant): void {
    this.settings = settings;
    this.now = now;
    this.unread = false;
  }

  /** Nothing is stored, queued or awaited. */
  get isQuiet(): boolean {
    const isEmpty = this.input.length === 0 && this.output.pendingBytes === 0;
    return isEmpty && this.peerEnd === null && this.pending === null;
  }

  /** Bytes queued since the beginning of the connection. */
  get queuedBytes(): number {
    return this.acceptedBytes + this.output.pendingBytes;
  }

  /** Of these, bytes handed to the transport. */
  get handedOutBytes(): number {
    return this.acceptedBytes + this.output.handedOutBytes;
  }

  /** Bytes received since the beginning of the connection. */
  get receivedBytes(): number {
    return this.input.consumedBytes + this.input.length;
  }

  /**
   * More input may be stored. What has been looked at and found to be incomplete, such as a head,
   * has limits of its own, however small `inputBytesMax` is.
   */
  get hasRoom(): boolean {
    return !this.unread || this.input.length < this.settings.limits.inputBytesMax;
  }

  /** Whether to read the transport. Once `isEnded` only to throw away what comes, while anything still does. */
  wantsData(isEnded: boolean): boolean {
    if (this.peerEnd !== null) return false;
    if (!isEnded) return this.hasRoom;
    return this.transport === 'open' || this.transport === 'half-close';
  }

  /** Everything is out, or nothing will be, and it was not reported yet. */
  get closedIsDue(): boolean {
    const isSent = this.transport === 'close' && this.output.pendingBytes === 0;
    return !this.closedReported && (isSent || this.transport === 'abort');
  }

  /** Stores bytes, or throws them away once `isEnded`; throws TypeError and RangeError as `receive` does. */
  receive(data: Uint8Array, now: Instant, isEnded: boolean): void {
    checkInput(data);
    const { limits, timeouts } = this.settings;
    if (this.unread && this.input.length > limits.inputBytesMax) {
      throw new RangeError(`more than ${limits.inputBytesMax} bytes are unread: heed wantsData`);
    }
    this.now = now;
    if (isEnded) {
      this.lingerBytes += data.length;
      if (this.lingerBytes > limits.lingerBytesMax) this.endLinger();
      return;
    }
    this.input.append(data);
    this.unread = true;
    if (this.deadlines.phase === 'content') {
      const { contentBytesPerSecondMin, contentGraceMs } = timeouts;
      this.deadlines.contentArrived(data.length, contentBytesPerSecondMin, contentGraceMs, now);
    }
  }

  /** The peer's direction ended; true when that was abrupt. */
  receiveEnd(now: Instant, end: End): boolean {
    this.now = now;
    this.unread = true;
    const isAbrupt = end === 'reset' || end === 'failed';
    if (this.peerEnd === null || isAbrupt) this.peerEnd = end;
    if (!isAbrupt) this.endLinger();
    return isAbrupt;
  }

  /** The event that a call has left, once. */
  takePending(): Event | null {
    const { pending } = this;
    this.pending = null;
    return pending;
  }

  /** All unread bytes, for the next protocol; throws LocalProtocolError unless it was switched to. */
  takeTrailingData(isSwitched: boolean): TrailingData {
    if (!isSwitched) {
      throw new LocalProtocolError('HTTP1_SWITCH_NOT_ALLOWED', 'the protocol was not switched');
    }
    return { data: this.input.take(this.input.length), end: this.peerEnd };
  }

  /** The `closed` event is being given: no deadline runs any more. */
  reportClosed(): void {
    this.closedReported = true;
    this.deadlines.stopAll();
  }

  /** More input is wanted: all there was has been read. */
  needData(): NeedData {
    this.unread = false;
    return NEED_DATA;
  }

  /** Content is wanted: from now on its rate counts. */
  needContent(): NeedData {
    if (this.settings.timeouts.contentBytesPerSecondMin > 0)
      this.deadlines.contentIsAwaited(this.now);
    return this.needData();
  }

  /** The next chunk to write, or null. */
  nextOutput(): Uint8Array | null {
    const nothingWasOut = this.output.handedOutBytes === 0;
    const chunk = this.output.next();
    if (chunk !== null && nothingWasOut) this.writeMoved();
    return chunk;
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    if (this.transport === 'abort') return;
    if (!this.output.accept(byteCount)) {
      throw new RangeError('outputAccepted: more bytes than nextOutput handed out');
    }
    this.now = now;
    if (byteCount === 0) return;
    this.acceptedBytes += byteCount;
    this.writeMoved();
    if (this.output.pendingBytes === 0 && this.transport === 'half-close') this.startLinger();
  }

  /** The peer's fault, as the next event. */
  fail(code: Http1FaultCode, offset: number, status: number, canRespond: boolean): void {
    const message = faultMessage(code, offset);
    const event: FailedEvent<Http1FaultCode> = {
      type: 'failed',
      code,
      message,
      offset,
      status,
      canRespond,
    };
    this.pending = event as Event;
  }

  /**
   * Nothing more will be sent but what is queued. The peer may still be sending, and must not be
   * answered by a reset: its end is awaited for `lingerMs` behind that. Who has no response to lose,
   * as a client, does not wait: 0 or less.
   */
  beginClose(cause: Cause, lingerMs: number): void {
    if (this.transport !== 'open') return;
    this.cause ??= cause;
    this.lingerMs = lingerMs;
    this.deadlines.stop();
    this.transport = lingerMs > 0 && this.peerEnd === null ? 'half-close' : 'close';
    if (this.output.pendingBytes === 0 && this.transport === 'half-close') this.startLinger();
  }

  /** No more patience: what is queued is given up. */
  cut(cause: Cause): void {
    if (this.transport === 'abort') return;
    // A connection that had ended well, all bytes accepted, keeps the cause of that.
    if (this.cause === null || this.output.pendingBytes > 0) this.cause = cause;
    this.output.clear();
    this.deadlines.stopAll();
    this.transport = 'abort';
  }

  /** The peer's end came, or is waited for no longer. */
  endLinger(): void {
    if (this.transport !== 'half-close') return;
    this.deadlines.stop();
    this.transport = 'close';
  }

  private startLinger(): void {
    this.deadlines.start('linger', this.now + this.lingerMs);
  }

  private writeMoved(): void {
    this.deadlines.writeMoved(
      this.output.handedOutBytes,
      this.settings.timeouts.writeStallMs,
      this.now,
    );
  }
}
