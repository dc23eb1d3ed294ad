// A bug put into the build on purpose: the fuzzer must find it, and what it writes must be a case
// file that the runner of case files fails with the bug, and that is right once the bug is gone.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCaseFile, runCaseFile } from '@holdline/testkit';
import { afterAll, expect, test } from 'vitest';
import { http1Subject } from '../../../packages/http1/test/subject.mjs';
import { printFinding } from '../findings.mjs';
import { Fuzzer } from '../fuzzer.mjs';
import { instrumentFolder } from '../instrument.mjs';
import http1Server from '../targets/http1-server.mjs';

const dist = join(import.meta.dirname, '../../../packages/http1/dist');
const work = mkdtempSync(join(import.meta.dirname, '..', 'node_modules', '.injected-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const sound = instrumentFolder(dist, join(work, 'sound'));

/** The instrumented build of http1 in which `text` of a file is replaced. */
function withBug(name: string, file: string, text: string, replacement: string): string {
  const folder = join(work, name);
  cpSync(dist, folder, { recursive: true });
  const source = readFileSync(join(folder, file), 'utf8');
  expect(source).toContain(text);
  writeFileSync(join(folder, file), source.replace(text, replacement));
  return instrumentFolder(folder, join(work, `${name}-instrumented`));
}

/** What the runner of case files objects to on a build; null for nothing. */
async function objections(folder: string, text: string) {
  const server = await import(join(folder, 'server.js'));
  const client = await import(join(folder, 'client.js'));
  const results = runCaseFile(http1Subject({ server, client }), 'found.md', text);
  return results.map(({ failure }) => failure);
}

test.each([
  ['forgets', 'chunked-decoder.js', 'this.state = SIZE;', '', /depend/, /split at|byte by byte/],
  [
    'throws',
    'content-decoder.js',
    'this.remainingBytes -= byteCount;',
    'this.remainingBytes -= byteCount; if (byteCount === 3) throw new Error("an assertion");',
    /an assertion/,
    /an assertion/,
  ],
])(
  'a bug that %s is found, and becomes a case',
  async (name, file, text, other, what, objection) => {
    const broken = withBug(name, file, text, other);
    const target = await http1Server.load(async () => broken);
    const fuzzer = new Fuzzer({ ...target, headerBytes: http1Server.headerBytes }, 9112);
    fuzzer.run({ executionsMax: 20_000, seconds: Number.POSITIVE_INFINITY, findingsMax: 1 });
    const [finding] = fuzzer.findings;
    if (finding === undefined) throw new Error('the bug was not found');
    expect((finding.error as Error).message).toMatch(what);

    const written = printFinding('http1-server', target.describe, finding, 9112);
    expect(parseCaseFile('found.md', written)).toHaveLength(1);
    expect(await objections(broken, written)).toEqual([expect.stringMatching(objection)]);

    // Once it is mended, `--input` writes the case that stays.
    const mended = await http1Server.load(async () => sound);
    const kept = mended.describe(finding.input, 'what was wrong').join('\n');
    expect(await objections(sound, kept)).toEqual([null]);
    expect(await objections(broken, kept)).toEqual([expect.stringMatching(objection)]);
  },
);
