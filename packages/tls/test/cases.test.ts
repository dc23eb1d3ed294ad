// Transcripts, each run whole, byte by byte, with spurious deadlines and at every single split.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaseFile } from '@holdline/testkit';
import { describe, expect, test } from 'vitest';
import * as index from '../src/index.ts';
import { nodeCrypto } from '../src/node/index.ts';
import { tlsSubject } from './subject.mjs';

const folder = join(import.meta.dirname, 'cases');
const subject = tlsSubject({ index, crypto: { client: nodeCrypto, server: nodeCrypto } });

for (const name of readdirSync(folder).filter((each) => each.endsWith('.md'))) {
  describe(name, () => {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const { title, failure } of runCaseFile(subject, name, text)) {
      test(title, () => expect(failure).toBeNull());
    }
  });
}
