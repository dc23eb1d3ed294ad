// The end of a connection in stages (RFC 9112 section 9.6): output first, then half-close, then the
// peer's end is awaited while its bytes are thrown away, so that no reset erases the last response.
import type { End, Instant, TransportWish } from './bytes/connection.ts';
import { OutputQueue } from './bytes/output-queue.ts';
import { Deadlines } from './deadlines.ts';

/** How patient a teardown is. */
export interface TeardownPatience {
  readonly writeStallMs: number;
  readonly lingerMs: number;
  readonly lingerBytesMax: number;
}

/** Output, deadlines and the way a connection ends; the same for both roles. */
export class Teardown<Cause extends string> {
  transport: TransportWish = 'open';
  /** Why the connection ends; null while it persists. */
  cause: Cause | null = null;
  /** How the peer's direction ended; null while it is open. */
  peerEnd: End | null = null;
  readonly output: OutputQueue = new OutputQueue();
  readonly deadlines: Deadlines = new Deadlines();
  private acceptedBytes = 0;
  private lingerBytes = 0;
  private readonly patience: TeardownPatience;

  constructor(patience: TeardownPatience) {
    this.patience = patience;
  }

  /** Everything is out, or nothing will be: the connection can be reported closed. */
  get isOver(): boolean {
    if (this.transport === 'close') return this.output.pendingBytes === 0;
    return this.transport === 'abort';
  }

  /** Bytes queued since the beginning of the connection. */
  get queuedBytes(): number {
    return this.acceptedBytes + this.output.pendingBytes;
  }

  /** Of these, bytes handed to the transport. */
  get handedOutBytes(): number {
    return this.acceptedBytes + this.output.handedOutBytes;
  }

  /** The next chunk to write, or null. */
  nextOutput(now: Instant): Uint8Array | null {
    const nothingWasOut = this.output.handedOutBytes === 0;
    const chunk = this.output.next();
    if (chunk !== null && nothingWasOut) this.writeMoved(now);
    return chunk;
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    if (this.transport === 'abort') return;
    if (!this.output.accept(byteCount)) {
      throw new RangeError('outputAccepted: more bytes than nextOutput handed out');
    }
    if (byteCount === 0) return;
    this.acceptedBytes += byteCount;
    this.writeMoved(now);
    if (this.output.pendingBytes === 0 && this.transport === 'half-close') this.startLinger(now);
  }

  /** The peer's direction ended; true when that was abrupt. */
  receiveEnd(end: End): boolean {
    const isAbrupt = end === 'reset' || end === 'failed';
    if (this.peerEnd === null || isAbrupt) this.peerEnd = end;
    if (!isAbrupt && this.transport === 'half-close') this.endLinger();
    return isAbrupt;
  }

  /**
   * Nothing more will be sent but what is queued. `lingers`: the peer may still be sending, and
   * must not be answered by a reset; a client that has its response need not wait.
   */
  begin(cause: Cause, now: Instant, lingers: boolean): void {
    if (this.transport !== 'open') return;
    this.cause ??= cause;
    this.deadlines.stop();
    this.transport = lingers && this.peerEnd === null ? 'half-close' : 'close';
    if (this.output.pendingBytes === 0 && this.transport === 'half-close') this.startLinger(now);
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

  /** Bytes that came after the end of interest. */
  discard(byteCount: number): void {
    this.lingerBytes += byteCount;
    if (this.lingerBytes > this.patience.lingerBytesMax) this.endLinger();
  }

  /** The peer's end came, or is waited for no longer. */
  endLinger(): void {
    if (this.transport !== 'half-close') return;
    this.deadlines.stop();
    this.transport = 'close';
  }

  private startLinger(now: Instant): void {
    this.deadlines.start('linger', now + this.patience.lingerMs);
  }

  private writeMoved(now: Instant): void {
    this.deadlines.writeMoved(this.output.handedOutBytes, this.patience.writeStallMs, now);
  }
}
