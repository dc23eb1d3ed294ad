import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptableCodings } from '../../src/semantics/accept-encoding.ts';

const OFFERED = ['br', 'zstd', 'gzip', 'identity'];

describe('what is chosen first', () => {
  test.each([
    [null, ['identity']],
    ['', ['identity']],
    [',, ,', ['identity']],
    // The examples of RFC 9110 section 12.5.3.
    ['compress, gzip', ['gzip', 'identity']],
    ['*', ['br', 'zstd', 'gzip', 'identity']],
    ['compress;q=0.5, gzip;q=1.0', ['gzip', 'identity']],
    ['gzip;q=1.0, identity; q=0.5, *;q=0', ['gzip', 'identity']],
    // Browsers, and their media players.
    ['gzip, deflate, br, zstd', ['br', 'zstd', 'gzip', 'identity']],
    ['identity;q=1, *;q=0', ['identity']],
    // Equal weights leave the choice to us, unequal ones do not.
    ['gzip, br', ['br', 'gzip', 'identity']],
    ['gzip, br;q=0.999', ['gzip', 'br', 'identity']],
    ['gzip;q=0.001', ['gzip', 'identity']],
    ['identity, gzip;q=0.5', ['identity', 'gzip']],
    ['gzip;q=0.5, *;q=0.2', ['gzip', 'br', 'zstd', 'identity']],
    ['gzip, *;q=0', ['gzip']],
    // What is excluded.
    ['gzip;q=0', ['identity']],
    ['gzip;q=0.000, *', ['br', 'zstd', 'identity']],
    ['identity;q=0', []],
    ['identity;q=0, gzip', ['gzip']],
    ['*;q=0', []],
    ['*;q=0, identity', ['identity']],
    ['*;q=0, identity;q=0.1', ['identity']],
    ['*;q=0, deflate', []],
    // Other spellings.
    ['GZip', ['gzip', 'identity']],
    ['x-gzip', ['gzip', 'identity']],
    ['X-GZIP;q=0.3, br;q=0.2', ['gzip', 'br', 'identity']],
    ['gzip;q=0, x-gzip', ['gzip', 'identity']],
    ['gzip ;\tQ=0.5 , br ; q=0.25', ['gzip', 'br', 'identity']],
    ['gzip;q=1., br;q=0.', ['gzip', 'identity']],
  ])('%j: %j', (value, expected) => {
    expect(acceptableCodings(value, OFFERED)).toEqual(expected);
  });
});

test.each([
  'gzip;q=2',
  'gzip;q=1.001',
  'gzip;q=0.0001',
  'gzip;q=-1',
  'gzip;q=.5',
  'gzip;q',
  'gzip;q=',
  'gzip;q =1',
  'gzip;q= 1',
  'gzip;q="1"',
  'gzip;level=9',
  'gzip;q=1;level=9',
  'gzip;',
  'gzip zip',
  'gzip/2',
  '"gzip"',
])('%j says nothing of gzip', (value) => {
  expect(acceptableCodings(value, OFFERED)).toEqual(['identity']);
  expect(acceptableCodings(`${value}, br`, OFFERED)).toEqual(['br', 'identity']);
});

test('any weights of any codings are read as the rules have it', () => {
  const coding = fc.constantFrom('br', 'zstd', 'gzip', 'x-gzip', 'identity', '*', 'deflate');
  const weight = fc.constantFrom('', ';q=1', ';q=0', ';q=0.5', '; Q=0.25', ';q=1.000', ';q=0.001');
  const members = fc.array(fc.tuple(coding, weight), { maxLength: 6 });
  fc.assert(
    fc.property(members, (list) => {
      const value = list.map((member) => member.join('')).join(', ');
      const weightOf = (name: string): number | null => {
        const weights = list
          .filter(([listed]) => listed.replace('x-', '') === name)
          .map(([, text]) => Number(text.split('=')[1] ?? 1));
        return weights.length === 0 ? null : Math.max(...weights);
      };
      const chosen = acceptableCodings(value, OFFERED);
      for (const name of OFFERED) {
        const own = weightOf(name);
        const isAcceptable =
          own !== null
            ? own > 0
            : name === 'identity'
              ? weightOf('*') !== 0
              : (weightOf('*') ?? 0) > 0;
        expect([name, chosen.includes(name)]).toEqual([name, isAcceptable]);
      }
      // «the acceptable content coding with the highest non-zero qvalue is preferred»
      const effective = chosen.map((name) => weightOf(name) ?? weightOf('*') ?? 0);
      expect(effective).toEqual([...effective].sort((left, right) => right - left));
    }),
    { numRuns: 2000 },
  );
});
