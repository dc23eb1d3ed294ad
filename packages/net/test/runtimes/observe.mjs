// Tries every feature on the runtime that this runs on.
import { featureGroups } from './features.mjs';
import { Peer } from './peer.mjs';
import { Stage } from './stage.mjs';

/** When a feature that does not come to its end is given up. */
const PATIENCE_MS = 10_000;

/** How long what it has left open may take to close. */
const CLOSING_MS = 1000;

/**
 * Tries the features with the modules of the package. Resolves to what was `expected` and what was
 * `seen`, by `name`.
 *
 * @param {{ reference: string, load: (specifier: string) => Promise<object> }} setting the Node for the
 *   far ends, and how the package's consumer imports
 */
export async function observe(modules, { reference, load }) {
  const peer = new Peer(reference);
  const observed = [];
  for (const { name, expected, see } of featureGroups.flatMap(({ features }) => features)) {
    const stage = new Stage(modules, peer, load);
    const seen = await within(PATIENCE_MS, see(stage).catch(wordsOf), 'nothing happened');
    await within(CLOSING_MS, stage.end(), undefined);
    observed.push({ name, expected, seen });
  }
  await peer.stop();
  leaveTimer(modules.index);
  return observed;
}

async function within(timeMs, promise, otherwise) {
  let timer;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, timeMs, otherwise);
  });
  const outcome = await Promise.race([promise, timeout]);
  clearTimeout(timer);
  return outcome;
}

/** An error that no feature expects, with the place where it came from. */
function wordsOf(error) {
  return `error: ${error.stack}`;
}

/** A connection whose deadline is an hour away must not keep the process alive. */
function leaveTimer(net) {
  const timeouts = { headMs: 3_600_000 };
  net.serveHttp(() => {}, { http1: { timeouts } }).accept(net.memoryPair()[0]);
}
