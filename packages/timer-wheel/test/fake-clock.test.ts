import { expect, test } from 'vitest';
import { FakeClock } from '../src/fake-clock.ts';

test('starts where it is told to, or at 0', () => {
  const clock = new FakeClock({ monotonicMs: 7, wallMs: 1.7e12 });
  expect([clock.monotonicNow(), clock.wallNow(), clock.bootNow?.()]).toEqual([7, 1.7e12, 7]);
  const zero = new FakeClock({ hasBootClock: false });
  expect([zero.monotonicNow(), zero.wallNow(), zero.bootNow]).toEqual([0, 0, undefined]);
});

test('timers call back at their instants, in order, also those set meanwhile', () => {
  const clock = new FakeClock();
  const calls: string[] = [];
  const note = (name: string) => () => calls.push(`${name}@${clock.monotonicNow()}`);
  clock.setTimer(note('c'), 30);
  clock.setTimer(note('a'), 10);
  clock.setTimer(() => {
    note('b')();
    clock.setTimer(note('d'), 10);
    clock.setTimer(note('late'), 500);
  }, 20);
  clock.advance(9);
  expect(calls).toEqual([]);
  clock.advance(91);
  expect(calls).toEqual(['a@10', 'b@20', 'c@30', 'd@30']);
  expect(clock.monotonicNow()).toBe(100);
  expect([clock.timersPending, clock.timersSet]).toEqual([1, 5]);
});

test('a cleared timer does not call back, and clearing twice is harmless', () => {
  const clock = new FakeClock();
  let calls = 0;
  const handle = clock.setTimer(() => {
    calls += 1;
  }, 10);
  clock.clearTimer(handle);
  clock.clearTimer(handle);
  clock.advance(100);
  expect([calls, clock.timersPending]).toEqual([0, 0]);
});

test('a stall makes timers late', () => {
  const clock = new FakeClock();
  let at = 0;
  clock.setTimer(() => {
    at = clock.monotonicNow();
  }, 10);
  clock.stall(250);
  expect([at, clock.monotonicNow(), clock.wallNow()]).toEqual([250, 250, 250]);
});

test('a callback that stalls delays the timers behind it', () => {
  const clock = new FakeClock();
  const calls: number[] = [];
  clock.setTimer(() => clock.stall(100), 10);
  clock.setTimer(() => calls.push(clock.monotonicNow()), 20);
  clock.advance(50);
  expect(calls).toEqual([110]);
  expect(clock.monotonicNow()).toBe(110);
});

test('a suspend stops the monotonic clock only, a step moves the wall clock only', () => {
  const clock = new FakeClock();
  clock.suspend(1000);
  expect([clock.monotonicNow(), clock.wallNow(), clock.bootNow?.()]).toEqual([0, 1000, 1000]);
  clock.stepWall(-300);
  expect([clock.monotonicNow(), clock.wallNow(), clock.bootNow?.()]).toEqual([0, 700, 1000]);
});
