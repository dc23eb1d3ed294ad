import { type Finding, lineAt, type Source, stringsOf } from './source.ts';

/** What every entry of a package's fault table says, whatever else it says. */
export interface FaultEntry {
  /** The sentence's place, such as `RFC 9112 section 6.3`. */
  readonly section: string;
}

const codePattern = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const citationPattern = /\bRFC \d{4}\b.*\d/;

/** The tables (code to entry) among what a `faults.ts` module exports, as one. */
export function faultTable(module: Readonly<Record<string, unknown>>): Map<string, FaultEntry> {
  const table = new Map<string, FaultEntry>();
  for (const value of Object.values(module)) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [code, entry] of Object.entries(value)) {
      if (codePattern.test(code)) table.set(code, entry as FaultEntry);
    }
  }
  return table;
}

/** Codes whose entry names no sentence of an RFC. */
export function uncitedFaultFindings(file: string, table: Map<string, FaultEntry>): Finding[] {
  const findings: Finding[] = [];
  for (const [code, entry] of table) {
    if (citationPattern.test(String(entry?.section))) continue;
    findings.push({ file, line: 1, message: `${code} cites no section of an RFC` });
  }
  return findings;
}

/** Every code that a source spells out, as a value or as a type. */
export function codesIn(source: Source): string[] {
  return stringsOf(source.program)
    .map(({ value }) => value)
    .filter((value) => codePattern.test(value));
}

/**
 * Codes that a source names although no `faults.ts` of its package lists them. What counts as
 * a code of the package is told by the listed codes' prefixes.
 */
export function unlistedFaultFindings(source: Source, listed: ReadonlySet<string>): Finding[] {
  const prefixOf = (code: string): string => code.slice(0, code.indexOf('_') + 1);
  const prefixes = new Set([...listed].map(prefixOf));
  return stringsOf(source.program)
    .filter(({ value }) => codePattern.test(value) && prefixes.has(prefixOf(value)))
    .filter(({ value }) => !listed.has(value))
    .map(({ node, value }) => {
      const line = lineAt(source.text, node.start);
      return { file: source.file, line, message: `${value} is not listed among the faults` };
    });
}
