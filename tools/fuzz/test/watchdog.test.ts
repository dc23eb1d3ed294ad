import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'holdline-watchdog-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `work`, the text of a function of an input, under a watchdog in a process of its own. */
function run(name: string, work: string, limits: object) {
  const file = join(folder, `${name}.md`);
  const options = JSON.stringify({ silenceMs: 60_000, rssBytesMax: 1e12, ...limits, file });
  const module = join(import.meta.dirname, '..', 'watchdog.mjs');
  const script = `
    import { Watchdog } from ${JSON.stringify(module)};
    const watchdog = await Watchdog.start(${options});
    watchdog.around(Uint8Array.of(1, 2), () => {});
    watchdog.around(Uint8Array.of(7, 255), ${work});
    await watchdog.stop();
    console.log('came to its end');`;
  const args = ['--input-type=module', '--eval', script];
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { signal, stdout, stderr, written: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

test('an execution that does not come back is ended, and its input written down', () => {
  const { signal, stderr, written } = run('silence', '() => { for (;;); }', { silenceMs: 300 });
  expect(signal).toBe('SIGKILL');
  expect(stderr).toContain('fuzz: an execution takes more than 300 ms');
  expect(written).toContain('`07ff`');
});

test('so is one in which memory runs away', () => {
  const { signal, written } = run('memory', '() => { for (;;); }', { rssBytesMax: 1e6 });
  expect(signal).toBe('SIGKILL');
  expect(written).toContain('more than 1000000 bytes are held');
});

test('others are left alone', () => {
  const { signal, stdout, written } = run('none', '() => {}', {});
  expect([signal, stdout, written]).toEqual([null, 'came to its end\n', '']);
});
