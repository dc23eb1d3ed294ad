import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHttpDate, parseHttpDate, wholeSecond } from '../../src/semantics/http-date.ts';

/** RFC 9110 section 5.6.7 says it in three ways. */
const EXAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);
const NOW = Date.UTC(2026, 10, 23, 13, 20, 11, 123);

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const two = (number: number): string => String(number).padStart(2, '0');

/** The three formats, made of the parts of a date. */
function formats(unixMs: number): { imf: string; rfc850: string; asctime: string } {
  const date = new Date(unixMs);
  const day = DAYS[date.getUTCDay()] as string;
  const month = MONTHS[date.getUTCMonth()] as string;
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const dayOfMonth = date.getUTCDate();
  return {
    imf: `${day.slice(0, 3)}, ${two(dayOfMonth)} ${month} ${year} ${time} GMT`,
    rfc850: `${day}, ${two(dayOfMonth)}-${month}-${year.slice(2)} ${time} GMT`,
    asctime: `${day.slice(0, 3)} ${month} ${String(dayOfMonth).padStart(2)} ${time} ${year}`,
  };
}

const FIRST = new Date(0).setUTCFullYear(0, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);
const seconds = fc.integer({ min: FIRST / 1000, max: LAST / 1000 });

describe('the three formats', () => {
  test.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ])('%s', (text) => {
    expect(parseHttpDate(text, NOW)).toBe(EXAMPLE);
  });

  test('of every second that four digits of a year can say', () => {
    fc.assert(
      fc.property(seconds, (second) => {
        const { imf, asctime } = formats(second * 1000);
        expect(parseHttpDate(imf, NOW)).toBe(second * 1000);
        expect(parseHttpDate(asctime, NOW)).toBe(second * 1000);
        expect(formatHttpDate(second * 1000)).toBe(imf);
        expect(formatHttpDate(second * 1000 + 999)).toBe(imf);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('two digits of a year', () => {
  /** The latest year that ends so and does not lie more than 50 years ahead, by trying them all. */
  function oracle(unixMs: number, nowMs: number): number {
    const { rfc850 } = formats(unixMs);
    let latest = Number.NaN;
    for (let year = 1500; year < 3000; year++) {
      const candidate = new Date(unixMs);
      candidate.setUTCFullYear(year);
      if (formats(candidate.getTime()).rfc850.slice(-22) !== rfc850.slice(-22)) continue;
      const fiftyBefore = new Date(candidate);
      fiftyBefore.setUTCFullYear(year - 50);
      if (fiftyBefore.getTime() <= nowMs) latest = candidate.getTime();
    }
    return latest;
  }

  test.each([
    ['Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Monday, 23-Nov-76 13:20:11 GMT', Date.UTC(2076, 10, 23, 13, 20, 11)],
    // One second more than 50 years ahead: «the most recent year in the past».
    ['Tuesday, 23-Nov-76 13:20:12 GMT', Date.UTC(1976, 10, 23, 13, 20, 12)],
    ['Friday, 31-Dec-99 23:59:59 GMT', Date.UTC(1999, 11, 31, 23, 59, 59)],
    ['Saturday, 01-Jan-00 00:00:00 GMT', Date.UTC(2000, 0, 1)],
    ['Tuesday, 29-Feb-72 00:00:00 GMT', Date.UTC(2072, 1, 29)],
  ])('%s', (text, expected) => {
    expect(parseHttpDate(text, NOW)).toBe(expected);
  });

  test('of any date, read at any time', () => {
    const within = (from: number, to: number): fc.Arbitrary<number> =>
      fc.integer({ min: Date.UTC(from, 0) / 1000, max: Date.UTC(to, 0) / 1000 });
    fc.assert(
      fc.property(within(1800, 2400), within(1970, 2200), (second, now) => {
        const date = new Date(second * 1000);
        // Which century has the 29th of February is another question.
        if (date.getUTCMonth() === 1 && date.getUTCDate() === 29) return;
        const { rfc850 } = formats(second * 1000);
        expect(parseHttpDate(rfc850, now * 1000)).toBe(oracle(second * 1000, now * 1000));
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is no HTTP-date', () => {
  test.each([
    '',
    '0',
    'now',
    '784111777',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37 GMT ',
    ' Sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT\n',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06-Nov-1994 08:49:37 GMT',
    'Sunday, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov 006 08:49:37 1994',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 31 Nov 1994 08:49:37 GMT',
    'Tue, 29 Feb 1994 08:49:37 GMT',
    'Thu, 29 Feb 1900 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:60 GMT',
    'Sun, 06 Nov 1994 23:59:61 GMT',
    'Sun, 06 Nov 1994 8:49:37 GMT',
    'Foo, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT; length=3',
  ])('%j', (text) => {
    expect(parseHttpDate(text, NOW)).toBe(null);
  });

  test('a date with one character changed is another date or none, as the platform reads it', () => {
    const character = fc.constantFrom(...' ,:-0123456789abGJMNSTW\t');
    // The platform takes the first years for those of this century.
    const later = seconds.filter((second) => second * 1000 >= Date.UTC(1000, 0));
    fc.assert(
      fc.property(later, fc.nat(28), character, (second, index, replacement) => {
        const { imf } = formats(second * 1000);
        const text = imf.slice(0, index) + replacement + imf.slice(index + 1);
        fc.pre(text[12] !== '0');
        const parsed = parseHttpDate(text, NOW);
        // The name of the day is not compared, so that it is left out here.
        const platform = Date.parse(text.slice(5));
        const isRepeated =
          !Number.isNaN(platform) && formats(platform).imf.slice(5) === text.slice(5);
        const isNamed = DAYS.some((day) => text.startsWith(`${day.slice(0, 3)}, `));
        expect(parsed).toBe(isRepeated && isNamed ? platform : null);
      }),
      { numRuns: 5000 },
    );
  });
});

test('a leap second is the next midnight', () => {
  expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT', NOW)).toBe(Date.UTC(2017, 0, 1));
});

test('the name of the day need not be right', () => {
  expect(parseHttpDate('Mon, 06 Nov 1994 08:49:37 GMT', NOW)).toBe(EXAMPLE);
});

test('a time that no calendar of four digits has is not written', () => {
  expect(formatHttpDate(FIRST)).toBe('Sat, 01 Jan 0000 00:00:00 GMT');
  expect(formatHttpDate(FIRST - 1)).toBe(null);
  expect(formatHttpDate(LAST + 1000)).toBe(null);
  expect(formatHttpDate(Number.NaN)).toBe(null);
});

test('a second is whole from its beginning, also before 1970', () => {
  expect([1999, 2000, -1, -1000].map(wholeSecond)).toEqual([1000, 2000, -1000, -1000]);
});
