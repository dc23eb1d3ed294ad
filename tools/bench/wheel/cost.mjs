// How cost is taken, and the numbers that all subjects are given.
import process from 'node:process';

/** CPU nanoseconds per operation, of all threads, so that garbage collection counts. */
export function cpuOf(operations, work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / operations;
}

/** Bytes that are alive. */
export function heapBytes() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Whole numbers from 0 to below `limit`, as if random, and the same ones each time. */
export function numbersFrom(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % limit;
  };
}

/** Delays from `fromMs` on: no two neighbours alike, as in a server whose connections differ. */
export function spreadDelays(count, fromMs, spanMs) {
  const next = numbersFrom(1);
  return Int32Array.from({ length: count }, () => fromMs + next(spanMs));
}

/** The numbers below `count` in an order that no cache likes. */
export function shuffledOf(count) {
  const next = numbersFrom(7);
  const ids = Uint32Array.from({ length: count }, (_, id) => id);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = next(last + 1);
    const kept = ids[last];
    ids[last] = ids[other];
    ids[other] = kept;
  }
  return ids;
}
