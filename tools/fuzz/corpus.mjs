// The inputs worth changing: for each edge and each order of how often it was taken, the shortest
// input that does so. What is the shortest for nothing is let go, so the corpus stays minimal.
import { eachTaken, MAP_BYTES } from './coverage.mjs';

const BUCKETS = 8;
/** Order of a count: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more. */
const BUCKET_OF_COUNT = Uint8Array.from({ length: 256 }, (_, count) => {
  if (count <= 3) return Math.max(0, count - 1);
  if (count < 32) return Math.floor(Math.log2(count)) + 1;
  return count < 128 ? 6 : 7;
});

/** An input and for how many ways it is the shortest. */
class Entry {
  ways = 0;

  constructor(input, index) {
    this.input = input;
    this.index = index;
  }
}

/** A minimal set of inputs that takes all ways seen so far. */
export class Corpus {
  #entries = [];
  #shortest = new Array(MAP_BYTES * BUCKETS).fill(null);
  /** Ways seen: edges, each with an order of how often it was taken. */
  ways = 0;

  get size() {
    return this.#entries.length;
  }

  /** Edges of the map taken at all. */
  get edges() {
    let count = 0;
    for (let index = 0; index < MAP_BYTES; index++) {
      const first = index * BUCKETS;
      if (this.#shortest.slice(first, first + BUCKETS).some((entry) => entry !== null)) count++;
    }
    return count;
  }

  /** The inputs, in the order in which they were found as far as none was let go. */
  get inputs() {
    return this.#entries.map(({ input }) => input);
  }

  /** One of the inputs, the later ones rather more often. */
  pick(random) {
    const size = this.#entries.length;
    const recent = Math.max(1, size >> 2);
    const index = random.oneIn(2) ? random.below(size) : size - 1 - random.below(recent);
    return this.#entries[index].input;
  }

  /** Keeps the input if `map` shows a way never seen, or seen only with longer inputs; whether it was never seen. */
  add(input, map) {
    let entry = null;
    let isNew = false;
    eachTaken(map, (index, count) => {
      const way = index * BUCKETS + BUCKET_OF_COUNT[count];
      const before = this.#shortest[way];
      if (before !== null && before.input.length <= input.length) return;
      if (before === null) {
        isNew = true;
        this.ways++;
      }
      entry ??= this.#keep(input);
      entry.ways++;
      this.#shortest[way] = entry;
      if (before !== null && --before.ways === 0) this.#letGo(before);
    });
    return isNew;
  }

  #keep(input) {
    const entry = new Entry(input, this.#entries.length);
    this.#entries.push(entry);
    return entry;
  }

  #letGo(entry) {
    const last = this.#entries.pop();
    if (last === entry) return;
    last.index = entry.index;
    this.#entries[entry.index] = last;
  }
}
