// Which edges an execution took and how often, in the way of AFL: a map of 16 KiB, indexed by the
// present place XORed with the one before.

/** What is left of 32 bits is a place in the map. */
const PLACE_SHIFT = 18;
/** Counters in the map. */
export const MAP_BYTES = 1 << (32 - PLACE_SHIFT);

/** A place in the map for a number; neighbours are far apart. */
export function placeOf(number) {
  return Math.imul(number, 0x9e3779b1) >>> PLACE_SHIFT;
}

/** Calls `take` with each index of a map whose counter is not 0, and the counter. */
export function eachTaken(map, take) {
  // Most counters are 0: four are looked at in one.
  const quads = new Uint32Array(map.buffer, map.byteOffset, map.length / 4);
  for (let quad = 0; quad < quads.length; quad++) {
    if (quads[quad] === 0) continue;
    for (let index = quad * 4; index < quad * 4 + 4; index++) {
      if (map[index] !== 0) take(index, map[index]);
    }
  }
}

/** The counters that instrumented modules write to. */
class Coverage {
  map = new Uint8Array(MAP_BYTES);
  /** Which places were come by at all since the last `clear`, from wherever. */
  places = new Uint8Array(MAP_BYTES);
  /** Edges taken since the last `clear`, each as often as it was: the work of an execution. */
  edges = 0;
  /** Bytes of the typed arrays made since the last `clear`, views aside. */
  madeBytes = 0;
  /** An execution that makes more bytes than this is stopped. */
  madeBytesMax = Number.POSITIVE_INFINITY;
  /** An execution that takes more edges than this is stopped: it runs for ever, or nearly so. */
  edgesMax = Number.POSITIVE_INFINITY;
  #previous = 0;

  hit(place) {
    this.places[place] = 1;
    const index = (this.#previous ^ place) & (MAP_BYTES - 1);
    if (this.map[index] < 255) this.map[index]++;
    this.#previous = place >> 1;
    if (++this.edges > this.edgesMax) this.#stop(`${this.edgesMax} edges of work`);
  }

  /** Counts an array, which it gives back. */
  made(array) {
    const { buffer, byteLength } = array;
    if (buffer.byteLength === byteLength) this.madeBytes += byteLength;
    if (this.madeBytes > this.madeBytesMax) this.#stop(`${this.madeBytesMax} bytes of arrays`);
    return array;
  }

  /** What an execution may cost; it is stopped when it costs more, and nothing has a limit then. */
  limit(edgesMax, madeBytesMax) {
    this.edgesMax = edgesMax;
    this.madeBytesMax = madeBytesMax;
  }

  clear() {
    this.map.fill(0);
    this.places.fill(0);
    this.edges = 0;
    this.madeBytes = 0;
    this.#previous = 0;
  }

  #stop(what) {
    // Only once, so that what the harness does afterwards can go on.
    this.limit(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    throw new Error(`more than ${what}`);
  }
}

/** The one map of this process, where instrumented modules look for it. */
export const coverage = new Coverage();
globalThis.__holdlineCoverage = coverage;
