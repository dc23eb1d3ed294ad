// The memory of compression: how much of it there is, over all connections, and who has not used his
// for a while. A sender may begin with an empty window at any message (RFC 7692 section 7.2.1), so an
// idle one is given up; a receiver's must be kept as long as its peer may refer to it.
import { Timer } from '@holdline/timer-wheel';
import type { Instant } from '../bytes/connection.ts';
import type { Clock } from '../clock.ts';

/** Bytes of all connections together above which new ones are not to compress. */
export const CONTEXT_BYTES_MAX = 67_108_864;
/** Milliseconds for which an idle sender's window is kept. */
export const CONTEXT_IDLE_MS = 10_000;

/** A connection that compresses. */
export interface ContextHolder {
  /** What the keeper has counted for it. */
  contextBytes: number;
  /** The keeper's turn in which it last sent something. */
  contextTurn: number;
  /** What it holds at present. */
  readonly heldContextBytes: number;
  /** Gives up its sender's window. */
  dropContext(): void;
}

/** Counts for all connections of a server or client; it is its own timer. */
export class ContextKeeper extends Timer {
  /** Bytes held by all connections. */
  usedBytes = 0;
  readonly #clock: Clock;
  readonly #bytesMax: number;
  readonly #idleMs: number;
  readonly #senders: Set<ContextHolder> = new Set();
  #turn = 0;

  /** `idleMs` is how long a sender's window is kept at least; it may be twice as long. */
  constructor(clock: Clock, bytesMax: number, idleMs: number) {
    super();
    this.#clock = clock;
    this.#bytesMax = bytesMax;
    this.#idleMs = idleMs;
  }

  /** New connections are not to compress. */
  get isFull(): boolean {
    return this.usedBytes >= this.#bytesMax;
  }

  /** It has sent a message. */
  sent(holder: ContextHolder): void {
    this.received(holder);
    holder.contextTurn = this.#turn;
    if (holder.contextBytes === 0) return;
    if (this.#senders.size === 0) this.#awaitTurn(this.#clock.now());
    this.#senders.add(holder);
  }

  /** It has received a message. */
  received(holder: ContextHolder): void {
    const bytes = holder.heldContextBytes;
    this.usedBytes += bytes - holder.contextBytes;
    holder.contextBytes = bytes;
  }

  /** It is over. */
  ended(holder: ContextHolder): void {
    this.usedBytes -= holder.contextBytes;
    holder.contextBytes = 0;
    this.#senders.delete(holder);
  }

  /** A turn is over: who has sent nothing in it begins anew. */
  onExpiry(now: Instant): void {
    for (const holder of this.#senders) {
      if (holder.contextTurn === this.#turn) continue;
      this.#senders.delete(holder);
      holder.dropContext();
      this.received(holder);
    }
    this.#turn += 1;
    if (this.#senders.size > 0) this.#awaitTurn(now);
  }

  #awaitTurn(now: Instant): void {
    this.#clock.touch(this, now + this.#idleMs);
  }
}
