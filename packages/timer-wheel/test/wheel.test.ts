import { describe, expect, test } from 'vitest';
import { Timer } from '../src/timer.ts';
import { TimerWheel } from '../src/wheel.ts';

class Named extends Timer {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

function named(...names: string[]): Named[] {
  return names.map((name) => new Named(name));
}

function drain(wheel: TimerWheel<Named>, now: number): string {
  let names = '';
  for (let timer = wheel.poll(now); timer !== null; timer = wheel.poll(now)) names += timer.name;
  return names;
}

describe('expiry', () => {
  test('never early: a deadline is rounded up to a tick', () => {
    const wheel = new TimerWheel<Named>({ now: 0.7, tickMs: 10 });
    wheel.schedule(new Named('a'), 20.5);
    expect(wheel.nextDeadline()).toBe(30);
    expect(drain(wheel, 29.999)).toBe('');
    expect(drain(wheel, 30)).toBe('a');
    expect(wheel.size).toBe(0);
  });

  test('a quotient that rounds does not move a deadline off its tick', () => {
    const wheel = new TimerWheel<Named>({ now: 0, tickMs: 0.1 });
    for (let tick = 1; tick < 5000; tick += 1) {
      wheel.schedule(new Named('a'), tick * 0.1);
      expect(wheel.nextDeadline()).toBe(tick * 0.1);
      expect(drain(wheel, tick * 0.1)).toBe('a');
    }
  });

  test('in the order of ticks, then of placing', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [a, b, c, d] = named('a', 'b', 'c', 'd') as [Named, Named, Named, Named];
    wheel.schedule(a, 50);
    wheel.schedule(b, 40);
    wheel.schedule(c, 50);
    wheel.schedule(d, 49.5);
    wheel.schedule(a, 50);
    expect(drain(wheel, 1000)).toBe('bcda');
  });

  test('the order of placing holds across levels', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const timers = named(...'abcdefgh');
    const nows = [0, 1, 30_000, 32_768, 39_000, 39_990, 39_999, 39_999.5];
    for (const [position, now] of nows.entries()) {
      expect(drain(wheel, now)).toBe('');
      wheel.schedule(timers[position]!, 40_000);
    }
    expect(drain(wheel, 40_000)).toBe('abcdefgh');
  });

  test('a past deadline is due at the next poll', () => {
    const wheel = new TimerWheel<Named>({ now: 1000 });
    wheel.schedule(new Named('a'), 3);
    expect(wheel.nextDeadline()).toBe(1000);
    expect(drain(wheel, 1000)).toBe('a');
  });

  test('Infinity is never', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [a, b] = named('a', 'b') as [Named, Named];
    wheel.schedule(a, 10);
    wheel.schedule(a, Infinity);
    wheel.schedule(b, 10);
    wheel.touch(b, Infinity);
    expect([a.scheduled, a.deadline, b.scheduled, b.deadline]).toEqual([
      false,
      Infinity,
      false,
      Infinity,
    ]);
    expect(wheel.size).toBe(0);
    expect(wheel.nextDeadline()).toBe(Infinity);
  });
});

describe('touch', () => {
  test('to a later instant leaves the timer in its slot until that is handled', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const a = new Named('a');
    wheel.schedule(a, 10);
    const slot = a.wheelSlot;
    wheel.touch(a, 500);
    expect(a.wheelSlot).toBe(slot);
    expect(wheel.nextDeadline()).toBe(10);
    expect(drain(wheel, 10)).toBe('');
    expect(a.wheelSlot).not.toBe(slot);
    expect(wheel.nextDeadline()).toBe(500);
    expect(drain(wheel, 499)).toBe('');
    expect(drain(wheel, 500)).toBe('a');
  });

  test('to an earlier instant places the timer at once', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const a = new Named('a');
    wheel.schedule(a, 500);
    wheel.touch(a, 10);
    expect(wheel.nextDeadline()).toBe(10);
    expect(drain(wheel, 10)).toBe('a');
  });

  test('schedules a timer that is not scheduled', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    wheel.touch(new Named('a'), 10);
    expect(wheel.size).toBe(1);
    expect(drain(wheel, 10)).toBe('a');
  });

  test('counts as placing when the timer is moved', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [touched, before, after] = named('t', 'b', 'a') as [Named, Named, Named];
    wheel.schedule(touched, 5);
    wheel.touch(touched, 20);
    wheel.schedule(before, 20);
    expect(drain(wheel, 5)).toBe('');
    wheel.schedule(after, 20);
    expect(drain(wheel, 20)).toBe('bta');
  });

  test('within a slot that has not been handled keeps the place', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [touched, other] = named('t', 'o') as [Named, Named];
    wheel.schedule(touched, 5000);
    wheel.touch(touched, 5060);
    wheel.schedule(other, 5060);
    expect(drain(wheel, 4999)).toBe('');
    expect(drain(wheel, 5060)).toBe('to');
  });

  test('during a stall does not expire a timer before those of earlier ticks', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [touched, other] = named('t', 'o') as [Named, Named];
    wheel.schedule(touched, 5);
    wheel.touch(touched, 20);
    wheel.schedule(other, 10);
    expect(drain(wheel, 1000)).toBe('ot');
  });
});

describe('cancel', () => {
  test('says whether the timer was scheduled', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const a = new Named('a');
    expect(wheel.cancel(a)).toBe(false);
    wheel.schedule(a, 5);
    expect(wheel.cancel(a)).toBe(true);
    expect(wheel.cancel(a)).toBe(false);
    expect(wheel.size).toBe(0);
    expect(wheel.nextDeadline()).toBe(Infinity);
    expect(drain(wheel, 10)).toBe('');
  });

  test('leaves the others of the slot', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [a, b, c] = named('a', 'b', 'c') as [Named, Named, Named];
    for (const timer of [a, b, c]) wheel.schedule(timer, 5);
    wheel.cancel(b);
    expect(wheel.nextDeadline()).toBe(5);
    expect(drain(wheel, 5)).toBe('ac');
  });
});

describe('while a round of polls goes on', () => {
  test('timers can be scheduled, moved and cancelled', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [a, b, c, d] = named('a', 'b', 'c', 'd') as [Named, Named, Named, Named];
    for (const timer of [a, b, c]) wheel.schedule(timer, 5);
    expect(wheel.poll(100)).toBe(a);
    wheel.cancel(b);
    wheel.touch(c, 50);
    wheel.schedule(d, 20);
    wheel.schedule(a, 60);
    expect(drain(wheel, 100)).toBe('dca');
  });

  test('what is scheduled for an instant not after now is part of the round', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const a = new Named('a');
    wheel.schedule(a, 5);
    for (let count = 0; count < 10; count += 1) {
      expect(wheel.poll(5)).toBe(a);
      wheel.schedule(a, count % 2 === 0 ? 5 : -7);
    }
    wheel.schedule(a, 5.001);
    expect(wheel.poll(5)).toBe(null);
  });

  test('a period is caught up with, in order with other timers', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [periodic, once] = named('p', 'o') as [Named, Named];
    wheel.schedule(periodic, 10);
    wheel.schedule(once, 25);
    let names = '';
    for (let timer = wheel.poll(55); timer !== null; timer = wheel.poll(55)) {
      names += timer.name;
      if (timer === periodic) wheel.schedule(periodic, periodic.deadline + 10);
    }
    expect(names).toBe('ppoppp');
    expect(wheel.nextDeadline()).toBe(60);
  });
});

describe('time', () => {
  test('that does not advance, or goes back, expires nothing early', () => {
    const wheel = new TimerWheel<Named>({ now: 100 });
    const [a, b] = named('a', 'b') as [Named, Named];
    expect(drain(wheel, 200)).toBe('');
    wheel.schedule(a, 190);
    expect(drain(wheel, 150)).toBe('');
    wheel.schedule(b, 201);
    expect(drain(wheel, 200)).toBe('a');
    expect(drain(wheel, 200)).toBe('');
    expect(drain(wheel, 201)).toBe('b');
  });

  test('leaps over any distance without stepping through it', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    expect(drain(wheel, 2 ** 49)).toBe('');
    wheel.schedule(new Named('a'), 2 ** 49 + 3);
    expect(drain(wheel, 2 ** 49 + 2)).toBe('');
    expect(drain(wheel, 2 ** 50)).toBe('a');
  });

  test.each([-1, 0, 1])('lands at the horizon %d', (offset) => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const now = 2 ** 30 + offset;
    expect(drain(wheel, now)).toBe('');
    const [a, b, c] = named('a', 'b', 'c') as [Named, Named, Named];
    wheel.schedule(c, now + 2 ** 30);
    wheel.schedule(a, now + 1);
    wheel.schedule(b, now + 2 ** 30 - 1);
    expect(drain(wheel, now)).toBe('');
    expect(drain(wheel, now + 1)).toBe('a');
    expect(drain(wheel, now + 2 ** 30 - 2)).toBe('');
    expect(drain(wheel, now + 2 ** 30 - 1)).toBe('b');
    expect(drain(wheel, now + 2 ** 30)).toBe('c');
  });

  test('goes on past 2^31 elapsed ticks, and past 2^32', () => {
    const wheel = new TimerWheel<Named>({ now: 1.5 });
    const a = new Named('a');
    for (let now = 0; now < 2 ** 34; now += 2 ** 29 + 12_345) {
      wheel.schedule(a, now + 777);
      expect(drain(wheel, now + 776)).toBe('');
      expect(drain(wheel, now + 777)).toBe('a');
    }
  });

  test('beyond the horizon: each timer at its own instant, in order', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [a, b, c, d] = named('a', 'b', 'c', 'd') as [Named, Named, Named, Named];
    wheel.schedule(d, 2 ** 45);
    wheel.schedule(b, 2 ** 31 + 7);
    wheel.schedule(c, 2 ** 31 + 7);
    wheel.schedule(a, 2 ** 30);
    expect(wheel.nextDeadline()).toBe(2 ** 30);
    expect(drain(wheel, 2 ** 30 - 1)).toBe('');
    expect(drain(wheel, 2 ** 31 + 6)).toBe('a');
    expect(drain(wheel, 2 ** 31 + 7)).toBe('bc');
    expect(wheel.nextDeadline()).toBe(2 ** 45);
    expect(drain(wheel, 2 ** 45 - 1)).toBe('');
    expect(drain(wheel, 2 ** 45)).toBe('d');
  });

  test('a timer touched from the levels to beyond the horizon and back', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const a = new Named('a');
    wheel.schedule(a, 100);
    wheel.touch(a, 2 ** 33);
    expect(drain(wheel, 2 ** 32)).toBe('');
    wheel.touch(a, 2 ** 32 + 5);
    expect(drain(wheel, 2 ** 32 + 4)).toBe('');
    expect(drain(wheel, 2 ** 32 + 5)).toBe('a');
  });
});

describe('nextDeadline', () => {
  test('is exact where few timers share the next slot', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [a, b] = named('a', 'b') as [Named, Named];
    wheel.schedule(a, 60_123);
    wheel.schedule(b, 59_000.5);
    expect(wheel.nextDeadline()).toBe(59_001);
  });

  test('is exact for whatever is near', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    for (const timer of named(...'x'.repeat(100))) wheel.schedule(timer, 500);
    wheel.schedule(new Named('y'), 1023);
    expect(wheel.nextDeadline()).toBe(500);
  });

  test('is the start of the slot where many share it', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    for (const timer of named(...'x'.repeat(32))) wheel.schedule(timer, 5000);
    expect(wheel.nextDeadline()).toBe(5000);
    wheel.schedule(new Named('x'), 5000);
    expect(wheel.nextDeadline()).toBe(4608);
    expect(drain(wheel, 4608)).toBe('');
    expect(wheel.nextDeadline()).toBe(5000);
  });

  test('is not later than other slots where the first holds only touched timers', () => {
    const wheel = new TimerWheel<Named>({ now: 0 });
    const [a, b] = named('a', 'b') as [Named, Named];
    wheel.schedule(a, 4700);
    wheel.touch(a, 90_000);
    wheel.schedule(b, 5130);
    expect(wheel.nextDeadline()).toBe(5120);
    expect(drain(wheel, 5120)).toBe('');
    expect(wheel.nextDeadline()).toBe(5130);
  });
});

describe("the caller's faults", () => {
  const wheel = new TimerWheel<Named>({ now: 0 });

  test.each([NaN, -Infinity, 2 ** 51, -(2 ** 51)])(
    'a deadline of %d changes nothing',
    (deadline) => {
      const a = new Named('a');
      expect(() => wheel.schedule(a, deadline)).toThrow(RangeError);
      expect(() => wheel.touch(a, deadline)).toThrow(RangeError);
      expect(a.scheduled).toBe(false);
      wheel.schedule(a, 5);
      expect(() => wheel.schedule(a, deadline)).toThrow(RangeError);
      expect(() => wheel.touch(a, deadline)).toThrow(RangeError);
      expect([a.scheduled, a.deadline, wheel.size]).toEqual([true, 5, 1]);
      wheel.cancel(a);
    },
  );

  test('a deadline or a now that is no number', () => {
    const a = new Named('a');
    expect(() => wheel.schedule(a, '5' as unknown as number)).toThrow(TypeError);
    expect(() => wheel.touch(a, undefined as unknown as number)).toThrow(TypeError);
    wheel.schedule(a, 5);
    expect(() => wheel.touch(a, '6' as unknown as number)).toThrow(TypeError);
    expect(() => wheel.touch(a, 6n as unknown as number)).toThrow(TypeError);
    expect([a.deadline, wheel.cancel(a)]).toEqual([5, true]);
    expect(() => wheel.poll(null as unknown as number)).toThrow(TypeError);
    expect(() => wheel.poll(NaN)).toThrow(RangeError);
    expect(() => wheel.poll(Infinity)).toThrow(RangeError);
  });

  test('a timer that another wheel holds', () => {
    const other = new TimerWheel<Named>({ now: 0 });
    const a = new Named('a');
    other.schedule(a, 5);
    expect(() => wheel.schedule(a, 6)).toThrow('another wheel holds this timer');
    expect(() => wheel.schedule(a, Infinity)).toThrow(TypeError);
    expect(() => wheel.touch(a, 6)).toThrow(TypeError);
    expect(() => wheel.cancel(a)).toThrow(TypeError);
    expect([a.deadline, other.size, wheel.size]).toEqual([5, 1, 0]);
    expect(drain(other, 5)).toBe('a');
    wheel.schedule(a, 6);
    expect(wheel.size).toBe(1);
  });

  test('options out of range', () => {
    expect(() => new TimerWheel({ now: NaN })).toThrow(RangeError);
    expect(() => new TimerWheel({ now: '0' as unknown as number })).toThrow(TypeError);
    expect(() => new TimerWheel({ now: 0, tickMs: '1' as unknown as number })).toThrow(TypeError);
    for (const tickMs of [0, -1, NaN, Infinity, 2 ** 31]) {
      expect(() => new TimerWheel({ now: 0, tickMs })).toThrow(RangeError);
    }
    expect(new TimerWheel({ now: 0, tickMs: 0.5 }).tickMs).toBe(0.5);
    expect(new TimerWheel({ now: 0 }).tickMs).toBe(1);
  });
});
