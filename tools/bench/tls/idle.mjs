// What an idle connection adds to its server's memory, after one message or request. It is measured in two
// ways:
//
// - fresh: a process that has just started opens all of them. This counts what compiling takes, and
//   that the young generation of the heap grows with what survives in it, as if it were theirs.
// - settled: what each further connection adds to a process that has a young generation of full size and
//   holds many connections already.
import { Pair } from './pair.mjs';

const HELD = { fresh: 200, settled: 1500 };
const FULL_YOUNG_GENERATION = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

/** Connections that are counted. */
export const IDLE_COUNT = 3000;

/** Servers, by what they are called here. */
export const IDLE_KINDS = [
  { kind: 'raw', label: 'node:net' },
  { kind: 'node', label: 'node:tls' },
  { kind: 'holdline', label: 'serveTls' },
  { kind: 'nodeHttp', label: 'node:https' },
  { kind: 'holdlineHttpOnNode', label: 'serveHttp, nodeTlsServer' },
  { kind: 'holdlineHttp', label: 'serveHttp, tlsServer' },
];

async function measure(kind, command, when) {
  const flags = ['--expose-gc', ...(when === 'fresh' ? [] : FULL_YOUNG_GENERATION)];
  const pair = await Pair.start({ kind, command, flags });
  try {
    await pair.clients.ask(`hold ${HELD[when]}`);
    const before = await pair.server.ask('memory');
    await pair.clients.ask(`hold ${IDLE_COUNT}`);
    const after = await pair.server.ask('memory');
    const of = (what) => (after[what] - before[what]) / IDLE_COUNT;
    return { heap: of('heap'), external: of('external'), rss: of('rss') };
  } finally {
    await pair.stop();
  }
}

/** By server, fresh and settled, the bytes of each round. */
export async function runIdle(command, rounds) {
  const results = Object.fromEntries(
    IDLE_KINDS.map(({ kind }) => [kind, { fresh: [], settled: [] }]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const { kind } of IDLE_KINDS) {
      for (const when of ['fresh', 'settled']) {
        results[kind][when].push(await measure(kind, command, when));
      }
    }
  }
  return results;
}
