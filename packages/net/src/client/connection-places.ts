// Who may have a connection when there is a bound on all of them together: origins take turns, idle
// connections make room, and an origin with many gives one to an origin with few.
import type { OriginPool } from './origin-pool.ts';
import type { PooledConnection } from './pooled-connection.ts';

/** Shares out the places for connections among the pools of a client. */
export class ConnectionPlaces {
  readonly #connectionsMax: number;
  readonly #isBounded: boolean;
  /** Idle connections, the one that has been so for longest first; kept where there is a bound. */
  readonly #idle: Set<PooledConnection> = new Set();
  /** Pools that want a connection, in the order of their turns. */
  readonly #waiting: Set<OriginPool> = new Set();
  #used = 0;
  #isSharing = false;

  constructor(connectionsMax: number) {
    this.#connectionsMax = connectionsMax;
    this.#isBounded = connectionsMax !== Number.POSITIVE_INFINITY;
  }

  /** A pool wants connections, perhaps. */
  ask(pool: OriginPool): void {
    if (!pool.wantsConnection) return;
    if (this.#isBounded) {
      this.#waiting.add(pool);
      this.share();
    } else {
      while (pool.wantsConnection) pool.open();
    }
  }

  /** A pool wants no connection for now. */
  forgo(pool: OriginPool): void {
    this.#waiting.delete(pool);
  }

  /** A connection is being opened. */
  take(): void {
    this.#used += 1;
  }

  /** A connection does not count any more; `share` is to be called when all is in order again. */
  free(): void {
    this.#used -= 1;
  }

  /** A connection is idle. */
  rest(connection: PooledConnection): void {
    if (this.#isBounded) this.#idle.add(connection);
  }

  /** A connection is idle no more. */
  wake(connection: PooledConnection): void {
    if (this.#isBounded) this.#idle.delete(connection);
  }

  /** Opens what may be opened. */
  share(): void {
    if (this.#isSharing || this.#waiting.size === 0) return;
    // Closing a connection to make room frees a place, which would be shared out from within.
    this.#isSharing = true;
    for (const pool of this.#waiting) {
      if (pool.wantsConnection) {
        if (this.#isFull && !this.#makeRoom()) break;
        pool.open();
      }
      this.#waiting.delete(pool);
      // To the end: the next place is another's. The loop comes to it again.
      if (pool.wantsConnection) this.#waiting.add(pool);
    }
    this.#isSharing = false;
  }

  /** Whether a pool is to give up a connection, now that it has nothing to do. */
  mustYield(pool: OriginPool): boolean {
    if (this.#waiting.size === 0 || !this.#isFull) return false;
    for (const other of this.#waiting) {
      if (other === pool || !other.wantsConnection) continue;
      if (other.size === 0 || pool.size - other.size > 1) return true;
    }
    return false;
  }

  get #isFull(): boolean {
    return this.#used >= this.#connectionsMax;
  }

  /** Closes the connection that has been idle for longest. */
  #makeRoom(): boolean {
    for (const connection of this.#idle) {
      connection.close('evicted');
      return !this.#isFull;
    }
    return false;
  }
}
