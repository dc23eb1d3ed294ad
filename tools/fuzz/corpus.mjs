// The inputs worth changing: for each edge and each order of how often it was taken, the shortest
// input that does so. What is the shortest for nothing is let go, so the corpus stays minimal.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAP_BYTES } from './coverage.mjs';

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
    for (let index = 0; index < MAP_BYTES; index++) {
      const count = map[index];
      if (count === 0) continue;
      const way = index * BUCKETS + BUCKET_OF_COUNT[count];
      const before = this.#shortest[way];
      if (before !== null && before.input.length <= input.length) continue;
      if (before === null) {
        isNew = true;
        this.ways++;
      }
      entry ??= this.#keep(input);
      entry.ways++;
      this.#shortest[way] = entry;
      if (before !== null && --before.ways === 0) this.#letGo(before);
    }
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

/** The inputs stored in a folder, in the order of their names; none when there is no such folder. */
export function loadInputs(folder) {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder).filter((name) => name.endsWith('.bin'));
  return names.sort().map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

/** Makes the folder hold these inputs and no others. */
export function storeInputs(folder, inputs) {
  mkdirSync(folder, { recursive: true });
  const wanted = new Map(
    inputs.map((input) => [
      `${createHash('sha256').update(input).digest('hex').slice(0, 16)}.bin`,
      input,
    ]),
  );
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.bin') && !wanted.has(name)) rmSync(join(folder, name));
  }
  for (const [name, input] of wanted) writeFileSync(join(folder, name), input);
}
