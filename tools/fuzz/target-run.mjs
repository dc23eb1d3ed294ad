// What is done with one target: fuzzed, its corpus made minimal, or shown one input.
import { join } from 'node:path';
import { loadInputs, storeInputs } from './corpus-file.mjs';
import { printFinding, writeFinding } from './findings.mjs';
import { Fuzzer } from './fuzzer.mjs';
import { minimise } from './minimise.mjs';

/** The inputs that every run begins with, and that `--minimise` writes. */
const COMMITTED = join(import.meta.dirname, 'corpus');
/** Findings of one target after which searching on tells nothing new. */
const FINDINGS_MAX = 10;
const SHRINK_TRIES_MAX = 600;

/** One target, loaded. */
export class TargetRun {
  #target;
  #loaded;
  #options;
  #fuzzer;
  /** The corpora beside the target's own seeds. */
  #stored;

  /** `watchdog` sees each execution; `print` shows a line. */
  constructor(target, loaded, { options, watchdog }) {
    this.#target = target;
    this.#options = options;
    this.#loaded = { ...loaded, execute: (input) => watchdog.around(input, loaded.execute) };
    const { name, headerBytes } = target;
    const folders = options.corpus === null ? [COMMITTED] : [COMMITTED, options.corpus];
    const stored = folders.flatMap((folder) => loadInputs(folder, name));
    this.#stored = stored.filter((input) => input.length >= headerBytes);
    const seeds = [...loaded.seeds, ...this.#stored];
    this.#fuzzer = new Fuzzer({ ...this.#loaded, headerBytes, seeds }, options.seed);
  }

  get executions() {
    return this.#fuzzer.executions;
  }

  get findings() {
    return this.#fuzzer.findings;
  }

  /** Searches; keeps the corpus in the folder that was given, if any. */
  fuzz() {
    const { name, isCanary = false, smokeExecutions } = this.#target;
    const { isSmoke, seconds, corpus } = this.#options;
    const executionsMax = isSmoke ? smokeExecutions : this.#options.executionsMax;
    const start = performance.now();
    this.#fuzzer.run({ executionsMax, seconds, findingsMax: isCanary ? 1 : FINDINGS_MAX });
    const rate = Math.round((this.executions * 1000) / (performance.now() - start));
    const found = this.#fuzzer.corpus;
    if (corpus !== null) storeInputs(corpus, name, found.inputs);
    return (
      `${name}: ${this.executions} executions, ${rate}/s, ${found.size} inputs, ${found.edges} edges, ` +
      `${found.ways} ways, seed ${this.#options.seed}, ` +
      `${this.findings.length} ${isCanary ? 'canaries' : 'findings'}`
    );
  }

  /** Makes the committed corpus as small as can be: where the target's own seeds come by needs no input. */
  minimise() {
    const { name, headerBytes } = this.#target;
    const placesOf = (input) => this.#fuzzer.placesOf(input);
    const known = new Set(this.#loaded.seeds.flatMap((input) => placesOf(input) ?? []));
    const entries = this.#stored.map((input) => ({ input, places: placesOf(input) ?? [] }));
    const triesMax = SHRINK_TRIES_MAX;
    const inputs = minimise(entries, { known, headerBytes, triesMax, placesOf });
    storeInputs(COMMITTED, name, inputs);
    const places = new Set([...known, ...inputs.flatMap((input) => placesOf(input) ?? [])]);
    return `${name}: ${inputs.length} of ${entries.length} inputs kept, ${places.size} places with the seeds`;
  }

  /** What comes of one input, for people. */
  show(input) {
    const { name } = this.#target;
    const error = this.#fuzzer.errorOf(input);
    if (error === null)
      return [`${name}: no finding`, '', ...this.#loaded.describe(input, 'a case')].join('\n');
    return printFinding(name, this.#loaded.describe, { input, error }, this.#options.seed);
  }

  /** Writes each finding into the folder; gives what people are to read of them. */
  report(folder) {
    const { name } = this.#target;
    return this.findings.map((finding, index) => {
      const text = printFinding(name, this.#loaded.describe, finding, this.#options.seed);
      return `${text}\nwritten to ${writeFinding(folder, name, index + 1, text)}\n`;
    });
  }
}
