import { describe, expect, test } from 'vitest';
import { ClockWatch } from '../src/clock-watch.ts';
import { FakeClock } from '../src/fake-clock.ts';

describe('with a boot clock', () => {
  test('nothing happened while all clocks go on', () => {
    const clock = new FakeClock({ monotonicMs: 5, wallMs: 1.7e12 });
    const watch = new ClockWatch(clock, 2000);
    clock.advance(1e9);
    expect(watch.look()).toEqual([]);
    clock.stall(1e6);
    expect(watch.look()).toEqual([]);
  });

  test('a suspend, once', () => {
    const clock = new FakeClock();
    const watch = new ClockWatch(clock, 2000);
    clock.advance(100);
    clock.suspend(3_600_000);
    clock.advance(100);
    expect(watch.look()).toEqual([{ kind: 'suspend', forMs: 3_600_000 }]);
    expect(watch.look()).toEqual([]);
    clock.suspend(5000);
    expect(watch.look()).toEqual([{ kind: 'suspend', forMs: 5000 }]);
  });

  test('a step of the wall clock, either way', () => {
    const clock = new FakeClock();
    const watch = new ClockWatch(clock, 2000);
    clock.stepWall(60_000);
    expect(watch.look()).toEqual([{ kind: 'wall-step', byMs: 60_000 }]);
    clock.stepWall(-90_000);
    expect(watch.look()).toEqual([{ kind: 'wall-step', byMs: -90_000 }]);
    expect(watch.look()).toEqual([]);
  });

  test('a suspend and a step, told apart', () => {
    const clock = new FakeClock();
    const watch = new ClockWatch(clock, 2000);
    clock.suspend(10_000);
    clock.stepWall(-4000);
    expect(watch.look()).toEqual([
      { kind: 'suspend', forMs: 10_000 },
      { kind: 'wall-step', byMs: -4000 },
    ]);
  });

  test('a difference that the boot clock is too coarse to explain is part of the suspend', () => {
    const clock = new FakeClock();
    const watch = new ClockWatch(clock, 2000);
    clock.suspend(10_000);
    clock.stepWall(700);
    expect(watch.look()).toEqual([{ kind: 'suspend', forMs: 10_700 }]);
  });

  test('differences below the threshold are not reported, however many', () => {
    const clock = new FakeClock();
    const watch = new ClockWatch(clock, 2000);
    for (let count = 0; count < 10; count += 1) {
      clock.stepWall(1999);
      expect(watch.look()).toEqual([]);
    }
    clock.stepWall(2000);
    expect(watch.look()).toEqual([{ kind: 'wall-step', byMs: 2000 }]);
  });

  test('a clock that is steered for a long time has not been set', () => {
    const clock = new FakeClock();
    const watch = new ClockWatch(clock, 2000);
    clock.advance(10_000_000);
    clock.stepWall(5000);
    expect(watch.look()).toEqual([]);
  });
});

describe('without a boot clock', () => {
  test('a gain of the wall clock may be a suspend or a step', () => {
    const clock = new FakeClock({ hasBootClock: false });
    const watch = new ClockWatch(clock, 2000);
    clock.suspend(5000);
    expect(watch.look()).toEqual([{ kind: 'clock-gap', byMs: 5000 }]);
    clock.stepWall(5000);
    expect(watch.look()).toEqual([{ kind: 'clock-gap', byMs: 5000 }]);
  });

  test('a loss of the wall clock can only be a step', () => {
    const clock = new FakeClock({ hasBootClock: false });
    const watch = new ClockWatch(clock, 2000);
    clock.stepWall(-5000);
    expect(watch.look()).toEqual([{ kind: 'wall-step', byMs: -5000 }]);
  });
});
