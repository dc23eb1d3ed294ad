import { LEVELS } from './geometry.ts';
import { RING_SLOTS, SLOTS } from './level.ts';
import type { Timer } from './timer.ts';

/** The words of occupancy of the levels above 0 are the last ones. */
const WORDS = SLOTS >>> 5;
const RING_WORDS: number = WORDS - LEVELS;

/** One list of timers per slot, in the order in which they were appended. */
export class Slots {
  readonly #first: (Timer | null)[] = [];
  readonly #last: (Timer | null)[];
  readonly #counts: Int32Array = new Int32Array(SLOTS);
  /** One bit per slot that holds timers. */
  readonly #occupied: Int32Array = new Int32Array(WORDS);

  constructor() {
    for (let index = 0; index < SLOTS; index += 1) this.#first.push(null);
    this.#last = this.#first.slice();
  }

  /** The first timer of a slot, null when it is empty. */
  first(index: number): Timer | null {
    return this.#first[index]!;
  }

  /** The number of timers in a slot. */
  count(index: number): number {
    return this.#counts[index]!;
  }

  /** Appends a timer that is in no slot. */
  append(timer: Timer, index: number): void {
    const last = this.#last[index]!;
    timer.wheelSlot = index;
    timer.wheelPrevious = last;
    this.#last[index] = timer;
    this.#counts[index]! += 1;
    if (last !== null) {
      last.wheelNext = timer;
    } else {
      this.#first[index] = timer;
      this.#occupied[index >>> 5]! |= 1 << (index & 31);
    }
  }

  /** Takes a timer out of its slot; it then holds on to no other. */
  remove(timer: Timer): void {
    const index = timer.wheelSlot;
    const { wheelNext: next, wheelPrevious: previous } = timer;
    timer.wheelNext = null;
    timer.wheelPrevious = null;
    this.#counts[index]! -= 1;
    if (next !== null) next.wheelPrevious = previous;
    else this.#last[index] = previous;
    if (previous !== null) previous.wheelNext = next;
    else this.#first[index] = next;
    if (next === previous) this.#occupied[index >>> 5]! &= ~(1 << (index & 31));
  }

  /**
   * The first tick from `elapsed` on whose slot on level 0 holds timers; Infinity when there is none
   * within `span` ticks or somewhat more. The level must hold no tick but the `RING_SLOTS` from
   * `elapsed` on.
   */
  firstTick(elapsed: number, span: number): number {
    const from = elapsed & (RING_SLOTS - 1);
    let index = from & ~31;
    let word = this.#occupied[index >>> 5]! & (-1 << (from & 31));
    // The word where the search begins is in the end looked at again, for what lies before it.
    for (let left = (span >>> 5) + 1; word === 0; left -= 1) {
      if (left === 0) return Infinity;
      index = (index + 32) & (RING_SLOTS - 1);
      word = this.#occupied[index >>> 5]!;
    }
    return elapsed + ((index + lowestBit(word) - from) & (RING_SLOTS - 1));
  }

  /** The occupied slot of the lowest level above 0, the first one there; -1 when all are empty. */
  firstUpper(): number {
    for (let word = RING_WORDS; word < WORDS; word += 1) {
      const bits = this.#occupied[word]!;
      if (bits !== 0) return word * 32 + lowestBit(bits);
    }
    return -1;
  }
}

/** The lowest bit in a word that is not 0. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
