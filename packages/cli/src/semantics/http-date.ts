// The dates of HTTP fields (RFC 9110 section 5.6.7), as Unix milliseconds that are whole seconds.

const MONTHS: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const DAY_NAME = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY_NAME = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME_OF_DAY = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

/** «A recipient that parses a timestamp value in an HTTP field MUST accept all three», case-sensitively. */
const FORMATS: readonly RegExp[] = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${DAY_NAME}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME_OF_DAY} GMT$`),
  // rfc850-date: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^${LONG_DAY_NAME}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME_OF_DAY} GMT$`),
  // asctime-date: Sun Nov  6 08:49:37 1994
  new RegExp(`^${DAY_NAME} ${MONTH} (?<day>\\d\\d| \\d) ${TIME_OF_DAY} (?<year>\\d{4})$`),
];

/** The years that four digits can say. */
const EARLIEST_MS: number = utc(0, 0, 1, 0);
const LATEST_MS: number = utc(10_000, 0, 1, 0) - 1;

/** As IMF-fixdate, the part of a second dropped; null for a time that has none. */
export function formatHttpDate(unixMs: number): string | null {
  return unixMs >= EARLIEST_MS && unixMs <= LATEST_MS ? new Date(unixMs).toUTCString() : null;
}

/** The whole second that a time falls into, which is all that a date can say. */
export function wholeSecond(unixMs: number): number {
  return Math.floor(unixMs / 1000) * 1000;
}

/**
 * The instant that an HTTP-date means; null when it is none. `nowMs` gives two digits of a year
 * their century. The name of the day is not held against the date: nothing depends on it.
 */
export function parseHttpDate(text: string, nowMs: number): number | null {
  for (const format of FORMATS) {
    const parts = format.exec(text)?.groups;
    if (parts !== undefined) return instantOf(parts as unknown as DateParts, nowMs);
  }
  return null;
}

type DateParts = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>;

function instantOf(parts: DateParts, nowMs: number): number | null {
  const secondOfDay = secondOfDayOf(parts);
  if (secondOfDay === null) return null;
  const month = MONTHS.indexOf(parts.month);
  const day = Number(parts.day);
  const year =
    parts.year.length === 2
      ? recentYear(Number(parts.year), month, day, secondOfDay, nowMs)
      : Number(parts.year);
  return day >= 1 && day <= daysOf(year, month) ? utc(year, month, day, secondOfDay) : null;
}

/** «00:00:00 - 23:59:60 (leap second)», for which Unix time has no room: it is the next midnight. */
function secondOfDayOf(parts: DateParts): number | null {
  const hour = Number(parts.hour);
  const minute = Number(parts.minute);
  const second = Number(parts.second);
  const isLeapSecond = hour === 23 && minute === 59 && second === 60;
  if (hour > 23 || minute > 59 || (second > 59 && !isLeapSecond)) return null;
  return (hour * 60 + minute) * 60 + second;
}

/**
 * «Recipients of a timestamp value in rfc850-date format, which uses a two-digit year, MUST interpret
 * a timestamp that appears to be more than 50 years in the future as representing the most recent
 * year in the past that had the same last two digits.»
 */
function recentYear(
  lastDigits: number,
  month: number,
  day: number,
  secondOfDay: number,
  nowMs: number,
): number {
  const century = Math.floor(new Date(nowMs).getUTCFullYear() / 100) * 100;
  // Fifty years from now may lie in the next century, so that this is where to begin.
  for (let year = century + 100 + lastDigits; ; year -= 100) {
    if (utc(year - 50, month, day, secondOfDay) <= nowMs) return year;
  }
}

function daysOf(year: number, month: number): number {
  // The day before the first of the next month.
  return new Date(utc(year, month + 1, 0, 0)).getUTCDate();
}

/** `Date.UTC`, which takes the years 0 to 99 for those of the last century, without that. */
function utc(year: number, month: number, day: number, secondOfDay: number): number {
  return new Date(0).setUTCFullYear(year, month, day) + secondOfDay * 1000;
}
