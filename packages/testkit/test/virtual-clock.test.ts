import { expect, test } from 'vitest';
import { VirtualClock } from '../src/virtual-clock.ts';

test('appointments run in order of time, then of making, each at its own instant', () => {
  const clock = new VirtualClock(100);
  const ran: string[] = [];
  clock.schedule(130, (now) => ran.push(`c${now}`));
  clock.schedule(110, (now) => ran.push(`a${now}`));
  clock.schedule(110, (now) => ran.push(`b${now}`));
  expect(clock.nextAppointment).toBe(110);
  clock.advanceBy(20);
  expect(ran).toEqual(['a110', 'b110']);
  expect(clock.now).toBe(120);
  clock.advanceTo(500);
  expect(ran).toEqual(['a110', 'b110', 'c130']);
  expect(clock.nextAppointment).toBe(Number.POSITIVE_INFINITY);
});

test('an appointment may make another on the way', () => {
  const clock = new VirtualClock(0);
  const ran: number[] = [];
  const again = (now: number) => {
    ran.push(now);
    if (now < 30) clock.schedule(now + 10, again);
  };
  clock.schedule(10, again);
  clock.advanceTo(100);
  expect(ran).toEqual([10, 20, 30]);
});

test('time does not go back', () => {
  const clock = new VirtualClock(5);
  expect(() => clock.advanceTo(4)).toThrow(RangeError);
  expect(() => clock.advanceTo(Number.NaN)).toThrow(RangeError);
  clock.schedule(1, (now) => expect(now).toBe(5));
  clock.advanceBy(0);
});
