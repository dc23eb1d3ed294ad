// The server's clock, as far as a page can know it. Each event says what the time was when it was
// sent; how long it took to come is not known, but never less than nothing.

/** Events that count: with one every 15 s at least, those of the last two minutes. */
const SAMPLES_MAX = 8;

/** An event is not that late: one of the clocks stood still, in a sleeping machine for instance. */
const JUMP_MS = 2000;

/** Turns the server's instants into this page's. */
export class ServerClock {
  /** Our time minus theirs, the time under way included. */
  #differences: number[] = [];

  /** An event came at `localNow` that was sent at `serverNow`. */
  sync(serverNow: number, localNow: number): void {
    const difference = localNow - serverNow;
    const isJump = Math.abs(difference - this.#difference) > JUMP_MS;
    if (isJump) this.#differences = [];
    this.#differences.push(difference);
    if (this.#differences.length > SAMPLES_MAX) this.#differences.shift();
  }

  /** The server's present. */
  serverNow(localNow: number): number {
    return localNow - this.#difference;
  }

  /** The event that took least is the one to believe; 0 before the first. */
  get #difference(): number {
    return this.#differences.length === 0 ? 0 : Math.min(...this.#differences);
  }
}
