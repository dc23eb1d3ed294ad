// Randomness of node:crypto.
import { randomFillSync } from 'node:crypto';

/** Fills the target from the generator of the runtime's cryptography (RFC 9846 section C.1). */
export function nodeRandom(target: Uint8Array): void {
  randomFillSync(target);
}
