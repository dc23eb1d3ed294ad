// Everything random comes from here, by a seed, so that a run can be repeated exactly.

/** A small generator (sfc32) of 32-bit numbers. */
export class Random {
  #a;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #counter = 1;

  /** `seed`: any integer; its low 32 bits count. */
  constructor(seed) {
    this.#a = seed | 0;
    for (let round = 0; round < 15; round++) this.next();
  }

  /** 0 to 2^32 - 1. */
  next() {
    const sum = (((this.#a + this.#b) | 0) + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
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

  /** True once in `times`, on average. */
  oneIn(times) {
    return this.below(times) === 0;
  }
}
