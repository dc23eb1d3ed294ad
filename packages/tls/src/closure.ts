// How a connection ends (RFC 9846 section 6.1): each direction by its own close_notify, both at once by
// a failure, and what that asks of the transport.
import type { End, Instant, TransportWish } from './bytes/connection.ts';
import type { CloseCause } from './events.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** The ends of one connection. */
export class Closure {
  /** What to do with the transport once the output is accepted. */
  transport: TransportWish = 'open';
  /** Why the connection ends; null while it does not. */
  cause: CloseCause | null = null;
  /** How the peer's direction of the transport ended; null while it is open. */
  peerEnd: End | null = null;
  /** Our close_notify is queued. */
  isSent = false;
  /** The peer's close_notify has come. */
  isReceived = false;
  /** Whatever comes is thrown away: the connection has failed, or was canceled. */
  isDeaf = false;
  /** The `closed` event has been given. */
  isReported = false;
  /** When the peer's end is waited for no longer. */
  deadline: Instant = NEVER;
  private ignoredBytes = 0;

  /** Nothing more is sent: our close_notify has been queued. The peer's may take `patienceMs`. */
  send(now: Instant, patienceMs: number): void {
    this.isSent = true;
    if (this.peerEnd !== null || this.isReceived) {
      this.close(this.isReceived ? 'finished' : 'truncated');
      return;
    }
    this.transport = 'half-close';
    this.deadline = now + patienceMs;
  }

  /** The peer sends nothing more, as its close_notify says. */
  receive(): void {
    this.isReceived = true;
    if (this.isSent) this.close('finished');
  }

  /** Something came, or was accepted, while we wait for the peer's end. */
  stillMoves(now: Instant, patienceMs: number): void {
    if (this.deadline !== NEVER && !this.isDeaf) this.deadline = now + patienceMs;
  }

  /** The transport has nothing more for us, and close_notify never came. */
  truncate(isSecured: boolean): void {
    // What was sent may have a use still, unless it never became more than a handshake.
    if (this.isSent || !isSecured) this.close('truncated');
  }

  /** Something came that nobody reads; a peer that goes on with that for ever is left. */
  ignore(byteCount: number, bytesMax: number): void {
    this.ignoredBytes += byteCount;
    if (this.isDeaf && this.ignoredBytes > bytesMax && this.transport === 'half-close') {
      this.close('failed');
    }
  }

  /** The connection is over but for what is queued; the peer may still be sending, and is to read our alert. */
  linger(cause: CloseCause, now: Instant, patienceMs: number): void {
    this.cause ??= cause;
    this.isDeaf = true;
    this.transport = this.peerEnd === null ? 'half-close' : 'close';
    this.deadline = this.peerEnd === null ? now + patienceMs : NEVER;
  }

  /** The connection is over once what is queued is accepted. */
  close(cause: CloseCause): void {
    this.cause ??= cause;
    this.transport = 'close';
    this.deadline = NEVER;
  }

  /** The connection is over at once. */
  cut(cause: CloseCause): void {
    this.cause ??= cause;
    this.isDeaf = true;
    this.transport = 'abort';
    this.deadline = NEVER;
  }

  /** The `closed` event is due. */
  isDue(outputBytes: number): boolean {
    if (this.isReported) return false;
    return this.transport === 'abort' || (this.transport === 'close' && outputBytes === 0);
  }
}
