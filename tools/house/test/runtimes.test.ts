import { describe, expect, test } from 'vitest';
import * as command from '../../../packages/cli/test/packed.mjs';
import { differences } from '../../../packages/net/test/runtimes/differences.mjs';
import { featureGroups } from '../../../packages/net/test/runtimes/features.mjs';
import { launchers } from '../../platforms/launchers.mjs';
import { compareFeatures } from '../checks/packed-task.mjs';

const features = [
  { name: 'pause', expected: '0 bytes', seen: '0 bytes' },
  { name: 'abort', expected: 'RST', seen: 'FIN' },
];

describe('what a runtime shows', () => {
  test('is wrong when it is not what is expected', () => {
    expect(compareFeatures('Bun', features, [])).toEqual({
      passed: 1,
      differing: 0,
      failures: ["abort: expected 'RST', seen 'FIN'"],
    });
  });

  test('is right when it is known to differ there', () => {
    const known = [{ feature: 'abort', on: ['Bun', 'Deno'], seen: 'FIN' }];
    expect(compareFeatures('Bun', features, known)).toEqual({
      passed: 2,
      differing: 1,
      failures: [],
    });
    expect(compareFeatures('Node 24', features, known).failures).toHaveLength(1);
  });

  test('is wrong when a known difference is gone', () => {
    const known = [{ feature: 'pause', on: ['Bun'], seen: '5 bytes' }];
    expect(compareFeatures('Bun', features, known).failures).toEqual([
      "pause: expected '5 bytes', seen '0 bytes'",
      "abort: expected 'RST', seen 'FIN'",
    ]);
  });
});

describe('the lists', () => {
  const names = [...featureGroups.flatMap((group) => group.features), ...command.features].map(
    ({ name }) => name,
  );

  test('name a feature once', () => {
    expect(names).toEqual([...new Set(names)]);
  });

  test('know of no difference in what is not tried, or where it is not', () => {
    const known = [...differences, ...command.differences];
    expect(known.map(({ feature }) => feature).filter((name) => !names.includes(name))).toEqual([]);
    const places = known.flatMap(({ on }) => on);
    expect(places.filter((place) => launchers.every(({ name }) => name !== place))).toEqual([]);
  });
});
