import { describe, expect, test } from 'vitest';
import {
  allowsRange,
  NO_VALIDATORS,
  preconditionStatus,
  type Validators,
} from '../../src/semantics/preconditions.ts';

const MODIFIED = Date.UTC(1994, 9, 29, 19, 43, 31);
const NOW = Date.UTC(2026, 10, 23);

const SAME = 'Sat, 29 Oct 1994 19:43:31 GMT';
const EARLIER = 'Sat, 29 Oct 1994 19:43:30 GMT';
const LATER = 'Sat, 29 Oct 1994 19:43:32 GMT';

/** What a request may say, and what section 13.1 makes of it; null for what is to be ignored. */
type Option = readonly [value: string | null, holds: (validators: Validators) => boolean | null];

const absent: Option = [null, () => null];
const isStrong = ({ entityTag }: Validators): boolean => entityTag === '"a"';
const hasTag = ({ entityTag }: Validators): boolean => entityTag !== null;

const ifMatch: readonly Option[] = [
  absent,
  ['*', () => true],
  ['"a"', isStrong],
  ['"b", "a"', isStrong],
  ['W/"a"', () => false],
  ['"b"', () => false],
  ['', () => false],
  ['a', () => false],
  ['*, "a"', () => false],
];

const ifNoneMatch: readonly Option[] = [
  absent,
  ['*', () => false],
  ['"a"', (validators) => !hasTag(validators)],
  ['"b", W/"a"', (validators) => !hasTag(validators)],
  ['"b"', () => true],
  ['', () => true],
  ['a', () => true],
  ['*, "a"', () => true],
];

const dated =
  (holds: boolean) =>
  ({ lastModifiedMs }: Validators): boolean | null =>
    lastModifiedMs === null ? null : holds;

const ifUnmodifiedSince: readonly Option[] = [
  absent,
  [EARLIER, dated(false)],
  [SAME, dated(true)],
  [LATER, dated(true)],
  ['Saturday, 29-Oct-94 19:43:30 GMT', dated(false)],
  ['Sat Oct 29 19:43:30 1994', dated(false)],
  ['yesterday', () => null],
  [`${EARLIER}, ${EARLIER}`, () => null],
];

const ifModifiedSince: readonly Option[] = [
  absent,
  [EARLIER, dated(true)],
  [SAME, dated(false)],
  [LATER, dated(false)],
  ['Saturday, 29-Oct-94 19:43:31 GMT', dated(false)],
  ['Sat Oct 29 19:43:31 1994', dated(false)],
  ['tomorrow', () => null],
  [`${LATER}, ${LATER}`, () => null],
];

const methods = ['GET', 'HEAD', 'PUT'];

const everyValidators: readonly Validators[] = [
  { entityTag: '"a"', lastModifiedMs: MODIFIED },
  { entityTag: 'W/"a"', lastModifiedMs: MODIFIED },
  { entityTag: '"a"', lastModifiedMs: null },
  { entityTag: null, lastModifiedMs: MODIFIED },
  NO_VALIDATORS,
];

/** Section 13.2.2, steps 1 to 4, in its words: true, false, or null for not present or ignored. */
function oracle(
  method: string,
  match: boolean | null,
  unmodifiedSince: boolean | null,
  noneMatch: boolean | null,
  modifiedSince: boolean | null,
): number {
  if (match === false) return 412;
  if (match === null && unmodifiedSince === false) return 412;
  const isGetOrHead = method === 'GET' || method === 'HEAD';
  if (noneMatch === false) return isGetOrHead ? 304 : 412;
  if (isGetOrHead && noneMatch === null && modifiedSince === false) return 304;
  return 200;
}

interface Row {
  readonly method: string;
  readonly validators: Validators;
  readonly options: Readonly<Record<string, Option>>;
}

/** Every combination; the fields come in another order than they are evaluated in. */
function* table(): Generator<Row> {
  for (const validators of everyValidators)
    for (const method of methods)
      for (const modified of ifModifiedSince)
        for (const noneMatch of ifNoneMatch)
          for (const unmodified of ifUnmodifiedSince)
            for (const match of ifMatch) {
              const options = {
                'if-modified-since': modified,
                'if-none-match': noneMatch,
                'if-unmodified-since': unmodified,
                'if-match': match,
              };
              yield { method, validators, options };
            }
}

test('the whole truth table', () => {
  const seen = new Map<number, number>();
  const wrong: unknown[] = [];
  for (const { method, validators, options } of table()) {
    const fields = Object.entries(options).flatMap(([name, [value]]) =>
      value === null ? [] : [{ name, value }],
    );
    const status = preconditionStatus({ method, fields }, validators, NOW);
    const holds = (name: string): boolean | null => options[name]?.[1](validators) ?? null;
    const expected = oracle(
      method,
      holds('if-match'),
      holds('if-unmodified-since'),
      holds('if-none-match'),
      holds('if-modified-since'),
    );
    seen.set(status, (seen.get(status) ?? 0) + 1);
    if (status !== expected) wrong.push({ method, fields, validators, status, expected });
  }
  expect(wrong).toEqual([]);
  expect([...seen.keys()].sort()).toEqual([200, 304, 412]);
  expect([...seen.values()].reduce((sum, count) => sum + count)).toBe(5 * 3 * 8 * 8 * 8 * 9);
});

test('several lines of a field are one value', () => {
  const [strong] = everyValidators as [Validators];
  const lines = (name: string, ...values: string[]) => values.map((value) => ({ name, value }));
  const statusOf = (fields: { name: string; value: string }[]): number =>
    preconditionStatus({ method: 'GET', fields }, strong, NOW);
  expect(statusOf(lines('if-none-match', '"b"', '"a"'))).toBe(304);
  expect(statusOf(lines('if-match', '"b"', '"a"'))).toBe(200);
  expect(statusOf(lines('if-modified-since', LATER, LATER))).toBe(200);
  expect(statusOf(lines('if-unmodified-since', EARLIER, EARLIER))).toBe(200);
});

describe('If-Range', () => {
  const [strong, weak, undated, untagged] = everyValidators as [
    Validators,
    Validators,
    Validators,
    Validators,
  ];

  test.each([
    ['the same entity tag', '"a"', strong, NOW, true],
    ['another one', '"b"', strong, NOW, false],
    ['a weak one of the client', 'W/"a"', strong, NOW, false],
    ['a weak one of ours', '"a"', weak, NOW, false],
    ['weak ones of both', 'W/"a"', weak, NOW, false],
    ['a tag where there is none', '"a"', untagged, NOW, false],
    ['a list of tags', '"a", "b"', strong, NOW, false],
    ['no quotes', 'a', strong, NOW, false],
    ['nothing', '', strong, NOW, false],
    ['the date', SAME, strong, NOW, true],
    ['the date in another format', 'Sat Oct 29 19:43:31 1994', strong, NOW, true],
    ['an earlier date', EARLIER, strong, NOW, false],
    ['a later date', LATER, strong, NOW, false],
    ['a date where there is none', SAME, undated, NOW, false],
    ['no date', 'yesterday', strong, NOW, false],
    ['the date within its second', SAME, strong, MODIFIED + 999, false],
    ['the date a second later', SAME, strong, MODIFIED + 1000, true],
  ])('%s', (_name, value, validators, now, expected) => {
    expect(allowsRange(value, validators, now)).toBe(expected);
  });
});
