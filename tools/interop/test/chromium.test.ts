// The pages of the command in a browser: what it shows, and over which connection.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, results, serve, useChromium } from './support/chromium.ts';

let folder: string;

useChromium();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the built-in page counts requests on one connection', async () => {
  const { url } = await serve();
  const { page, complaints } = await openPage();
  await page.goto(url);
  const now = page.locator('#now');
  const seen: unknown[] = [];
  for (let number = 1; number <= 6; number++) {
    const [connection, request] = [
      await now.getAttribute('data-connection'),
      await now.getAttribute('data-request'),
    ];
    seen.push({ connection, request });
    if (number < 6)
      await Promise.all([
        page.waitForEvent('load'),
        page.getByRole('link', { name: 'Ask again' }).click(),
      ]);
  }
  await page.screenshot({ path: join(results, 'built-in-page.png'), fullPage: true });
  const expected = Array.from({ length: 6 }, (_, index) => ({
    connection: '1',
    request: String(index + 1),
  }));
  expect(seen).toEqual(expected);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a folder is listed, and its links lead to its files', async () => {
  const name = `<img src=x onerror=alert(1)> & "quotes" 100%.txt`;
  writeFileSync(join(folder, name), 'the content');
  mkdirSync(join(folder, 'sub'));
  const html = '<h1>before</h1><script src="code.js"></script>';
  writeFileSync(join(folder, 'sub', 'page.html'), html);
  // Browsers ask for it, once they show something that is no page of ours.
  writeFileSync(join(folder, 'favicon.ico'), '');
  const code = `document.querySelector('h1').textContent = 'after';`;
  writeFileSync(join(folder, 'sub', 'code.js'), code);
  const { url, log } = await serve(folder);
  const { page, complaints } = await openPage();
  await page.goto(url);
  await page.screenshot({ path: join(results, 'listing.png') });
  await page.getByRole('link', { name }).click();
  expect(await page.locator('body').textContent()).toBe('the content');
  await page.goto(`${url}sub`);
  expect(page.url()).toBe(`${url}sub/`);
  await page.getByRole('link', { name: 'page.html' }).click();
  await page.getByText('after').waitFor();
  expect(complaints).toEqual([]);
  await expect.poll(log).toMatch(/ "GET \/sub" 301 /);
  await expect.poll(log).toMatch(/ "GET \/sub\/code\.js" 200 /);
  await page.close();
});

test('a page of another name cannot read what is served here', async () => {
  const { url } = await serve(folder);
  const { page } = await openPage();
  // A name that leads to this machine, as an attacker's would after rebinding it.
  const rebound = url.replace('127.0.0.1', 'evil.localhost');
  const response = await page.goto(rebound);
  expect(response?.status()).toBe(421);
  await page.close();
});
