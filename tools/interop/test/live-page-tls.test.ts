// The command's https page and its live page in a browser, by the development certificate.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openContext, openPage, results, serve, useChromium } from './support/chromium.ts';
import { overflows } from './support/in-page.ts';

const before = process.env['XDG_CONFIG_HOME'];
let folder: string;

useChromium();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  // Nothing of the user's is touched.
  process.env['XDG_CONFIG_HOME'] = folder;
});

afterAll(() => {
  if (before === undefined) delete process.env['XDG_CONFIG_HOME'];
  else process.env['XDG_CONFIG_HOME'] = before;
  rmSync(folder, { recursive: true, force: true });
});

/** A browser whose user has said that he knows. */
const trusting = (width = 1280, height = 1000) =>
  openContext({ ignoreHTTPSErrors: true, viewport: { width, height } });

async function visit(page: Page, url: string): Promise<void> {
  await page.goto(`${url}.holdline/`);
  await page.getByText('Live', { exact: true }).waitFor();
}

test('nobody trusts the certificate unasked, and the log says so', async () => {
  const { url, log } = await serve('--tls');
  const { page } = await openPage();
  await expect(page.goto(url)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
  await expect.poll(log).toMatch(/ no handshake: TLS_/);
  await page.context().close();
});

describe.each(['holdline', 'node'])('by the engine %s', (engine) => {
  test('the page, its requests and its WebSockets come by TLS 1.3', async () => {
    const { url } = await serve('--tls', '--tls-engine', engine);
    expect(url).toMatch(/^https:/);
    const { page, complaints } = await openPage(await trusting());
    await visit(page, url);
    const table = page.getByRole('table').filter({ hasText: 'Cipher suite, group' });
    const own = table.getByRole('row').filter({ hasText: 'this page' });
    expect(await own.textContent()).toMatch(/TLS 1\.3.*TLS_(AES|CHACHA20)/);
    expect(await own.textContent()).toContain('http/1.1');
    await page.getByRole('button', { name: /^Make five at once/ }).click();
    await page.getByText(/5 requests answered over connections [\d, ]+\./).waitFor();
    await page.getByRole('button', { name: /^Open a WebSocket/ }).click();
    await page.getByText(/A WebSocket to \/echo is open/).waitFor();
    await page.getByRole('button', { name: /^Send a mebibyte/ }).click();
    await page.getByText(/1\.0 MiB came back after/).waitFor();
    const keys = page.getByRole('button', { name: /^Update the keys/ });
    expect(await keys.isVisible()).toBe(engine === 'holdline');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test('a click updates the keys both ways, and the page shows it', async () => {
  const { url } = await serve('--tls');
  const { page, complaints } = await openPage(await trusting());
  await visit(page, url);
  await page.getByRole('button', { name: /^Update the keys/ }).click();
  const line = page.getByText(/^\S+ The server has updated its keys of connection \d+\.$/);
  const [, id] = /connection (\d+)/.exec((await line.textContent()) ?? '') ?? [];
  const table = page.getByRole('table').filter({ hasText: 'Cipher suite, group' });
  const row = table.getByRole('row').filter({ has: page.getByText(`#${id}`, { exact: true }) });
  await row.getByText('1 out').waitFor();
  // The browser's come with its next request.
  await page.getByRole('button', { name: /^Make a request/ }).click();
  await row.getByText('1 in').waitFor();
  await page.screenshot({ path: join(results, 'live-page-tls.png'), fullPage: true });
  expect(complaints).toEqual([]);
  await page.context().close();
});

test.each([320, 800])('nothing is wider than a screen of %d px', async (width) => {
  const { url } = await serve('--tls');
  const { page } = await openPage(await trusting(width, 900));
  await visit(page, url);
  await page.getByRole('button', { name: /^Update the keys/ }).click();
  await page.getByText(/The server has updated its keys/).waitFor();
  expect(await page.evaluate(overflows)).toBe(false);
  await page.screenshot({ path: join(results, `live-page-tls-${width}.png`), fullPage: true });
  await page.context().close();
});
