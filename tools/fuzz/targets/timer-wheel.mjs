// The timer wheel against a naive list, over histories of operations.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KINDS, replay } from '../../../packages/timer-wheel/test/replay.mjs';
import { coverage } from '../coverage.mjs';

const dist = join(import.meta.dirname, '..', '..', '..', 'packages', 'timer-wheel', 'dist');
/** Where the wheel begins, how fine it is, and with how many timers. */
const HEADER_BYTES = 3;
const STARTS = [0, 0.5, -123_456.75, 1.7e12, 2 ** 31 - 3, 98_765.4321, -1e6, 2 ** 40];
const TICKS_MS = [1, 1, 1, 0.1, 0.25, 7.3, 16, 1000];
const TIMERS_MAX = 12;
/** An operation: its kind, its timer, two bytes of a span, one of a slack. */
const OPERATION_BYTES = 5;
const OPERATIONS_MAX = 150;
/** Edges that a history may take: some, and twice of what an operation has ever taken. */
const EDGES_AT_FIRST = 20_000;
const EDGES_PER_OPERATION = 3_000;

/** A span in ticks: up to 2^42, with a part of a tick in some. */
function ticksOf(high, low) {
  const magnitude = high % 43;
  const ticks = magnitude < 3 ? low / 16 : (1 + low / 256) * 2 ** magnitude;
  return high < 43 ? -(ticks % 64) : high < 214 ? Math.floor(ticks) : ticks;
}

/** What an input means. */
function historyOf(input) {
  const [start = 0, tick = 0, count = 0] = input;
  const tickMs = TICKS_MS[tick % TICKS_MS.length];
  const timers = 1 + (count % TIMERS_MAX);
  const setup = { start: STARTS[start % STARTS.length], tickMs, timers };
  const operations = [];
  for (let at = HEADER_BYTES; at < input.length; at += OPERATION_BYTES) {
    if (operations.length === OPERATIONS_MAX) break;
    const [kind, id = 0, high = 0, low = 0, slack = 0] = input.subarray(at, at + OPERATION_BYTES);
    operations.push({
      kind: KINDS[kind % KINDS.length],
      id: id % timers,
      span: ticksOf(high, low) * tickMs,
      slack: slack < 170 ? 0 : Math.abs(ticksOf(slack - 127, low)) * tickMs,
    });
  }
  return { setup, operations };
}

function describe(input) {
  const { setup, operations } = historyOf(input);
  const lines = operations.map((operation) => `    ${JSON.stringify(operation)},`);
  return ['A history for `replay`:', '', `    ${JSON.stringify(setup)}, [`, ...lines, '    ]'];
}

/** A history from nothing; half of them begin with more than 2^31 ticks already elapsed. */
function make(random) {
  const length = HEADER_BYTES + OPERATION_BYTES * (10 + random.below(OPERATIONS_MAX));
  const input = Uint8Array.from({ length }, () => random.next() & 255);
  const leap = [KINDS.indexOf('advance'), 0, 43 + 31, 9, 0, KINDS.indexOf('poll'), 0, 0, 0, 0];
  if (random.oneIn(2)) input.set(leap, HEADER_BYTES);
  return input;
}

export default {
  name: 'timer-wheel',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 3_000,
  async load(instrument) {
    const folder = await instrument(dist);
    const index = await import(pathToFileURL(join(folder, 'index.js')));
    return {
      seeds: [Uint8Array.from([0, 0, 3, 0, 0, 50, 0, 0, 8, 0, 60, 0, 0, 11, 0, 0, 0, 0])],
      // Whole operations, so that histories grow by them.
      tokens: KINDS.map((_, kind) => Uint8Array.of(kind, 1, 47, 3, 0)),
      make,
      execute(input) {
        const { setup, operations } = historyOf(input);
        coverage.limit(
          EDGES_AT_FIRST + EDGES_PER_OPERATION * operations.length,
          Number.POSITIVE_INFINITY,
        );
        replay(index, setup, operations);
      },
      describe,
    };
  },
};
