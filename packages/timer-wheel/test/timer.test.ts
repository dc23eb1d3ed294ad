import { expect, test } from 'vitest';
import { Timer } from '../src/timer.ts';
import { TimerWheel } from '../src/wheel.ts';

test('a new timer is not scheduled and has no deadline', () => {
  const timer = new Timer();
  expect(timer.scheduled).toBe(false);
  expect(timer.deadline).toBe(Infinity);
});

test('the deadline is what was last set, and stays readable after expiry', () => {
  const wheel = new TimerWheel({ now: 0 });
  const timer = new Timer();
  wheel.schedule(timer, 10.5);
  expect(timer.scheduled).toBe(true);
  expect(timer.deadline).toBe(10.5);
  wheel.touch(timer, 12.25);
  expect(timer.deadline).toBe(12.25);
  expect(wheel.poll(20)).toBe(timer);
  expect(timer.scheduled).toBe(false);
  expect(timer.deadline).toBe(12.25);
});

test('a timer out of the wheel holds on to no other', () => {
  const wheel = new TimerWheel({ now: 0 });
  const timers = [new Timer(), new Timer(), new Timer()] as const;
  for (const timer of timers) wheel.schedule(timer, 5);
  wheel.cancel(timers[1]);
  expect(timers[1].wheelNext).toBe(null);
  expect(timers[1].wheelPrevious).toBe(null);
  expect(wheel.poll(5)).toBe(timers[0]);
  expect(timers[0].wheelNext).toBe(null);
  expect(timers[0].wheelPrevious).toBe(null);
});

test('a subclass carries what the caller needs', () => {
  class Idle extends Timer {
    readonly connection: string;
    constructor(connection: string) {
      super();
      this.connection = connection;
    }
  }
  const wheel = new TimerWheel<Idle>({ now: 0 });
  wheel.schedule(new Idle('first'), 1);
  expect(wheel.poll(1)?.connection).toBe('first');
});
