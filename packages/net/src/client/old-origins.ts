// Which servers speak HTTP/1.0, as far as they have said: «such knowledge might be in the form of
// specific user configuration or by remembering the version of a prior received response», RFC 9112
// section 6.1. Whoever has not said so is taken to speak HTTP/1.1.
import type { Origin } from './origin.ts';

/** Beyond it, all are forgotten and learnt again. */
const ORIGINS_MAX = 1_000;

/** A bounded memory of origins. */
export class OldOrigins {
  readonly #keys: Set<string> = new Set();

  /** Whether the origin is known to speak HTTP/1.0. */
  has(origin: Origin): boolean {
    return this.#keys.size > 0 && this.#keys.has(origin.key);
  }

  /** The origin speaks HTTP/1.0. */
  add(origin: Origin): void {
    if (this.#keys.size >= ORIGINS_MAX) this.#keys.clear();
    this.#keys.add(origin.key);
  }
}
