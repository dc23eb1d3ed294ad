// Which edges an execution took and how often, in the way of AFL: a map of 4 KiB, indexed by the
// present place XORed with the one before.

/** Counters in the map. */
export const MAP_BYTES = 4096;

/** The counters that instrumented modules write to. */
class Coverage {
  map = new Uint8Array(MAP_BYTES);
  /** Edges taken since the last `clear`, each as often as it was: the work of an execution. */
  edges = 0;
  /** An execution that takes more edges than this is stopped: it runs for ever, or nearly so. */
  edgesMax = Number.POSITIVE_INFINITY;
  #previous = 0;

  hit(place) {
    const index = (this.#previous ^ place) & (MAP_BYTES - 1);
    if (this.map[index] < 255) this.map[index]++;
    this.#previous = place >> 1;
    if (++this.edges > this.edgesMax) this.#stop();
  }

  clear() {
    this.map.fill(0);
    this.edges = 0;
    this.#previous = 0;
  }

  #stop() {
    const { edgesMax } = this;
    // Only once, so that what the harness does afterwards can go on.
    this.edgesMax = Number.POSITIVE_INFINITY;
    throw new Error(`more than ${edgesMax} edges of work`);
  }
}

/** The one map of this process, where instrumented modules look for it. */
export const coverage = new Coverage();
globalThis.__holdlineCoverage = coverage;
