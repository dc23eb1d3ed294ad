// What an idle connection adds to its server's memory, after one message. It is measured in two ways:
//
// - fresh: a process that has just started opens all of them. This counts what compiling takes, and
//   that the young generation of the heap grows with what survives in it, as if it were theirs.
// - settled: what each further connection adds to a process that has compiled under load, whose young
//   generation has its full size, and which holds many connections already.
import { setTimeout } from 'node:timers/promises';
import { idleCount } from '../http/idle.mjs';
import { Pair } from './echo.mjs';

const COUNT = idleCount();
const HELD = 0.8;
const WARM_COUNT = 200;
const WARM_MS = 1000;
const FULL_YOUNG_GENERATION = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
const BOTH_TIMES = ['fresh', 'settled'];

/** Plain connections after a message of 64 bytes. */
export const PLAIN = ['raw', 'holdline', 'ws'].map((kind) => ({
  kind,
  caseKey: 'one',
  count: COUNT,
  exchanges: 1,
}));

/**
 * Compressed ones after 40 messages of 1 KiB, which fill a window: our default; windows taken over both
 * ways, of which the sender's are forgotten after a while; the same where they are kept; `ws`. Of
 * those that keep windows fewer are opened.
 */
export const COMPRESSED = [
  { kind: 'holdlineDeflate', label: 'holdline' },
  { kind: 'holdlineTakeover', label: 'holdline, takeover, idle ones dropped', count: 2000 },
  { kind: 'holdlineKept', label: 'holdline, takeover, all kept', count: 2000 },
  { kind: 'wsDeflate', label: 'ws, takeover', count: 2000 },
].map((each) => ({ caseKey: 'compressed', count: COUNT, exchanges: 40, ...each }));

/** Until idle contexts are dropped, by default. */
const DROP_MS = 12_000;

/** Bytes that each of `count` connections adds to what there is. */
async function growth({ server, clients }, { kind, caseKey, count, exchanges }) {
  const before = await server.ask('memory');
  await clients.ask(`hold ${caseKey} ${count} ${exchanges}`);
  if (kind === 'holdlineTakeover') await setTimeout(DROP_MS);
  const after = await server.ask('memory');
  const of = (what) => (after[what] - before[what]) / count;
  return { rss: of('rss'), heap: of('heap') };
}

async function measure(subject, command, when) {
  const { kind, caseKey, count, exchanges } = subject;
  const flags = when === 'fresh' ? [] : FULL_YOUNG_GENERATION;
  const pair = await Pair.start(kind, command, ['--expose-gc', ...flags]);
  try {
    if (when === 'settled') await pair.run(caseKey, WARM_MS);
    const held = when === 'fresh' ? WARM_COUNT : Math.floor(count * HELD);
    await pair.clients.ask(`hold ${caseKey} ${held} ${exchanges}`);
    return await growth(pair, subject);
  } finally {
    await pair.stop();
  }
}

/** By server the bytes of each round, fresh and settled. */
export async function runIdle(command, rounds) {
  const results = Object.fromEntries(PLAIN.map(({ kind }) => [kind, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of PLAIN) {
      const result = {};
      for (const when of BOTH_TIMES) result[when] = await measure(subject, command, when);
      results[subject.kind].push(result);
    }
  }
  return results;
}

/** By server the bytes per compressed connection, fresh, of one round. */
export async function runCompressedIdle(command) {
  const results = {};
  for (const subject of COMPRESSED) {
    results[subject.kind] = await measure(subject, command, 'fresh');
  }
  return results;
}
