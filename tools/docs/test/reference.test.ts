import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pages } from '../pages.mjs';
import { readModule, root, tableOf } from '../source.mjs';

describe('the reference', () => {
  for (const { file, make } of pages) {
    test(`${file} says what the sources say`, () => {
      const hint = 'after a change of the sources: node tools/docs/main.mjs';
      expect(readFileSync(join(root, file), 'utf8'), hint).toBe(make());
    });
  }

  test('explains every move of the tables', () => {
    const module = readModule('packages/http1/src/state.ts');
    const names = ['SERVER_RECEIVE', 'SERVER_SEND', 'CLIENT_SEND', 'CLIENT_RECEIVE'];
    const moves = names.flatMap((name) =>
      tableOf(module, name).rows.flatMap(({ value }) =>
        value.properties.map(({ key }: { key: { name?: string; value?: string } }) =>
          String(key.name ?? key.value),
        ),
      ),
    );
    const page = readFileSync(join(root, 'docs/explain/state-machines.md'), 'utf8');
    const unexplained = [...new Set(moves)].filter((move) => !page.includes(`| \`${move}\``));
    expect(unexplained).toEqual([]);
  });
});
