// What a run has found, as text.
import { familyOf } from './case.mjs';
import { escapeText, excerpt } from './escape.mjs';
import { describeAlternatives } from './expectation.mjs';
import { describe } from './judge.mjs';

const LINE_MAX = 160;

/** Rows of cells as lines; the first column is aligned left, the others right. */
function table(rows) {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => `${row[column]}`.length)),
  );
  const line = (row) =>
    row
      .map((cell, column) =>
        column === 0 ? `${cell}`.padEnd(widths[0]) : `${cell}`.padStart(widths[column]),
      )
      .join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** Cases and deviations of each family, and of all. */
export function familyTable(results) {
  const rows = [...groupBy(results, ({ testCase }) => familyOf(testCase))].map(([name, group]) => [
    name,
    group.length,
    countDeviating(group, 'MUST'),
    countDeviating(group, 'SHOULD'),
  ]);
  const sums = [1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0));
  return table([['family', 'cases', 'MUST', 'SHOULD'], ...rows, ['all', ...sums]]);
}

/** Cases and deviations of each section of the RFCs. */
export function sectionTable(results) {
  const groups = [...groupBy(results, ({ testCase }) => testCase.section)];
  const rows = groups
    .map(([section, group]) => [section, group.length, group.filter(isDeviating).length])
    .sort(([left], [right]) => left.localeCompare(right, 'en', { numeric: true }));
  return table([['RFC and section', 'cases', 'deviations'], ...rows]);
}

/** For each family, how many cases each server deviates in: `MUST + SHOULD`. */
export function comparisonTable(columns) {
  const [first] = columns;
  const families = [...groupBy(first.results, ({ testCase }) => familyOf(testCase)).keys()];
  const cells = (select) =>
    columns.map(({ results }) => {
      const chosen = results.filter(select);
      if (chosen.length === 0) return '-';
      return `${countDeviating(chosen, 'MUST')} + ${countDeviating(chosen, 'SHOULD')}`;
    });
  const count = (select) => first.results.filter(select).length;
  const row = (name, select) => [name, count(select), ...cells(select)];
  const rows = families.map((name) => row(name, ({ testCase }) => familyOf(testCase) === name));
  const header = ['deviations, MUST + SHOULD', 'cases', ...columns.map(({ label }) => label)];
  return table([header, ...rows, row('all', () => true)]);
}

/** Each deviation in one line; how responses are made, once for each kind of remark. */
export function deviationLines(results) {
  const lines = [];
  for (const { testCase, findings } of results) {
    for (const { kind, level, text } of findings) {
      if (kind !== 'verdict') continue;
      lines.push(`${level} ${testCase.section} ${testCase.id}: ${testCase.gist}: ${text}`);
      lines.push(`    ${excerpt(sentText(testCase), LINE_MAX)}`);
    }
  }
  return [...lines, ...remarkLines(results)];
}

/** What is wrong with responses themselves, counted, with the first case that shows it. */
export function remarkLines(results) {
  const remarks = results.flatMap(({ testCase, findings }) =>
    findings
      .filter(({ kind }) => kind === 'response')
      .map(({ level, text }) => ({ text: `${level} ${text}`, id: testCase.id })),
  );
  return [...groupBy(remarks, ({ text }) => text)].map(
    ([text, group]) => `${text}: ${group.length} times, first in ${group[0].id}`,
  );
}

/** All about one case. */
export function transcript({ testCase, exchange, findings }, isHouse) {
  const arrows = exchange.transcript.map(([direction, text]) => `${direction} ${escapeText(text)}`);
  const outcome = findings.map(({ level, text }) => `${level}: ${text}`);
  return [
    `${testCase.id}: RFC ${testCase.section} (${testCase.level}): ${testCase.gist}`,
    `expected ${describeAlternatives(isHouse ? testCase.house : testCase.expect)}`,
    ...arrows,
    `happened ${describe(exchange)}`,
    ...(outcome.length === 0 ? ['as expected'] : outcome),
  ].join('\n');
}

/** Whether anything in a result is not as it should be. */
export const isDeviating = ({ findings }) => findings.length > 0;

/** Cases whose verdict is wrong; the worse level counts. */
function countDeviating(results, level) {
  return results.filter(({ findings }) => {
    const levels = findings
      .filter(({ kind }) => kind === 'verdict')
      .map((finding) => finding.level);
    return level === (levels.includes('MUST') ? 'MUST' : levels[0]);
  }).length;
}

function sentText({ steps }) {
  return steps.filter((step) => typeof step === 'string').join('');
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}
