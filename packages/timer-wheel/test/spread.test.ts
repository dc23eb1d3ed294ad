import { expect, test, vi } from 'vitest';
import { SHARE_TIMERS } from '../src/geometry.ts';
import { BLOCK_TICKS } from '../src/level.ts';
import { Timer } from '../src/timer.ts';
import { TimerWheel } from '../src/wheel.ts';

// What a poll costs is counted in timers that are given a slot; nothing else that it does can be much.
// A share is smaller here than in truth, so that few timers need many.
vi.mock('../src/geometry.ts', async (original) => ({
  ...(await original<typeof import('../src/geometry.ts')>()),
  SHARE_TIMERS: 64,
}));

/** A wheel of timers that count how often they are given a slot. */
function countingWheel(deadlines: readonly number[]) {
  const count = { placed: 0 };
  const wheel = new TimerWheel({ now: 0 });
  const timers = deadlines.map((deadline) => {
    const timer = new Timer();
    let slot = 0;
    Object.defineProperty(timer, 'wheelSlot', {
      get: () => slot,
      set: (value: number) => {
        slot = value;
        count.placed += 1;
      },
    });
    wheel.schedule(timer, deadline);
    return timer;
  });
  return { wheel, timers, count };
}

/** The most timers that one poll places, when it is polled at the instants told until `until`. */
function worstPoll(
  { wheel, count }: ReturnType<typeof countingWheel>,
  nextInstant: (now: number) => number,
  until: number,
) {
  let placedMax = 0;
  let polls = 0;
  let now = 0;
  for (;;) {
    now = nextInstant(now);
    if (now > until) return { placedMax, polls };
    for (let timer: Timer | null = null; ; ) {
      count.placed = 0;
      timer = wheel.poll(now);
      placedMax = Math.max(placedMax, count.placed);
      polls += 1;
      if (timer === null) break;
      if (timer.deadline !== now) throw new Error(`${timer.deadline} expired at ${now}`);
    }
  }
}

function spreadDeadlines(length: number, from: number, span: number): number[] {
  return Array.from({ length }, (_, number) => from + ((number * 7919) % span));
}

test('no poll spreads more than a share, when polled at every tick', () => {
  const wheel = countingWheel(spreadDeadlines(2000, 20_000, 10_000));
  const { placedMax } = worstPoll(wheel, (now) => now + 1, 40_000);
  expect(wheel.wheel.size).toBe(0);
  expect(placedMax).toBe(SHARE_TIMERS);
});

test('nor more than two, one of each slot, when polled where nextDeadline says', () => {
  const wheel = countingWheel(spreadDeadlines(2000, 20_000, 10_000));
  const { placedMax } = worstPoll(wheel, () => wheel.wheel.nextDeadline(), 40_000);
  expect(wheel.wheel.size).toBe(0);
  expect(placedMax).toBeGreaterThan(SHARE_TIMERS);
  expect(placedMax).toBeLessThanOrEqual(2 * SHARE_TIMERS);
});

test.each([1, 3, 8])('a large slot is spread evenly, by polls every %d ticks', (pollTicks) => {
  // All have one deadline, which is the dearest case: all of them are spread twice.
  const length = SHARE_TIMERS * (BLOCK_TICKS / pollTicks) * 1.1;
  const wheel = countingWheel(Array.from({ length }, () => 48_000));
  const { placedMax } = worstPoll(wheel, (now) => now + pollTicks, 48_000);
  expect(wheel.wheel.size).toBe(0);
  expect(placedMax).toBeGreaterThan(SHARE_TIMERS);
  expect(placedMax).toBeLessThan(SHARE_TIMERS * 1.2);
});

test('nextDeadline asks for polls in the block before, and no earlier', () => {
  const { wheel } = countingWheel(spreadDeadlines(SHARE_TIMERS * 3, 16_384, 16_000));
  expect(wheel.nextDeadline()).toBe(16_384 - BLOCK_TICKS);
  expect(wheel.poll(16_384 - BLOCK_TICKS)).toBe(null);
  expect(wheel.nextDeadline()).toBe(16_384 - BLOCK_TICKS + 1);
  expect(wheel.poll(16_384 - BLOCK_TICKS + 1)).toBe(null);
  // What is left is one share: that may wait for its slot.
  expect(wheel.nextDeadline()).toBe(16_384);
});

test('a round of polls at one instant takes one share', () => {
  const { wheel, count } = countingWheel(spreadDeadlines(SHARE_TIMERS * 3, 16_384, 16_000));
  wheel.poll(16_000);
  count.placed = 0;
  for (let round = 0; round < 10; round += 1) wheel.poll(16_000);
  expect(count.placed).toBe(0);
});

test('a leap into a slot that is spread in part expires all, in order', () => {
  for (const leap of [16_384, 16_400, 17_000, 25_000, 70_000]) {
    const { wheel } = countingWheel(spreadDeadlines(SHARE_TIMERS * 3, 16_384, 16_000));
    wheel.poll(16_383);
    const expired: number[] = [];
    for (let timer = wheel.poll(leap); timer !== null; timer = wheel.poll(leap)) {
      expired.push(timer.deadline);
    }
    expect(expired).toEqual(expired.toSorted((one, other) => one - other));
    expect(expired.length + wheel.size).toBe(SHARE_TIMERS * 3);
    expect(wheel.nextDeadline()).toBeGreaterThan(leap);
  }
});

test('the rest of a slot may be cancelled while it is spread', () => {
  const { wheel, timers } = countingWheel(spreadDeadlines(SHARE_TIMERS + 8, 16_384, 300));
  wheel.poll(16_383);
  for (const timer of timers.slice(SHARE_TIMERS)) wheel.cancel(timer);
  expect(wheel.nextDeadline()).toBe(16_384);
  let expired = 0;
  while (wheel.poll(30_000) !== null) expired += 1;
  expect(expired).toBe(SHARE_TIMERS);
  // What was left over of it does not make the next deadline of others less exact.
  wheel.schedule(timers[0]!, 39_999);
  expect(wheel.nextDeadline()).toBe(39_999);
});

test('a poll in vain places the next timers anew that were touched, a share of them', () => {
  const { wheel, timers, count } = countingWheel(spreadDeadlines(400, 100, 400));
  for (const timer of timers) wheel.touch(timer, 50_000);
  count.placed = 0;
  expect(wheel.poll(100)).toBe(null);
  expect(count.placed).toBe(1 + SHARE_TIMERS);
  expect(wheel.nextDeadline()).toBe(100 + 1 + SHARE_TIMERS);
});

test('it ends at a timer that was not touched', () => {
  const { wheel, timers, count } = countingWheel([100, 101, 102, 102, 103, 104]);
  for (const position of [0, 1, 3, 5]) wheel.touch(timers[position]!, 50_000);
  count.placed = 0;
  expect(wheel.poll(100)).toBe(null);
  expect(count.placed).toBe(2);
  expect(wheel.nextDeadline()).toBe(102);
  expect(wheel.poll(102)).toBe(timers[2]);
});
