// Makes an input that fails as small and as plain as it can be while it still fails the same way.
import { splice } from './mutator.mjs';

const NOTHING = new Uint8Array(0);
const PLAIN = Uint8Array.of(0x61);

/**
 * The smallest input found within `triesMax` executions. `fails` tells whether an input still fails;
 * the header keeps its length, its bytes become 0 where they do not matter.
 */
export function shrink(input, { headerBytes, fails, triesMax }) {
  let best = input;
  let tries = 0;
  const attempt = (candidate) => {
    if (tries >= triesMax) return false;
    tries++;
    const isGood = fails(candidate);
    if (isGood) best = candidate;
    return isGood;
  };
  for (let before = Number.POSITIVE_INFINITY; best.length < before; ) {
    before = best.length;
    for (let size = best.length - headerBytes; size > 0; size >>= 1) {
      for (let at = headerBytes; at + size <= best.length; ) {
        if (!attempt(splice(best, at, size, NOTHING))) at += size;
      }
    }
  }
  for (let at = 0; at < headerBytes; at++) {
    if (best[at] !== 0) attempt(splice(best, at, 1, Uint8Array.of(0)));
  }
  for (let at = headerBytes; at < best.length; at++) {
    const isLetter = best[at] >= 0x62 && best[at] <= 0x7a;
    if (isLetter || best[at] >= 0x80) attempt(splice(best, at, 1, PLAIN));
  }
  return best;
}
