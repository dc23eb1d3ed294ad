import { type Finding, lineAt } from './source.ts';

// Put together from parts, so that this file does not find itself.
const homes = ['home', 'root', 'Users', 'work'].join('|');
const machinePath = new RegExp(
  `(?<![\\w.:/-])/(?:${homes})/[\\w.-]+/[\\w.-]+|[A-Z]:\\\\Users\\\\`,
  'g',
);
const unfinished = new RegExp(
  `\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`,
  'g',
);

/** Paths of somebody's machine, and marks of unfinished work. */
export function textFindings(file: string, text: string): Finding[] {
  const findings: Finding[] = [];
  const add = (match: RegExpExecArray, what: string): void => {
    findings.push({ file, line: lineAt(text, match.index), message: `${what}: ${match[0]}` });
  };
  for (const match of text.matchAll(machinePath)) add(match, 'a path of a machine');
  for (const match of text.matchAll(unfinished)) add(match, 'unfinished work belongs in an issue');
  return findings;
}
