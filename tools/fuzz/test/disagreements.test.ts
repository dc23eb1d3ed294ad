import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { CallbackParser, nodeParser } from '../disagreements/callback-parser.mjs';
import { differencesOf } from '../disagreements/differences.mjs';
import { exampleOf } from '../disagreements/examples.mjs';
import { RULES, ruleFor } from '../disagreements/list.mjs';
import { MachineParser } from '../disagreements/machine.mjs';
import { latin1, Observation } from '../disagreements/observation.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const dist = join(root, 'packages', 'http1', 'dist');
const modules = {
  server: await import(join(dist, 'server.js')),
  client: await import(join(dist, 'client.js')),
};
const machine = new MachineParser(modules);
const node = new CallbackParser(nodeParser());

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

// The other releases of Node have theirs in the interop tests.
test('every rule is what its example shows, and nothing else differs there', () => {
  const script = join(root, 'tools', 'fuzz', 'disagreements', 'examples.mjs');
  const seen: Seen[] = JSON.parse(
    execFileSync(process.execPath, [script, dist], { encoding: 'utf8' }),
  );
  const outcomes = seen.map(({ name, outcome }) => [name, outcome]);
  const [release = ''] = process.versions.node.split('.');
  const expected = RULES.map(({ name, outcome, agreeing = [] }: Rule) => [
    name,
    agreeing.includes(release) ? null : outcome,
  ]);
  expect(outcomes).toEqual(expected);
  expect(seen.filter(({ names }) => names.includes(null))).toEqual([]);
});

test('every rule has a name of its own, a section, a sentence, and a reason', () => {
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  for (const { name, section, sentence, why, stricter } of RULES) {
    expect(name).toMatch(/^[a-z0-9.-]+$/);
    expect(section).toMatch(/^RFC (?:9110|9112|9931) section \d+(?:\.\d+)*$/);
    expect(sentence.length).toBeGreaterThan(10);
    expect(why).toMatch(/\.$/);
    expect(['holdline', 'node', 'neither']).toContain(stricter);
  }
});

describe('what nobody has listed is found', () => {
  const text = 'POST /a HTTP/1.1\r\nHost: a\r\nX: y\r\nContent-Length: 2\r\n\r\nhi';
  const stream = new TextEncoder().encode(text);
  const options = { role: 'server', switches: false };

  /** The names of the rules for what differs once `change` has been at our observation. */
  function explained(change: (ours: Observation) => void) {
    const ours = machine.observe([stream], options);
    const theirs = node.observe([stream], options);
    change(ours);
    const observed = { text, options, ours, theirs };
    const differences = differencesOf(ours, theirs);
    return differences.map((difference) => [difference.what, ruleFor(difference, observed)]);
  }

  test('nothing differs to begin with', () => {
    expect(explained(() => {})).toEqual([]);
  });

  test.each<[string, (ours: Observation) => void]>([
    ['start', ({ messages }) => messages[0].start.splice(1, 1, '/b')],
    ['minorVersion', ({ messages }) => Object.assign(messages[0], { minorVersion: 0 })],
    ['fields', ({ messages }) => messages[0].fields.reverse()],
    ['content', ({ messages }) => Object.assign(messages[0], { content: 'hi\n' })],
    ['trailers', ({ messages }) => messages[0].trailers.push(['x', 'y'])],
    ['persistent', ({ messages }) => Object.assign(messages[0], { persistent: false })],
    ['upgrade', ({ messages }) => Object.assign(messages[0], { upgrade: true })],
    ['verdict', (ours) => ours.messages.pop()],
    ['verdict', (ours) => Object.assign(ours, { end: 'refused', code: 'HTTP1_BARE_LF' })],
    ['verdict', (ours) => Object.assign(ours, new Observation(), { end: 'incomplete' })],
  ])('another %s', (what, change) => {
    expect(explained(change)).toEqual([[what, null]]);
  });
});

test('neither parser minds how its input is cut, in any example', () => {
  for (const rule of RULES) {
    const { stream, options } = exampleOf(rule);
    const bytes = Array.from(stream, (_, at) => stream.subarray(at, at + 1));
    for (const parser of [machine, node]) {
      const whole = parser.observe([stream], options);
      const split = parser.observe(bytes, options);
      expect(split.messages, `${rule.name}: ${latin1(stream)}`).toEqual(whole.messages);
      expect([split.end, split.code, split.trailing]).toEqual([
        whole.end,
        whole.code,
        whole.trailing,
      ]);
    }
  }
});
