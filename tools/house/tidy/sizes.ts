import { type Finding, lineAt, lineCount, type Source, walk } from './source.ts';

/** Lines that a source file of a package may have: one noun of the RFC. */
export const sourceLinesMax = 350;

/** Lines that any other file of code may have. */
export const fileLinesMax = 500;

/** Lines that a function may have, tests' `describe` aside. */
export const functionLinesMax = 70;

const functionTypes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);

/** A file that has grown beyond what one noun needs. */
export function fileSizeFindings(source: Source, linesMax: number): Finding[] {
  const lines = source.text.trimEnd().split('\n').length;
  if (lines <= linesMax) return [];
  return [{ file: source.file, line: linesMax, message: `${lines} lines, more than ${linesMax}` }];
}

/** Functions that do not fit on a screen. */
export function functionSizeFindings(source: Source): Finding[] {
  const findings: Finding[] = [];
  walk(source.program, (node) => {
    if (!functionTypes.has(node.type)) return;
    const lines = lineCount(source.text, node.start, node.end);
    if (lines <= functionLinesMax) return;
    const message = `a function of ${lines} lines, more than ${functionLinesMax}`;
    findings.push({ file: source.file, line: lineAt(source.text, node.start), message });
  });
  return findings;
}
