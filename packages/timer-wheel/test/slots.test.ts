import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RING_SLOTS, SLOTS, slotOf } from '../src/level.ts';
import { Slots } from '../src/slots.ts';
import { Timer } from '../src/timer.ts';

/** The timers of a slot from the first to the last, and back, which must be the same. */
function listOf(slots: Slots, index: number): Timer[] {
  const timers: Timer[] = [];
  for (let timer = slots.first(index); timer !== null; timer = timer.wheelNext) timers.push(timer);
  const back: Timer[] = [];
  for (let timer = timers.at(-1) ?? null; timer !== null; timer = timer.wheelPrevious) {
    back.unshift(timer);
  }
  expect(back).toEqual(timers);
  return timers;
}

test('lists are what arrays would be', () => {
  const place = fc.record({ timer: fc.nat(6), index: fc.constantFrom(0, 31, 32, SLOTS - 1) });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 60 }), (places) => {
      const slots = new Slots();
      const timers = Array.from({ length: 7 }, () => new Timer());
      const lists = new Map<number, Timer[]>();
      for (const { timer: number, index } of places) {
        const timer = timers[number]!;
        const held = [...lists.values()].find((list) => list.includes(timer));
        if (held === undefined) {
          slots.append(timer, index);
          lists.set(index, [...(lists.get(index) ?? []), timer]);
        } else {
          slots.remove(timer);
          held.splice(held.indexOf(timer), 1);
          expect([timer.wheelNext, timer.wheelPrevious]).toEqual([null, null]);
        }
        for (const [slot, list] of lists) {
          expect(listOf(slots, slot)).toEqual(list);
          expect(slots.count(slot)).toBe(list.length);
        }
        const isUpperHeld = (lists.get(SLOTS - 1)?.length ?? 0) > 0;
        expect(slots.firstUpper()).toBe(isUpperHeld ? SLOTS - 1 : -1);
      }
    }),
    { numRuns: 300 },
  );
});

test('the first tick on level 0 is found from everywhere, over the end of the ring', () => {
  const base = 2 ** 50 + 64;
  for (const distance of [0, 1, 30, 31, 32, 33, 500, RING_SLOTS - 33, RING_SLOTS - 1]) {
    for (let from = base; from < base + RING_SLOTS; from += 13) {
      const slots = new Slots();
      slots.append(new Timer(), slotOf(from + distance, from + distance));
      expect(slots.firstTick(from, RING_SLOTS)).toBe(from + distance);
      expect(slots.firstTick(from, distance)).toBe(from + distance);
      if (distance >= 64) expect(slots.firstTick(from, distance - 64)).toBe(Infinity);
    }
  }
});

test('an earlier tick is not seen', () => {
  const slots = new Slots();
  slots.append(new Timer(), slotOf(99, 511));
  expect(slots.firstTick(99, 0)).toBe(99);
  expect(slots.firstTick(100, 500)).toBe(Infinity);
  expect(slots.firstTick(100, RING_SLOTS)).toBe(100 + RING_SLOTS - 1);
});
