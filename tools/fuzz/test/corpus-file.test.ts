import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadInputs, storeInputs } from '../corpus-file.mjs';

const folder = mkdtempSync(join(tmpdir(), 'holdline-corpus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (...values: number[]) => Uint8Array.from(values);

test('a stored corpus comes back, without what is no longer in it', () => {
  expect(loadInputs(join(folder, 'a'), 'x')).toEqual([]);
  storeInputs(join(folder, 'a'), 'x', [bytes(1, 2), bytes(3)]);
  storeInputs(join(folder, 'a'), 'x', [bytes(3), bytes(255, 0), bytes(3)]);
  expect(loadInputs(join(folder, 'a'), 'x')).toEqual([bytes(3), bytes(255, 0)]);
  expect(loadInputs(join(folder, 'a'), 'y')).toEqual([]);
});

test('every byte survives, an input of none too, and a line shows all of them', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  storeInputs(folder, 'all', [all, bytes(), bytes(0x20), bytes(0x47, 0x20)]);
  expect(loadInputs(folder, 'all')).toEqual([bytes(), bytes(0x20), bytes(0x47, 0x20), all]);
  expect(readFileSync(join(folder, 'all.txt'), 'utf8')).not.toMatch(/[ \t]$/m);
});

test('the order of a file does not depend on the order in which inputs were found', () => {
  const inputs = [bytes(9, 9), bytes(1, 1, 1), bytes(5), bytes(4)];
  storeInputs(folder, 'one', inputs);
  storeInputs(folder, 'other', inputs.toReversed());
  const text = (name: string) => readFileSync(join(folder, `${name}.txt`), 'utf8');
  expect(text('one')).toBe(text('other'));
});

test('the committed corpora have inputs for targets that there are, in their order', () => {
  const corpora = join(import.meta.dirname, '..', 'corpus');
  const targets = readdirSync(join(import.meta.dirname, '..', 'targets'));
  const names = readdirSync(corpora).map((file) => file.slice(0, -'.txt'.length));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    expect(targets).toContain(`${name}.mjs`);
    const inputs = loadInputs(corpora, name);
    expect(inputs.length).toBeGreaterThan(0);
    const text = readFileSync(join(corpora, `${name}.txt`), 'utf8');
    storeInputs(folder, name, inputs);
    expect(readFileSync(join(folder, `${name}.txt`), 'utf8')).toBe(text);
  }
});
