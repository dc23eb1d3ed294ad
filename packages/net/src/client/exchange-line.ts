// The exchanges on one connection, in the order in which they are answered. There is hardly ever
// more than one.
import type { RequestExchange } from './request-exchange.ts';

const NONE: RequestExchange[] = [];

/** First in, first out. */
export class ExchangeLine {
  /** Whose response comes, or is to come, now. */
  oldest: RequestExchange | null = null;
  #behind: RequestExchange[] = NONE;

  /** Requests sent and not answered to the end. */
  get length(): number {
    return this.oldest === null ? 0 : 1 + this.#behind.length;
  }

  /**
   * Whether one more may be sent. «A user agent SHOULD NOT pipeline requests after a non-idempotent
   * method, until the final response status code for that method has been received», RFC 9112 section
   * 9.3.2. And one that is repeated must not be lost again on another's account.
   */
  allows(exchange: RequestExchange, lengthMax: number): boolean {
    const { oldest, length } = this;
    if (oldest === null || length >= lengthMax) return false;
    return oldest.isIdempotent && exchange.isIdempotent && !exchange.retried;
  }

  /** A request was sent. */
  push(exchange: RequestExchange): void {
    if (this.oldest === null) this.oldest = exchange;
    else if (this.#behind === NONE) this.#behind = [exchange];
    else this.#behind.push(exchange);
  }

  /** The oldest is answered. */
  shift(): void {
    this.oldest = this.#behind.shift() ?? null;
  }

  /** Whether it waits for its response behind others. */
  isBehind(exchange: RequestExchange): boolean {
    return this.#behind.includes(exchange);
  }

  /** All of them, oldest first. */
  get all(): readonly RequestExchange[] {
    return this.oldest === null ? NONE : [this.oldest, ...this.#behind];
  }

  /** Empties it. */
  takeAll(): readonly RequestExchange[] {
    const { all } = this;
    this.oldest = null;
    this.#behind = NONE;
    return all;
  }
}
