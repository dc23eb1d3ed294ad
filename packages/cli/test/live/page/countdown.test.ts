import { expect, test } from 'vitest';
import { countdownAt } from '../../../src/live/page/countdown.ts';

const idle = { since: 1000, announcedUntil: 6000, closesAt: 7000 };

test.each([
  [1000, { phase: 'announced', leftMs: 5000, announcedLeft: 1, graceLeft: 1 }],
  [3500, { phase: 'announced', leftMs: 2500, announcedLeft: 0.5, graceLeft: 1 }],
  [6000, { phase: 'grace', leftMs: 1000, announcedLeft: 0, graceLeft: 1 }],
  [6750, { phase: 'grace', leftMs: 250, announcedLeft: 0, graceLeft: 0.25 }],
  [7000, { phase: 'over', leftMs: 0, announcedLeft: 0, graceLeft: 0 }],
  [9999, { phase: 'over', leftMs: 0, announcedLeft: 0, graceLeft: 0 }],
  // Before the server's word for it, as far as its clock is known.
  [900, { phase: 'announced', leftMs: 5100, announcedLeft: 1, graceLeft: 1 }],
] as const)('at %i', (now, expected) => {
  expect(countdownAt(idle, now)).toEqual(expected);
});

test('without a grace it is over at once', () => {
  const byAge = { since: 1000, announcedUntil: 6000, closesAt: 6000 };
  expect(countdownAt(byAge, 5999)).toMatchObject({ phase: 'announced', graceLeft: 0 });
  expect(countdownAt(byAge, 6000)).toMatchObject({ phase: 'over', leftMs: 0 });
});
