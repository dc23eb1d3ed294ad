// The loop: take an input of the corpus, change it, execute it, keep it if it took a new way.
import { Corpus } from './corpus.mjs';
import { coverage, eachTaken } from './coverage.mjs';
import { mutate } from './mutator.mjs';
import { Random } from './random.mjs';
import { shrink } from './shrink.mjs';

/** How often the clock is asked, in executions. */
const CLOCK_INTERVAL = 256;
/** How often a target that can make inputs is asked for one, in executions, on average. */
const MADE_INTERVAL = 4;
const SHRINK_TRIES_MAX = 4_000;

/** The same finding is reported once: by what it says, numbers aside, and where it was thrown. */
function keyOf(error) {
  const stack = String(error?.stack ?? error).split('\n');
  const place = stack.find((line) => /^\s+at /.test(line)) ?? '';
  const what = String(error?.message ?? error).split(/[\n:]/)[0];
  return `${error?.name} ${what.replace(/\d+/g, 'N')} ${place.trim().replace(/^.*\//, '')}`;
}

/**
 * Fuzzes one target: `{ headerBytes, tokens, seeds, make(random), execute(input) }`, where `execute`
 * throws what is a finding and `make`, which may be left out, makes an input from nothing. `seed` and
 * the seeds decide everything.
 */
export class Fuzzer {
  executions = 0;
  corpus = new Corpus();
  #target;
  #random;
  #findings = new Map();

  constructor(target, seed) {
    this.#target = target;
    this.#random = new Random(seed);
  }

  /** What was found: `{ error, input, key }`, each input as small as it could be made. */
  get findings() {
    return [...this.#findings.values()];
  }

  /** The places that an input comes by; null when it is a finding. */
  placesOf(input) {
    if (this.#execute(input) !== null) return null;
    const places = [];
    eachTaken(coverage.places, (place) => places.push(place));
    return places;
  }

  /** What is thrown at an input, or null. */
  errorOf(input) {
    return this.#execute(input);
  }

  /** Executes the seeds, then goes on until one of the limits; `seconds` is only a limit, never a measure. */
  run({ executionsMax, seconds, findingsMax }) {
    const until = performance.now() + seconds * 1000;
    for (const input of this.#target.seeds) this.#try(input);
    if (this.corpus.size === 0) {
      // Without a way seen there is nothing to change; all that was tried may have failed.
      if (this.#findings.size > 0) return;
      throw new Error('no seed takes an edge: is the target instrumented?');
    }
    while (this.executions < executionsMax && this.#findings.size < findingsMax) {
      if (this.executions % CLOCK_INTERVAL === 0 && performance.now() > until) break;
      this.#try(this.#next());
    }
  }

  #next() {
    const { make } = this.#target;
    const isMade = make !== undefined && this.#random.oneIn(MADE_INTERVAL);
    return isMade ? make(this.#random) : mutate(this.#random, this.corpus, this.#target);
  }

  #try(input) {
    this.executions++;
    const error = this.#execute(input);
    if (error === null) this.corpus.add(input, coverage.map);
    else this.#note(input, error);
  }

  #execute(input) {
    coverage.clear();
    try {
      this.#target.execute(input);
      return null;
    } catch (error) {
      return error;
    } finally {
      coverage.limit(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    }
  }

  #note(input, error) {
    const key = keyOf(error);
    if (this.#findings.has(key)) return;
    const fails = (candidate) => {
      const other = this.#execute(candidate);
      return other !== null && keyOf(other) === key;
    };
    const { headerBytes } = this.#target;
    const smallest = shrink(input, { headerBytes, fails, triesMax: SHRINK_TRIES_MAX });
    const last = this.#execute(smallest);
    this.#findings.set(key, { key, input: smallest, error: last ?? error });
  }
}
