// Findings for people: on the terminal, and as files from which a case can be made.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A finding as Markdown. */
export function printFinding(name, describe, { input, error }, seed) {
  const [what = ''] = String(error?.message ?? error).split('\n');
  const bytes = [...input].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [
    `## ${name}: ${what}`,
    '',
    ...describe(input),
    '',
    `Found with --seed ${seed}. The whole input in hexadecimal: \`${bytes}\``,
    '',
    '```',
    String(error?.stack ?? error),
    '```',
    '',
  ].join('\n');
}

/** Writes a finding to a file of its own; returns its path. */
export function writeFinding(folder, name, number, text) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `fuzz-${name}-${number}.md`);
  writeFileSync(file, text);
  return file;
}
