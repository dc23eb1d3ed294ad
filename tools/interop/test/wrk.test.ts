// Load as such, without a figure: nothing is lost, nothing fails.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Origin } from './support/origin.ts';
import { need, run } from './support/programs.ts';

const SCRIPTS = {
  'one request at a time': '',
  'requests pipelined': `
    local bytes
    init = function() bytes = string.rep(wrk.format("GET", "/hello"), 16) end
    request = function() return bytes end`,
  'content to read': `
    wrk.method = "POST"; wrk.body = string.rep("x", 20000); wrk.path = "/echo"`,
};

describe('wrk', () => {
  it.for(Object.entries(SCRIPTS))('with %s', async ([, script], context) => {
    const program = need(context, 'wrk');
    const folder = mkdtempSync(join(tmpdir(), 'holdline-interop-'));
    const origin = await new Origin().start();
    try {
      const file = join(folder, 'script.lua');
      writeFileSync(file, script);
      const args = ['-t1', '-c20', '-d1s', '-s', file, origin.url('/hello')];
      const { code, stdout, stderr } = await run(program, args);
      const text = stdout.toString();
      expect([code, stderr]).toEqual([0, '']);
      expect(text).not.toMatch(/Non-2xx|Socket errors/);
      const requests = Number(/(\d+) requests in/.exec(text)?.[1]);
      expect(requests).toBeGreaterThan(0);
      expect(origin.records.length).toBeGreaterThanOrEqual(requests);
      expect(origin.faults).toEqual([]);
    } finally {
      await origin.server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
