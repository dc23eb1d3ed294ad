// Where http1 and the parser of each release of Node disagree: what the list of disagreements says,
// and nothing else.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../fuzz/disagreements/list.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const script = join(root, 'tools', 'fuzz', 'disagreements', 'examples.mjs');
const dist = join(root, 'packages', 'http1', 'dist');

interface Rule {
  readonly name: string;
  readonly outcome: unknown;
  readonly agreeing?: readonly string[];
}

interface Seen {
  readonly name: string;
  readonly names: readonly (string | null)[];
  readonly outcome: unknown;
}

describe.each(['20', '22', '24', '26'])('on Node %s', (release) => {
  const command = join(root, `tools/platforms/node_modules/node-${release}/bin/node`);

  test('every rule is what its example shows, and nothing else differs there', (context) => {
    if (!existsSync(command)) context.skip(`needs Node ${release} from tools/platforms`);
    const seen: Seen[] = JSON.parse(execFileSync(command, [script, dist], { encoding: 'utf8' }));
    const outcomes = seen.map(({ name, outcome }) => [name, outcome]);
    const expected = RULES.map(({ name, outcome, agreeing = [] }: Rule) => [
      name,
      agreeing.includes(release) ? null : outcome,
    ]);
    expect(outcomes).toEqual(expected);
    expect(seen.filter(({ names }) => names.includes(null))).toEqual([]);
  });
});
