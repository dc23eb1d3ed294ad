// Clients that nobody here wrote, and the files that the command serves to them: downloads that go
// on, copies that are still good, prebuilt files, and a player that seeks.
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { Daemon, freePort, need, type Outcome, run } from './support/programs.ts';

const executablePath = process.env['HOLDLINE_CHROMIUM'] ?? '/usr/bin/chromium';
const mainFile = fileURLToPath(
  new URL('dist/main.js', import.meta.resolve('holdline/package.json')),
);
const bytes = Buffer.from(Array.from({ length: 500_000 }, (_, index) => (index * 31) & 0xff));
const script = 'console.log(42);\n'.repeat(1000);

let folder: string;
let site: string;
let port: number;
let daemon: Daemon;

const url = (path: string): string => `http://127.0.0.1:${port}${path}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  site = mkdtempSync(join(tmpdir(), 'holdline-'));
  const place = (name: string, content: string | Buffer): void => {
    writeFileSync(join(site, name), content);
    utimesSync(join(site, name), 1_500_000_000, 1_500_000_000);
  };
  place('data.bin', bytes);
  place('app.js', script);
  place('app.js.gz', gzipSync(script));
  place('app.js.br', brotliCompressSync(script));
  place('tone.wav', tone(300));
  place('page.html', '<audio preload="metadata" src="tone.wav"></audio>');
  port = await freePort();
  daemon = await Daemon.start(
    process.execPath,
    [mainFile, 'serve', site, '--port', `${port}`],
    port,
  );
});

afterAll(async () => {
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(site, { recursive: true, force: true });
});

/** So many seconds of one tone, uncompressed, so that a player must ask for what it jumps to. */
function tone(seconds: number): Buffer {
  const rate = 44_100;
  const file = Buffer.alloc(44 + rate * 2 * seconds);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  // PCM, one channel, two bytes a sample.
  file.writeUInt32LE(0x0001_0001, 20);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt32LE(0x0010_0002, 32);
  file.write('data', 36);
  file.writeUInt32LE(file.length - 44, 40);
  for (let at = 44; at < file.length; at += 2) {
    file.writeInt16LE(Math.round(3000 * Math.sin(at / 20)), at);
  }
  return file;
}

describe('curl', () => {
  async function curl(context: TestContext, ...args: string[]): Promise<Outcome> {
    const quiet = ['--silent', '--show-error', '--noproxy', '*'];
    const outcome = await run(need(context, 'curl'), [...quiet, ...args]);
    expect(outcome.stderr).toBe('');
    return outcome;
  }

  test('--range', async (context) => {
    const one = await curl(context, '--range', '100-199', url('/data.bin'));
    expect(one.stdout.equals(bytes.subarray(100, 200))).toBe(true);
    const last = await curl(context, '--range', '-7', url('/data.bin'));
    expect(last.stdout.equals(bytes.subarray(-7))).toBe(true);
    const several = await curl(context, '--include', '--range', '0-0,9-9', url('/data.bin'));
    expect(several.stdout.toString()).toMatch(/206 Partial Content.*bytes 9-9\/500000/s);
  });

  test('--continue-at goes on with half a file, and has nothing to do for a whole one', async (context) => {
    const target = join(folder, 'data.bin');
    const args = ['--continue-at', '-', '--output', target, '--write-out', '%{http_code}'];
    writeFileSync(target, bytes.subarray(0, 123_456));
    const half = await curl(context, ...args, url('/data.bin'));
    expect([half.code, half.stdout.toString()]).toEqual([0, '206']);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    const whole = await curl(context, ...args, url('/data.bin'));
    expect([whole.code, whole.stdout.toString()]).toEqual([0, '416']);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  test('--compressed', async (context) => {
    const args = ['--compressed', '--write-out', '\n%{size_download}', url('/app.js')];
    const { stdout } = await curl(context, ...args);
    const [, size] = stdout.toString().split(/\n(?=\d+$)/);
    expect(stdout.toString().startsWith(script)).toBe(true);
    expect(Number(size)).toBeLessThan(script.length / 10);
  });

  test('--time-cond', async (context) => {
    const target = join(folder, 'copy.js');
    const args = ['--write-out', '%{http_code}', '--output', target, '--remote-time'];
    const first = await curl(context, ...args, url('/app.js'));
    const second = await curl(context, ...args, '--time-cond', target, url('/app.js'));
    expect([first.stdout.toString(), second.stdout.toString()]).toEqual(['200', '304']);
    const negated = ['--time-cond', '-Thu, 13 Jul 2017 00:00:00 GMT'];
    const third = await curl(context, ...args, ...negated, url('/app.js'));
    expect(third.stdout.toString()).toBe('412');
  });

  test('--etag-compare', async (context) => {
    const tag = join(folder, 'tag');
    const args = ['--write-out', '%{http_code}', '--output', join(folder, 'tagged.js')];
    const save = [...args, '--etag-save', tag, url('/app.js')];
    const compare = [...args, '--etag-compare', tag, url('/app.js')];
    expect((await curl(context, ...save)).stdout.toString()).toBe('200');
    expect((await curl(context, ...compare)).stdout.toString()).toBe('304');
    writeFileSync(tag, '"another"');
    expect((await curl(context, ...compare)).stdout.toString()).toBe('200');
    // The entity tag is that of what was sent.
    await curl(context, ...save);
    expect((await curl(context, '--compressed', ...compare)).stdout.toString()).toBe('200');
  });
});

test('a player of Chromium jumps to where it has nothing yet', async (context) => {
  const browser = await chromium
    .launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    .catch(() => context.skip(`needs Chromium at ${executablePath}`));
  const page = await browser.newPage();
  const ranges: string[] = [];
  page.on('response', async (response) => {
    const [range, status] = [await response.headerValue('content-range'), response.status()];
    if (response.url().endsWith('.wav')) ranges.push(`${status} ${range}`);
  });
  await page.goto(url('/page.html'));
  for (const seconds of [280, 150, 20]) {
    const reached = await page.evaluate(
      `new Promise((resolve, reject) => {
        const player = document.querySelector('audio');
        player.addEventListener('seeked', () => resolve(player.currentTime));
        player.addEventListener('error', () => reject(player.error));
        player.currentTime = ${seconds};
      })`,
    );
    expect(reached).toBe(seconds);
  }
  expect(ranges[0]).toBe('206 bytes 0-26460043/26460044');
  const last = 280 * 44_100 * 2;
  const starts = ranges.map((range) => Number(/bytes (\d+)-/.exec(range)?.[1]));
  expect(starts.some((start) => start > last / 2 && start <= last + 44)).toBe(true);
  await browser.close();
});
