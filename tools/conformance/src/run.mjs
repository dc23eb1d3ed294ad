// Runs cases against a server, many connections at a time.
import { play } from './exchange.mjs';
import { judge } from './judge.mjs';

/** Connections at a time. */
const CONNECTIONS_MAX = 64;
/** Silence of a server after which a case is given up, in milliseconds. */
const PATIENCE_MS = 1500;
/** How many times as long a case is waited for when it is tried once more, alone. */
const LONG_PATIENCE_FACTOR = 3;
/** Cases tried once more; a server that is silent in more of them is silent. */
const RETRIES_MAX = 40;

/**
 * @typedef {object} Result
 * @property {import('./case.mjs').Case} testCase
 * @property {import('./exchange.mjs').Exchange} exchange
 * @property {import('./judge.mjs').Finding[]} findings
 */

/** The cases that a server can be asked. */
export function casesFor(cases, { isEchoing }) {
  return cases.filter(({ isAboutFiles }) => !(isAboutFiles && isEchoing));
}

/** Plays all cases at `port`; results in the order of the cases. */
export async function runCorpus(cases, port, peer, patienceMs = PATIENCE_MS) {
  const results = new Array(cases.length);
  let next = 0;
  async function work() {
    while (next < cases.length) {
      const index = next;
      next += 1;
      results[index] = await runCase(cases[index], port, peer, patienceMs);
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS_MAX }, work));
  await retrySilent(results, port, peer, patienceMs * LONG_PATIENCE_FACTOR);
  return results;
}

/** Plays one case and judges it. @returns {Promise<Result>} */
export async function runCase(
  testCase,
  port,
  peer,
  patienceMs = PATIENCE_MS * LONG_PATIENCE_FACTOR,
) {
  const exchange = await play(testCase, port, patienceMs);
  return { testCase, exchange, findings: judge(testCase, exchange, peer) };
}

/** Silence may have been a busy machine's; it is believed when there is nothing else to do. */
async function retrySilent(results, port, peer, patienceMs) {
  const silent = results.filter(({ exchange }) => exchange.fate === 'silent');
  if (silent.length > RETRIES_MAX) return;
  for (const result of silent) {
    results[results.indexOf(result)] = await runCase(result.testCase, port, peer, patienceMs);
  }
}
