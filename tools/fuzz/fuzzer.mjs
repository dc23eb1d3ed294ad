// The loop: take an input that found something, change it, run it, keep it if it took a new way.
import { coverage } from './coverage.mjs';
import { mutate, Random } from './mutator.mjs';

/** How often a clock is asked, in executions. */
const CLOCK_INTERVAL = 256;

function execute(target, data, random) {
  coverage.clear();
  try {
    target.run(data, random);
    return null;
  } catch (error) {
    return error;
  }
}

/** The same finding is reported once: by its kind and where it was thrown. */
function keyOf(error) {
  const place =
    String(error.stack)
      .split('\n')
      .find((line) => /^\s+at /.test(line)) ?? '';
  return `${error.name} ${place.trim()}`;
}

/** Takes bytes away as long as the same finding remains. */
function shrink(target, data, key, seed) {
  let best = data;
  for (
    let size = Math.ceil(best.length / 2);
    size > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at + size <= best.length; ) {
      const shorter = Uint8Array.from([...best.subarray(0, at), ...best.subarray(at + size)]);
      const error = execute(target, shorter, new Random(seed));
      if (error !== null && keyOf(error) === key) best = shorter;
      else at += size;
    }
  }
  return best;
}

/**
 * Runs a target for a number of executions, of seconds, or of findings. Returns executions, findings
 * (each with its error and the smallest input found), corpus size and edges seen.
 */
export function fuzz(target, { seed, executionsMax, seconds, findingsMax }) {
  coverage.reset();
  const random = new Random(seed);
  const corpus = [];
  const findings = new Map();
  const until = performance.now() + seconds * 1000;
  let executions = 0;
  const tryInput = (data, keep) => {
    executions++;
    const runSeed = random.next();
    const error = execute(target, data, new Random(runSeed));
    if (error !== null) {
      const key = keyOf(error);
      if (!findings.has(key))
        findings.set(key, { error, data: shrink(target, data, key, runSeed) });
    } else if (coverage.isNew() || keep) corpus.push(data);
  };
  for (const data of target.seeds) tryInput(data, true);
  while (executions < executionsMax && findings.size < findingsMax) {
    if (executions % CLOCK_INTERVAL === 0 && performance.now() > until) break;
    tryInput(mutate(random, corpus, target.dictionary), false);
  }
  const { seenEdges } = coverage;
  return { executions, findings: [...findings.values()], corpus: corpus.length, edges: seenEdges };
}
