// Changes inputs in the ways that break parsers. Everything comes from one seeded generator, so that
// a run can be repeated exactly.

/** A small generator (sfc32) of 32-bit numbers. */
export class Random {
  #a;
  #b;
  #c;
  #counter = 1;

  constructor(seed) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9;
    this.#c = 0x243f6a88;
    for (let round = 0; round < 15; round++) this.next();
  }

  /** 0 to 2^32 - 1. */
  next() {
    const sum = (((this.#a + this.#b) | 0) + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** 0 to `limit` - 1. */
  below(limit) {
    return this.next() % limit;
  }

  /** One of the list. */
  pick(list) {
    return list[this.below(list.length)];
  }
}

const INPUT_BYTES_MAX = 2048;
const INTERESTING = [0, 9, 10, 13, 32, 34, 44, 48, 58, 59, 92, 127, 128, 255];

function splice(data, at, removed, inserted) {
  const result = new Uint8Array(data.length - removed + inserted.length);
  result.set(data.subarray(0, at));
  result.set(inserted, at);
  result.set(data.subarray(at + removed), at + inserted.length);
  return result;
}

/** One change of `data`. */
function mutateOnce(data, random, corpus, dictionary) {
  const at = random.below(data.length + 1);
  const length = Math.min(1 + random.below(8), data.length - at);
  switch (random.below(9)) {
    case 0:
      return splice(data, at, Math.min(1, length), Uint8Array.of(random.next() & 255));
    case 1:
      return splice(data, at, Math.min(1, length), Uint8Array.of(random.pick(INTERESTING)));
    case 2:
      return splice(data, at, 0, random.pick(dictionary));
    case 3: {
      const word = random.pick(dictionary);
      return splice(data, at, Math.min(word.length, data.length - at), word);
    }
    case 4:
      return splice(data, at, length, new Uint8Array(0));
    case 5:
      return splice(data, at, 0, data.subarray(at, at + length));
    case 6: {
      const other = random.pick(corpus);
      const start = random.below(other.length + 1);
      return splice(data, at, 0, other.subarray(start, start + random.below(64)));
    }
    case 7: {
      const other = random.pick(corpus);
      return splice(data, at, data.length - at, other.subarray(random.below(other.length + 1)));
    }
    default: {
      const flipped = new Uint8Array(data);
      if (at < data.length) flipped[at] ^= 1 << random.below(8);
      return flipped;
    }
  }
}

/** Every second time one of the newest, the newer the likelier: they stand where nothing else has been. */
function pickFrom(corpus, random) {
  if (random.below(2) === 0) return random.pick(corpus);
  let age = 0;
  while (age < corpus.length - 1 && random.below(2) === 0) age++;
  return corpus[corpus.length - 1 - age];
}

/** A member of the corpus after one to eight changes. */
export function mutate(random, corpus, dictionary) {
  let data = pickFrom(corpus, random);
  for (let count = 1 << random.below(4); count > 0; count--) {
    data = mutateOnce(data, random, corpus, dictionary);
  }
  return data.subarray(0, INPUT_BYTES_MAX);
}
