import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { KINDS, replay } from './replay.mjs';

// All histories of a few operations, on wheels so small that a few operations lead through several
// levels, into slots that are spread in part, and over every kind of edge; and some long ones.

interface Geometry {
  readonly BLOCK_BITS: number;
  readonly SLOT_BITS: number;
  readonly LEVELS: number;
  readonly SHARE_TIMERS: number;
  readonly POLL_TICKS_MAX: number;
  readonly SCAN_TIMERS: number;
}

interface Operation {
  readonly kind: string;
  readonly id: number;
  readonly span: number;
  readonly slack?: number;
}

/** Blocks of two ticks, levels of two slots; a slot is spread timer by timer. */
const TINY: Geometry = {
  BLOCK_BITS: 1,
  SLOT_BITS: 1,
  LEVELS: 6,
  SHARE_TIMERS: 1,
  POLL_TICKS_MAX: 1,
  SCAN_TIMERS: 1,
};

/** Blocks of four ticks, levels of four slots; `nextDeadline` looks at no timer above level 0. */
const SMALL: Geometry = { ...TINY, BLOCK_BITS: 2, SLOT_BITS: 2, LEVELS: 5, SCAN_TIMERS: 0 };

/** The wheel with other measures than its own. */
async function wheelOf(geometry: Geometry) {
  vi.resetModules();
  vi.doMock('../src/geometry.ts', () => geometry);
  return await import('../src/index.ts');
}

afterEach(() => {
  vi.doUnmock('../src/geometry.ts');
});

/** What is left after a history expires where `nextDeadline` says, the third timer at the latest. */
const END: readonly Operation[] = [
  { kind: 'follow', id: 0, span: 0 },
  { kind: 'follow', id: 0, span: 0 },
  { kind: 'pass-all', id: 0, span: 90 },
];

interface Family {
  readonly geometry: Geometry;
  readonly start: number;
  readonly timers: number;
  readonly operations: readonly Operation[];
  readonly length: number;
}

/** Replays every sequence of operations; returns how many there are. */
async function replayAll(family: Family): Promise<number> {
  const { geometry, start, timers, operations, length } = family;
  const index = await wheelOf(geometry);
  const setup = { start, tickMs: 1, timers };
  const digits = new Uint8Array(length);
  const history: Operation[] = [...digits].map(() => operations[0]!);
  history.push(...END);
  let count = 0;
  for (let position = 0; position >= 0; ) {
    replay(index, setup, history);
    count += 1;
    // Counts on by one, in digits that stand for operations; past the first digit there is no more.
    for (position = length - 1; position >= 0; position -= 1) {
      digits[position] = (digits[position]! + 1) % operations.length;
      history[position] = operations[digits[position]!]!;
      if (digits[position] !== 0) break;
    }
  }
  return count;
}

/** They take seconds; but not all machines have nothing else to do. */
const PATIENCE = { timeout: 300_000 };

/** Time passes; then one timer may expire, or all that are due, or one that is scheduled anew. */
const PASSING: readonly Operation[] = [
  { kind: 'pass', id: 0, span: 1 },
  { kind: 'pass', id: 0, span: 4 },
  { kind: 'pass-all', id: 0, span: 2 },
  { kind: 'pass-anew', id: 0, span: 3 },
];

test('two timers, with windows and touches: 161051 histories', PATIENCE, async () => {
  const operations: readonly Operation[] = [
    { kind: 'schedule', id: 0, span: 3 },
    { kind: 'schedule', id: 0, span: 9 },
    { kind: 'schedule', id: 0, span: 1, slack: 6 },
    { kind: 'touch', id: 1, span: 4 },
    { kind: 'touch', id: 1, span: 2, slack: 5 },
    { kind: 'extend', id: 0, span: 2 },
    { kind: 'cancel', id: 1, span: 0 },
    ...PASSING,
  ];
  const family = { geometry: TINY, start: 29, timers: 2, operations, length: 5 };
  expect(await replayAll(family)).toBe(11 ** 5);
});

test(
  'three timers that share slots while these are spread: 100000 histories',
  PATIENCE,
  async () => {
    const operations: readonly Operation[] = [
      { kind: 'schedule', id: 0, span: 5 },
      { kind: 'schedule', id: 1, span: 5 },
      { kind: 'schedule', id: 1, span: 6 },
      { kind: 'schedule', id: 2, span: 11 },
      { kind: 'touch', id: 0, span: 12 },
      { kind: 'cancel', id: 1, span: 0 },
      ...PASSING,
    ];
    const family = { geometry: TINY, start: 30, timers: 3, operations, length: 5 };
    expect(await replayAll(family)).toBe(10 ** 5);
  },
);

test('longer ones, of seven operations: 117649 histories', PATIENCE, async () => {
  const operations: readonly Operation[] = [
    { kind: 'schedule', id: 0, span: 5 },
    { kind: 'schedule', id: 1, span: 7 },
    { kind: 'touch', id: 0, span: 9 },
    { kind: 'cancel', id: 1, span: 0 },
    { kind: 'pass', id: 0, span: 1 },
    { kind: 'pass', id: 0, span: 3 },
    { kind: 'pass-anew', id: 0, span: 2 },
  ];
  const family = { geometry: TINY, start: 0, timers: 2, operations, length: 6 };
  expect(await replayAll(family)).toBe(7 ** 6);
});

test('wider blocks and levels, three timers: 59049 histories', PATIENCE, async () => {
  const operations: readonly Operation[] = [
    { kind: 'schedule', id: 0, span: 7 },
    { kind: 'schedule', id: 1, span: 18 },
    { kind: 'schedule', id: 2, span: 15, slack: 9 },
    { kind: 'touch', id: 0, span: 19 },
    { kind: 'touch', id: 2, span: 64 },
    { kind: 'cancel', id: 1, span: 0 },
    { kind: 'pass', id: 0, span: 3 },
    { kind: 'pass-all', id: 0, span: 13 },
    { kind: 'pass-anew', id: 0, span: 5 },
  ];
  const family = { geometry: SMALL, start: 1019, timers: 3, operations, length: 5 };
  expect(await replayAll(family)).toBe(9 ** 5);
});

test.each([
  ['tiny', { ...TINY, LEVELS: 16 }],
  ['small', { ...SMALL, LEVELS: 12, SHARE_TIMERS: 2, SCAN_TIMERS: 1, POLL_TICKS_MAX: 3 }],
])('long histories of a dozen timers at random, on a %s wheel', async (_, geometry) => {
  const index = await wheelOf(geometry);
  const span = fc.oneof(fc.integer({ min: -5, max: 20 }), fc.nat(400), fc.nat(800).map(eighths));
  const operation = fc.record({
    kind: fc.constantFrom(...KINDS),
    id: fc.nat(11),
    span,
    slack: fc.oneof(fc.constant(0), fc.nat(100)),
  });
  const histories = fc.array(operation, { maxLength: 200, size: 'max' });
  fc.assert(
    fc.property(fc.constantFrom(0, 30.5, 1019), histories, (start, history) => {
      replay(index, { start, tickMs: 1, timers: 12 }, history);
    }),
    { numRuns: 300 },
  );
});

function eighths(count: number): number {
  return count / 8;
}
