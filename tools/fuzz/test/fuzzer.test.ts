import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { coverage } from '../coverage.mjs';
import { Fuzzer } from '../fuzzer.mjs';
import { instrumentFolder } from '../instrument.mjs';
import { shrink } from '../shrink.mjs';
import canary from '../targets/canary.mjs';

const work = mkdtempSync(join(tmpdir(), 'holdline-fuzz-test-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const LIMITS = { executionsMax: 2_000, seconds: 60, findingsMax: 5 };

/** A target whose only edge is the number of sevens in its input. */
function sevens(execute: (input: Uint8Array) => void) {
  return {
    headerBytes: 2,
    seeds: [Uint8Array.of(0, 0, 1, 2)],
    tokens: [Uint8Array.of(7), Uint8Array.of(7, 8)],
    execute(input: Uint8Array) {
      coverage.hit(input.filter((byte) => byte === 7).length);
      execute(input);
    },
  };
}

test('the canary is found with the seed that is used when none is given', async () => {
  const target = await canary.load(async (folder: string) =>
    instrumentFolder(folder, join(work, 'canary')),
  );
  const fuzzer = new Fuzzer({ ...target, headerBytes: canary.headerBytes }, 9112);
  fuzzer.run({ executionsMax: canary.smokeExecutions, seconds: 60, findingsMax: 1 });
  expect(fuzzer.findings.map(({ input }) => String.fromCharCode(...input))).toEqual(['hold!']);
});

test('a finding is reported once, and as small and plain as it can be', () => {
  const fuzzer = new Fuzzer(
    sevens((input) => {
      const count = input.slice(2).filter((byte) => byte === 7).length;
      if (count >= 3) throw new Error(`${count} sevens: ${input}`);
    }),
    1,
  );
  fuzzer.run(LIMITS);
  expect(fuzzer.executions).toBe(2_000);
  expect(fuzzer.findings.map(({ input }) => [...input])).toEqual([[0, 0, 7, 7, 7]]);
});

test('different findings are told apart, and enough is enough', () => {
  const fuzzer = new Fuzzer(
    sevens((input) => {
      if (input.includes(7)) throw new Error(input.includes(8) ? 'with an eight' : 'plain');
    }),
    1,
  );
  fuzzer.run({ ...LIMITS, findingsMax: 2 });
  const messages = fuzzer.findings.map(({ error }) => (error as Error).message);
  expect(messages.sort()).toEqual(['plain', 'with an eight']);
  expect(fuzzer.executions).toBeLessThan(2_000);
});

test('the seed decides everything', () => {
  const run = (seed: number) => {
    const inputs: string[] = [];
    new Fuzzer(
      sevens((input) => inputs.push(String(input))),
      seed,
    ).run(LIMITS);
    return inputs;
  };
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

test('a target that was not instrumented is refused', () => {
  const target = { ...sevens(() => {}), execute: () => {} };
  expect(() => new Fuzzer(target, 1).run(LIMITS)).toThrow(/instrumented/);
});

test('when every seed fails, that is the finding', () => {
  const target = sevens(() => {
    throw new Error('always');
  });
  const fuzzer = new Fuzzer(target, 1);
  fuzzer.run(LIMITS);
  expect(fuzzer.findings.map(({ error }) => (error as Error).message)).toEqual(['always']);
});

test('shrinking keeps the header’s length and what makes the input fail, within its tries', () => {
  const input = Uint8Array.from([5, 6, ...new Array(200).fill(0x79), 0x21, 0x7a, 0x22]);
  const fails = (data: Uint8Array) => data[1] === 6 && data.includes(0x21) && data.includes(0x22);
  const smallest = shrink(input, { headerBytes: 2, fails, triesMax: 2_000 });
  expect([...smallest]).toEqual([0, 6, 0x21, 0x22]);
  let tries = 0;
  const counted = (data: Uint8Array) => {
    tries++;
    return fails(data);
  };
  shrink(input, { headerBytes: 2, fails: counted, triesMax: 10 });
  expect(tries).toBe(10);
});
