import { describe, expect, test } from 'vitest';
import { allCases, handMadeCases } from '../corpus/all.mjs';
import { escapeText, excerpt } from '../src/escape.mjs';
import { statusIsIn } from '../src/expectation.mjs';
import { comparisonTable, deviationLines, familyTable, sectionTable } from '../src/report.mjs';

const cases = allCases();

describe('the corpus', () => {
  test('is large, and has hundreds of cases made by hand', () => {
    expect(cases.length).toBeGreaterThan(20_000);
    expect(handMadeCases().length).toBeGreaterThan(500);
  });

  test('names an RFC, a section and a sentence for each case', () => {
    const nameless = cases.filter(
      ({ section, gist, level }) =>
        !/^(9110|9112) ([\dA-C]+)(\.\d+)*$/.test(section) ||
        gist === '' ||
        !['MUST', 'SHOULD'].includes(level),
    );
    expect(nameless.map(({ id }) => id)).toEqual([]);
  });

  test('is made of bytes', () => {
    const wide = cases.filter(({ steps }) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes are what is looked for
      steps.some((step) => typeof step === 'string' && /[^\x00-\xff]/.test(step)),
    );
    expect(wide.map(({ id }) => id)).toEqual([]);
  });

  test('expects something of everybody, and nothing of us that the RFCs forbid', () => {
    const empty = cases.filter(({ expect: all, house }) => all.length === 0 || house.length === 0);
    expect(empty.map(({ id }) => id)).toEqual([]);
    // Each of our alternatives has a status in common with one of the RFCs' of the same length.
    const foreign = cases.filter(({ expect: all, house }) =>
      house.some(
        (ours) =>
          !all.some(
            ({ statuses, fate }) =>
              statuses.length === ours.statuses.length &&
              (fate === 'any' || ours.fate === 'any' || fate === ours.fate) &&
              ours.statuses.every((set, index) =>
                set.some((item) => shares(statuses[index], item)),
              ),
          ),
      ),
    );
    expect(foreign.map(({ id }) => id)).toEqual([]);
  });
});

/** Whether a set allows a status, or any that `understood` stands for. */
function shares(set: (number | string)[] = [], item: number | string): boolean {
  return set.includes(item) || statusIsIn(set, typeof item === 'number' ? item : 200);
}

describe('what is printed', () => {
  const [first] = cases;
  const finding = { kind: 'verdict', level: 'MUST', text: 'wrong' } as const;
  const exchange = { responses: [], interim: [], faults: [], fate: 'close', ending: 'end' };
  const results = [{ testCase: first, exchange, findings: [finding] }];

  test('escapes bytes and shortens what is long', () => {
    expect(escapeText('a\r\n\t\0\xff\\')).toBe('a\\r\\n\\t\\x00\\xff\\\\');
    expect(excerpt('x'.repeat(100), 21)).toBe('xxxxxxxx ... xxxxxxxx');
  });

  test('has a line for each deviation, and counts them by family, section and server', () => {
    expect(deviationLines(results)[0]).toMatch(/^MUST 9112 \S+ [\w-]+\/\S+: .*: wrong$/);
    expect(familyTable(results).split('\n').at(-1)).toMatch(/^all +1 +1 +0$/);
    expect(sectionTable(results).split('\n').at(-1)).toMatch(/^9112 \S+ +1 +1$/);
    const columns = [{ label: 'one', results }];
    expect(comparisonTable(columns).split('\n').at(-1)).toMatch(/^all +1 +1 \+ 0$/);
  });
});
