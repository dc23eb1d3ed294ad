// Who may have a connection when there is a bound on all of them together: origins take turns, idle
// connections make room, and an origin with many gives one to an origin with few.
import type { OriginPool } from './origin-pool.ts';

/** Shares out the places for connections among the pools of a client. */
export class ConnectionPlaces {
  readonly #connectionsMax: number;
  readonly #pools: ReadonlyMap<string, OriginPool>;
  /** Pools that want a connection, in the order of their turns. */
  readonly #waiting: Set<OriginPool> = new Set();
  #isSharing = false;

  constructor(connectionsMax: number, pools: ReadonlyMap<string, OriginPool>) {
    this.#connectionsMax = connectionsMax;
    this.#pools = pools;
  }

  /** A pool wants connections, perhaps. */
  ask(pool: OriginPool): void {
    if (!pool.wantsConnection) return;
    if (this.#connectionsMax === Number.POSITIVE_INFINITY) {
      while (pool.wantsConnection) pool.open();
      return;
    }
    this.#waiting.add(pool);
    this.share();
  }

  /** A pool wants no connection for now. */
  forgo(pool: OriginPool): void {
    this.#waiting.delete(pool);
  }

  /** Opens what may be opened. */
  share(): void {
    if (this.#isSharing || this.#waiting.size === 0) return;
    // Closing a connection to make room frees a place, which would be shared out from within.
    this.#isSharing = true;
    for (const pool of this.#waiting) {
      if (pool.wantsConnection) {
        if (this.#used() >= this.#connectionsMax && !this.#makeRoom()) break;
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
    if (this.#waiting.size === 0 || this.#used() < this.#connectionsMax) return false;
    for (const other of this.#waiting) {
      if (other === pool || !other.wantsConnection) continue;
      if (other.size === 0 || pool.size - other.size > 1) return true;
    }
    return false;
  }

  #used(): number {
    let used = 0;
    for (const pool of this.#pools.values()) used += pool.size;
    return used;
  }

  /** Closes the connection that has been idle for longest. */
  #makeRoom(): boolean {
    let oldest: OriginPool | null = null;
    for (const pool of this.#pools.values()) {
      const connection = pool.idle[0];
      if (connection === undefined) continue;
      if (oldest === null || connection.idleSince < (oldest.idle[0]?.idleSince ?? 0)) oldest = pool;
    }
    oldest?.idle[0]?.close('evicted');
    return this.#used() < this.#connectionsMax;
  }
}
