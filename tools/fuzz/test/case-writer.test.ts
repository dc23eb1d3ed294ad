// A bug put into the build on purpose: the fuzzer must find it, and what it writes must be a case
// file that the runner of case files fails with the bug, and that is right once the bug is gone.
import { join } from 'node:path';
import { parseCaseFile, runCaseFile } from '@holdline/testkit';
import { afterAll, expect, test } from 'vitest';
import { http1Subject } from '../../../packages/http1/test/subject.mjs';
import { printFinding } from '../findings.mjs';
import { Fuzzer } from '../fuzzer.mjs';
import http1Server from '../targets/http1-server.mjs';
import { Workshop } from './support/injected.ts';

const dist = join(import.meta.dirname, '../../../packages/http1/dist');
const workshop = new Workshop();
afterAll(() => workshop.clear());

const sound = workshop.copy(dist, null);

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
  async (_what, file, text, replacement, what, objection) => {
    const broken = workshop.copy(dist, { file, text, replacement });
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
