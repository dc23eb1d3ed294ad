import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import * as client from '../src/client.ts';
import { FAULTS } from '../src/faults.ts';
import * as index from '../src/index.ts';
import * as server from '../src/server.ts';
import { runCases } from './packed.mjs';

interface CaseResult {
  readonly title: string;
  readonly failure: string | null;
  readonly runs: number;
  readonly events: readonly { readonly type: string; readonly code?: string }[];
}

const folder = join(import.meta.dirname, 'cases');
const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
const texts = names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

const files: { readonly name: string; readonly results: readonly CaseResult[] }[] = runCases(
  { index, client, server },
  texts,
);
const all = files.flatMap((file) => file.results);

for (const { name, results } of files) {
  describe(name, () => {
    for (const { title, failure } of results) {
      test(title, () => expect(failure).toBeNull());
    }
  });
}

test('every fault is produced by some case', () => {
  const produced = new Set(
    all
      .flatMap((one) => one.events.map((event) => event.code ?? ''))
      .filter((code) => code in FAULTS),
  );
  expect(Object.keys(FAULTS).filter((code) => !produced.has(code))).toEqual([]);
});

afterAll(() => {
  const runs = all.reduce((sum, one) => sum + one.runs, 0);
  console.log(`${all.length} cases in ${files.length} files, ${runs} runs`);
});
