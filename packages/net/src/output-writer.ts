// The half of a driver that writes: how a machine's output goes to the transport, in pieces that leave the
// event loop to others, and how the machine hears of what was taken.
import { Timer } from '@holdline/timer-wheel';
import type { Connection, Instant } from './bytes/connection.ts';
import * as bit from './driver-bits.ts';
import * as limit from './driver-limits.ts';
import type { Transport } from './transport.ts';

type AnyEvent = { readonly type: string };

/** A base class and no part, so that a connection is one object. */
export abstract class OutputWriter extends Timer {
  /** Bytes that the transport has taken. */
  bytesSent = 0;
  protected readonly transport: Transport;
  protected connection: Connection<AnyEvent>;
  /** What is left of a chunk that is larger than one write. */
  protected rest: Uint8Array | null = null;
  /** Handed to the transport, and not yet taken. */
  protected unacceptedBytes = 0;
  protected flags = 0;

  constructor(transport: Transport, connection: Connection<AnyEvent>) {
    super();
    this.transport = transport;
    this.connection = connection;
  }

  /** To be called after the machine was changed. */
  abstract wake(): void;

  protected write(turnEnd: number): void {
    const { transport } = this;
    let chunk = this.nextChunk(turnEnd);
    if (chunk === null) return;
    // Only once a large piece is written does the transport know whether it takes another.
    const corks = this.hasOutput && chunk.length < limit.WRITE_BYTES_MAX;
    if (corks) transport.cork();
    while (chunk !== null) {
      transport.write(chunk);
      chunk = this.hasOutput ? this.nextChunk(turnEnd) : null;
    }
    if (corks) transport.uncork();
  }

  /** Whether the machine holds anything that was not handed over. */
  protected get hasOutput(): boolean {
    return this.connection.outputBytes > this.unacceptedBytes;
  }

  private nextChunk(turnEnd: number): Uint8Array | null {
    if (this.bytesSent + this.unacceptedBytes >= turnEnd) {
      this.yieldTurn();
      return null;
    }
    if (this.transport.full) return null;
    let chunk = this.rest ?? this.connection.nextOutput();
    if (chunk === null) return null;
    this.rest = null;
    if (chunk.length > limit.WRITE_BYTES_MAX) {
      this.rest = chunk.subarray(limit.WRITE_BYTES_MAX);
      chunk = chunk.subarray(0, limit.WRITE_BYTES_MAX);
    }
    this.unacceptedBytes += chunk.length;
    return chunk;
  }

  /** A peer that takes all that it is given, however fast, must not keep the event loop to itself. */
  private yieldTurn(): void {
    if ((this.flags & bit.YIELDING) !== 0) return;
    this.flags |= bit.YIELDING;
    setImmediate(() => {
      this.flags &= ~bit.YIELDING;
      this.wake();
    });
  }

  /** In bulk, from what the transport says it still holds. */
  protected countAccepted(now: Instant): void {
    const acceptedBytes = this.unacceptedBytes - this.transport.bufferedBytes;
    if (acceptedBytes > 0) {
      this.unacceptedBytes -= acceptedBytes;
      this.bytesSent += acceptedBytes;
      this.connection.outputAccepted(acceptedBytes, now);
      // Acceptance may have been what the machine waited for.
      this.flags |= bit.AGAIN;
    }
    if (this.unacceptedBytes > 0 && (this.flags & bit.WATCHES_DRAIN) === 0) {
      this.flags |= bit.WATCHES_DRAIN;
      this.transport.watchDrain();
    }
  }
}
