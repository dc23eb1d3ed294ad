// RFC 6298 section 2, with the numbers that its formulas give.
import { expect, test } from 'vitest';
import { nextRoundTrip } from '../src/round-trip.ts';

test('(2.2) the first measurement: SRTT <- R, RTTVAR <- R/2', () => {
  expect(nextRoundTrip(null, 100)).toEqual({
    latestMs: 100,
    smoothedMs: 100,
    variationMs: 50,
    samples: 1,
  });
});

test('(2.3) RTTVAR <- 3/4 RTTVAR + 1/4 |SRTT - R|, with the SRTT before; SRTT <- 7/8 SRTT + 1/8 R', () => {
  const second = nextRoundTrip(nextRoundTrip(null, 100), 180);
  expect(second).toEqual({ latestMs: 180, smoothedMs: 110, variationMs: 57.5, samples: 2 });
  const third = nextRoundTrip(second, 30);
  expect(third).toEqual({ latestMs: 30, smoothedMs: 100, variationMs: 63.125, samples: 3 });
});

test('a steady answer is found out: the variation goes to nothing', () => {
  let estimate = nextRoundTrip(null, 500);
  for (let count = 0; count < 200; count++) estimate = nextRoundTrip(estimate, 20);
  expect(estimate.smoothedMs).toBeCloseTo(20, 6);
  expect(estimate.variationMs).toBeCloseTo(0, 6);
  expect(estimate.samples).toBe(201);
});
