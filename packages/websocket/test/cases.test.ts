// Transcripts, each run whole, byte by byte, with spurious deadlines and at every single split.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaseFile } from '@holdline/testkit';
import { describe, expect, test } from 'vitest';
import { subject } from './support/subject.ts';

const folder = join(import.meta.dirname, 'cases');

for (const name of readdirSync(folder).filter((each) => each.endsWith('.md'))) {
  describe(name, () => {
    for (const { title, failure } of runCaseFile(
      subject,
      name,
      readFileSync(join(folder, name), 'utf8'),
    )) {
      test(title, () => expect(failure).toBeNull());
    }
  });
}
