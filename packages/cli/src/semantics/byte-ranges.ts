// Which bytes of a representation a Range field asks for (RFC 9110 sections 14.1.2 and 14.2).
import { listMembers } from './field-values.ts';

/** Both positions are within the range: `last` is `first` or more. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Ranges that a request may ask for; with more, Range is ignored, «since these are indications of
 * either a broken client or a deliberate denial-of-service attack» (section 17.15). As Apache's
 * MaxRanges.
 */
export const RANGES_MAX = 200;

/** An int-range; `last` is infinite when it goes to the end. */
interface IntRange {
  readonly first: number;
  readonly last: number;
}

/** The last bytes, so many. */
interface SuffixRange {
  readonly suffixBytes: number;
}

/** A range unit is case-insensitive. What follows `=` is a list, which may begin with white space. */
const BYTES_UNIT = /^bytes=/i;

const RANGE_SPEC = /^(?<first>\d*)-(?<last>\d*)$/;

/**
 * The ranges to be sent, in the order in which they were asked for, apart from one another and none
 * empty; `unsatisfiable` when none of them lies within the representation; `ignored` when the whole
 * of it is to be sent, as the field's value is invalid, has another unit or asks for too many.
 */
export function selectByteRanges(
  value: string,
  sizeBytes: number,
): 'ignored' | 'unsatisfiable' | readonly ByteRange[] {
  const specifiers = parseByteRanges(value);
  if (specifiers === null || specifiers.length > RANGES_MAX) return 'ignored';
  const satisfiable = specifiers.filter((specifier) => isSatisfiable(specifier, sizeBytes));
  if (satisfiable.length === 0) return 'unsatisfiable';
  // The last bytes of nothing, which no Content-Range could say: «A server that supports range
  // requests MAY ignore a Range header field when the selected representation has no content».
  if (sizeBytes === 0) return 'ignored';
  return coalesce(satisfiable.map((specifier) => within(specifier, sizeBytes)));
}

/** The range specifiers of the unit `bytes`; null when the value is invalid or has another unit. */
function parseByteRanges(value: string): (IntRange | SuffixRange)[] | null {
  if (!BYTES_UNIT.test(value)) return null;
  const specifiers: (IntRange | SuffixRange)[] = [];
  for (const member of listMembers(value.slice('bytes='.length))) {
    const specifier = parseSpecifier(member);
    // «A ranges-specifier is invalid if it contains any range-spec that is invalid».
    if (specifier === null) return null;
    specifiers.push(specifier);
  }
  return specifiers.length === 0 ? null : specifiers;
}

function parseSpecifier(text: string): IntRange | SuffixRange | null {
  const parts = RANGE_SPEC.exec(text)?.groups as { first: string; last: string } | undefined;
  if (parts === undefined) return null;
  const { first, last } = parts;
  if (first === '') return last === '' ? null : { suffixBytes: Number(last) };
  if (last === '') return { first: Number(first), last: Number.POSITIVE_INFINITY };
  // «An int-range is invalid if the last-pos value is present and less than the first-pos.»
  return isLess(last, first) ? null : { first: Number(first), last: Number(last) };
}

/**
 * Compares decimal numerals of any length: «recipients MUST anticipate potentially large decimal
 * numerals and prevent parsing errors due to integer conversion overflows».
 */
function isLess(left: string, right: string): boolean {
  const leftDigits = left.replace(/^0+/, '');
  const rightDigits = right.replace(/^0+/, '');
  if (leftDigits.length !== rightDigits.length) return leftDigits.length < rightDigits.length;
  return leftDigits < rightDigits;
}

/**
 * «an int-range with a first-pos that is less than the current length of the selected representation
 * or a suffix-range with a non-zero suffix-length».
 */
function isSatisfiable(specifier: IntRange | SuffixRange, sizeBytes: number): boolean {
  return 'suffixBytes' in specifier ? specifier.suffixBytes > 0 : specifier.first < sizeBytes;
}

/** A numeral above 2^53 is beyond every representation, so that it does not matter by how much. */
function within(specifier: IntRange | SuffixRange, sizeBytes: number): ByteRange {
  const end = sizeBytes - 1;
  if ('suffixBytes' in specifier) {
    return { first: Math.max(0, sizeBytes - specifier.suffixBytes), last: end };
  }
  return { first: specifier.first, last: Math.min(specifier.last, end) };
}

/**
 * «a server MAY coalesce any of the ranges that overlap», so that no byte is sent twice, however
 * often it was asked for; those that adjoin are one, too. A range made of several stands where the
 * first of them was asked for.
 */
function coalesce(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const byPosition = ranges
    .map((range, order) => ({ ...range, order }))
    .sort((left, right) => left.first - right.first);
  const joined: { first: number; last: number; order: number }[] = [];
  for (const range of byPosition) {
    const previous = joined.at(-1);
    if (previous === undefined || range.first > previous.last + 1) {
      joined.push(range);
    } else {
      previous.last = Math.max(previous.last, range.last);
      previous.order = Math.min(previous.order, range.order);
    }
  }
  return joined
    .sort((left, right) => left.order - right.order)
    .map(({ first, last }) => ({ first, last }));
}
