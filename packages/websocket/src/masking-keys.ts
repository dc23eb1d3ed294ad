// Masking keys of a client: «a fresh masking key from the set of allowed 32-bit values», which must
// be unpredictable (RFC 6455 section 5.3). Randomness is asked for in bulk, since a call costs more
// than the bytes.

const KEY_BYTES = 4;
const POOL_BYTES = 8_192;

/** Fills a view with random bytes that nobody can predict; where to get them is the caller's choice. */
export type RandomSource = (target: Uint8Array) => void;

/** Keys one after the other; shared by all connections that have the same settings. */
export class MaskingKeys {
  private readonly random: RandomSource;
  private pool: Uint8Array | null = null;
  private used = POOL_BYTES;

  constructor(random: RandomSource) {
    this.random = random;
  }

  /** A key that was never given before: 32 bits, signed, which a small integer holds. */
  next(): number {
    if (this.pool === null || this.used === POOL_BYTES) {
      this.pool ??= new Uint8Array(POOL_BYTES);
      this.random(this.pool);
      this.used = 0;
    }
    const { pool, used } = this;
    this.used = used + KEY_BYTES;
    return (pool[used]! << 24) | (pool[used + 1]! << 16) | (pool[used + 2]! << 8) | pool[used + 3]!;
  }
}
