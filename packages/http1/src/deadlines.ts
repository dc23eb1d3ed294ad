// Time as numbers. Of the deadlines that blame the peer or end its patience, one runs at a time, by
// what the connection is doing; the write stall runs beside it.
import type { Instant } from './bytes/connection.ts';

/** What a connection is waiting for; `none` when nothing of the peer's is due. */
export type Phase = 'none' | 'idle' | 'head' | 'continue' | 'content' | 'linger';

const NEVER = Number.POSITIVE_INFINITY;

/** The deadlines of one connection. */
export class Deadlines {
  phase: Phase = 'none';
  private phaseDeadline: Instant = NEVER;
  private writeDeadline: Instant = NEVER;
  /** Milliseconds by which content may still fall behind the minimum rate. */
  private contentCredit = 0;
  private contentWaitingSince: Instant = NEVER;

  /** The earliest one; Infinity when none runs. */
  get next(): Instant {
    return Math.min(this.phaseDeadline, this.writeDeadline);
  }

  /** Enters a phase that ends at `deadline`. */
  start(phase: Phase, deadline: Instant): void {
    this.phase = phase;
    this.phaseDeadline = deadline;
  }

  /** Enters a phase unless it runs already. */
  startOnce(phase: Phase, deadline: Instant): void {
    if (this.phase !== phase) this.start(phase, deadline);
  }

  /** Nothing of the peer's is due. */
  stop(): void {
    this.phase = 'none';
    this.phaseDeadline = NEVER;
    this.contentWaitingSince = NEVER;
  }

  /** Nothing is due at all. */
  stopAll(): void {
    this.stop();
    this.writeDeadline = NEVER;
  }

  /** The phase's own deadline has come. */
  phaseIsOver(now: Instant): boolean {
    return now >= this.phaseDeadline;
  }

  /** Content is due: it may fall `graceMs` behind the minimum rate in all. */
  startContent(graceMs: number): void {
    this.phase = 'content';
    this.phaseDeadline = NEVER;
    this.contentCredit = graceMs;
    this.contentWaitingSince = NEVER;
  }

  /** Everything received has been read and more is wanted: only such time counts against the peer. */
  contentIsAwaited(now: Instant): void {
    if (this.contentWaitingSince !== NEVER) return;
    this.contentWaitingSince = now;
    this.phaseDeadline = now + this.contentCredit;
  }

  /**
   * Bytes came: the waiting is charged, the bytes are credited with the time that the minimum rate
   * gives them. A trickle below that rate runs the credit down, however often it comes; no burst
   * saves up more than the grace.
   */
  contentArrived(
    byteCount: number,
    bytesPerSecondMin: number,
    graceMs: number,
    now: Instant,
  ): void {
    if (this.contentWaitingSince !== NEVER) {
      this.contentCredit -= Math.max(0, now - this.contentWaitingSince);
    }
    this.contentWaitingSince = NEVER;
    this.phaseDeadline = NEVER;
    const earned = (byteCount * 1000) / bytesPerSecondMin;
    this.contentCredit = Math.min(graceMs, this.contentCredit + earned);
  }

  /** Output was handed out while none was outstanding, or the transport accepted some of it. */
  writeMoved(outstandingBytes: number, stallMs: number, now: Instant): void {
    this.writeDeadline = outstandingBytes === 0 ? NEVER : now + stallMs;
  }

  /** The transport has accepted nothing for too long. */
  writeIsStalled(now: Instant): boolean {
    return now >= this.writeDeadline;
  }
}
