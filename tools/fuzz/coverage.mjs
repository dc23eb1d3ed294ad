// Which edges an execution took and how often, in the way of AFL: a map of 4 KiB, indexed by the
// present place XORed with the one before, the counts sorted into buckets.

const MAP_BYTES = 4096;

/** The power of two at or below a count, as a bit: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more. */
const BUCKETS = Uint8Array.from({ length: 256 }, (_, count) => {
  if (count < 4) return [0, 1, 2, 4][count];
  if (count < 8) return 8;
  if (count < 16) return 16;
  if (count < 32) return 32;
  return count < 128 ? 64 : 128;
});

/** The counters that instrumented modules write to. */
class Coverage {
  map = new Uint8Array(MAP_BYTES);
  /** Edges taken since the last `clear`, each as often as it was: the work of an execution. */
  edges = 0;
  #previous = 0;
  #seen = new Uint8Array(MAP_BYTES);

  hit(place) {
    const index = (this.#previous ^ place) & (MAP_BYTES - 1);
    if (this.map[index] < 255) this.map[index]++;
    this.#previous = place >> 1;
    this.edges++;
  }

  clear() {
    this.map.fill(0);
    this.edges = 0;
    this.#previous = 0;
  }

  /** Whether this execution took an edge, or took one so often, as none did before; remembers it. */
  isNew() {
    let found = false;
    for (let index = 0; index < MAP_BYTES; index++) {
      const bucket = BUCKETS[this.map[index]];
      if ((bucket & ~this.#seen[index]) !== 0) {
        this.#seen[index] |= bucket;
        found = true;
      }
    }
    return found;
  }

  /** Places of the map that were ever taken. */
  get seenEdges() {
    return this.#seen.reduce((sum, bucket) => sum + (bucket === 0 ? 0 : 1), 0);
  }

  /** Forgets what was seen, for another target. */
  reset() {
    this.#seen.fill(0);
    this.clear();
  }
}

/** The one map of this process, where instrumented modules look for it. */
export const coverage = new Coverage();
globalThis.__holdlineCoverage = coverage;
