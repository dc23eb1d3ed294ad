import { describe, expect, test } from 'vitest';
import { addUp } from '../tally.mjs';

describe('the tally', () => {
  test('adds up and names what failed and what was skipped', () => {
    const sum = addUp([
      { name: 'a', results: { passed: 3, failed: 1, failures: ['f > g'], skipped: [] } },
      {
        name: 'b',
        results: { passed: 2, failed: 0, failures: [], skipped: [{ name: 's', reason: 'no wrk' }] },
      },
    ]);
    expect(sum).toEqual({
      passed: 5,
      failed: 1,
      skipped: 1,
      lines: ['failed   a: f > g', 'skipped  b: s: no wrk'],
    });
  });

  test('counts a skipped test without a reason as failed', () => {
    const results = { passed: 0, failed: 0, failures: [], skipped: [{ name: 's', reason: '' }] };
    expect(addUp([{ name: 'a', results }])).toMatchObject({ failed: 1, skipped: 0 });
  });

  test('counts a run of nothing as failed', () => {
    const results = { passed: 0, failed: 0, failures: [], skipped: [] };
    expect(addUp([{ name: 'a', results }])).toMatchObject({ passed: 0, failed: 1 });
  });

  test('counts a run without results as failed', () => {
    expect(addUp([{ name: 'a', results: null }])).toMatchObject({ passed: 0, failed: 1 });
  });
});
