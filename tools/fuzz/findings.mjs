// Findings for people: on the terminal, and as files from which a case can be made.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A finding as Markdown; of a target that knows how, as a case file. */
export function printFinding(name, describe, { input, error }, seed) {
  const [what = ''] = String(error?.message ?? error).split('\n');
  const bytes = Buffer.from(input).toString('hex');
  const stack = String(error?.stack ?? error).split('\n');
  return [
    `# ${name}: ${what}`,
    '',
    `Found with \`--seed ${seed}\`. Shown again by`,
    '',
    `    npm run fuzz -- --target ${name} --input ${bytes}`,
    '',
    ...stack.map((line) => `    ${line}`),
    '',
    ...describe(input, what),
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
