// Bulk and messages: CPU of each server for what its clients have it do, and their speed.
import { MESSAGE_CASES } from './jobs.mjs';
import { Pair } from './pair.mjs';

const RUN_MS = 1000;
/** Until code is compiled; a bulk transfer alone takes less. */
const WARM_MS = 2000;
const CONNECTIONS = 50;
const SUBJECTS = ['holdline', 'node'];

async function warmUp(pair, load) {
  const end = performance.now() + WARM_MS;
  while (performance.now() < end) await pair.run(load);
}

/**
 * The results of each round, by server, once all are warm. Every server has its turn once per round, so
 * that what disturbs the machine disturbs them alike.
 */
async function interleaved(pairs, rounds, load) {
  for (const kind of SUBJECTS) await warmUp(pairs[kind], load);
  const results = Object.fromEntries(SUBJECTS.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of SUBJECTS) results[kind].push(await pairs[kind].run(load));
  }
  return results;
}

async function withPairs(command, job, action) {
  const pairs = {};
  try {
    for (const kind of SUBJECTS) pairs[kind] = await Pair.start({ kind, job, command });
    return await action(pairs);
  } finally {
    for (const pair of Object.values(pairs)) await pair.stop();
  }
}

/** By direction and server, what each round took. */
export async function runBulk(command, rounds) {
  const results = {};
  for (const job of ['download', 'upload']) {
    results[job] = await withPairs(command, job, (pairs) =>
      interleaved(pairs, rounds, `bulk ${job}`),
    );
  }
  return results;
}

/** By case and server, what each round took. */
export function runMessages(command, rounds) {
  return withPairs(command, 'echo', async (pairs) => {
    const results = {};
    for (const key of Object.keys(MESSAGE_CASES)) {
      results[key] = await interleaved(pairs, rounds, `run ${key} ${RUN_MS} ${CONNECTIONS}`);
    }
    return results;
  });
}
