// The live page for everybody: by keyboard and by ear, in the dark, on a narrow screen, without
// motion, and without scripts.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openContext, openPage, results, serve, useChromium } from './support/chromium.ts';
import { faintTexts, layoutShift, longestTransition, overflows } from './support/in-page.ts';

let url: string;

useChromium();

beforeAll(async () => {
  ({ url } = await serve('--idle', '300', '--requests', '1000'));
  url += '.holdline/';
});

/** The live page with something to see on it. */
async function visit(options: Parameters<typeof openContext>[0] = {}): Promise<Page> {
  const { page } = await openPage(await openContext(options));
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Answer and close/ }).click();
  await page.getByText('local-close').waitFor();
  return page;
}

test('has landmarks, headings, a table and a log, by their names', async () => {
  const page = await visit();
  expect(await page.title()).toBe('Live connections · holdline');
  for (const role of ['banner', 'main', 'contentinfo'] as const) {
    expect(await page.getByRole(role).count()).toBe(1);
  }
  const regions = page.getByRole('region');
  expect(await regions.count()).toBe(3);
  expect(await page.getByRole('heading').allTextContents()).toEqual([
    'Live connections',
    'Make it do something',
    'Connections',
    'WebSockets',
    'Their last frames',
  ]);
  expect(await page.getByRole('log', { name: 'What happened' }).count()).toBe(1);
  expect(await page.getByRole('table', { name: /^\d open, 1 closed within/ }).count()).toBe(1);
  expect(await page.getByRole('table', { name: /^1 open$/ }).count()).toBe(1);
  expect(await page.getByRole('list', { name: 'Their last frames' }).count()).toBe(1);
  expect(await page.getByRole('columnheader').allTextContents()).toEqual([
    'Connection',
    'State',
    'Time left, or why closed',
    'Keep-Alive',
    'Requests',
    'Bytes in, out',
    'Last request',
    'Connection',
    'State',
    'Round trip',
    'Messages in, out',
    'Bytes in, out',
    'What it is, or how it ended',
  ]);
  const webSockets = await page.getByRole('table').nth(1).ariaSnapshot();
  expect(webSockets).toMatch(/row "#\d+ this page port \d+, .* old Open .* \/live not compressed"/);
  const snapshot = await page.getByRole('table').first().ariaSnapshot();
  expect(snapshot).toMatch(/row "#\d+ port \d+, .* old Closed The response said .* local-close/);
  expect(snapshot).toMatch(/row "#\d+ port .* Idle \d min \d\d s as announced timeout=300, max=/);
  await page.context().close();
});

test('is worked by keyboard alone, and shows where', async () => {
  const page = await visit();
  await page.keyboard.press('Tab');
  const reached: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    const focused = page.locator(':focus');
    reached.push(((await focused.textContent()) ?? '').trim().replace(/\s+/g, ' '));
    expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe(
      'solid',
    );
    if (reached.at(-1)?.startsWith('Make a request')) break;
    await page.keyboard.press('Shift+Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByText(/Answered over connection \d+, as its request \d+\.$/).waitFor();
  await page.keyboard.press('Space');
  await page
    .getByText(/Answered over connection \d+, as its request \d+\.$/)
    .nth(1)
    .waitFor();
  await page.context().close();
});

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each([
    [320, 640],
    [768, 1000],
    [1280, 900],
  ])('at %i by %i all is legible, in its place, and stays there', async (width, height) => {
    const page = await visit({ viewport: { width, height }, colorScheme });
    expect(await page.evaluate(overflows)).toBe(false);
    expect(await page.evaluate(faintTexts)).toEqual([]);
    const name = `live-page-${colorScheme}-${width}.png`;
    await page.screenshot({ path: join(results, name), fullPage: true });
    // A card more on a narrow screen moves what is below it.
    if (width === 1280) expect(await page.evaluate(layoutShift)).toBe(0);
    await page.context().close();
  });
});

test('is a table for the ear even where the eye sees cards', async () => {
  const page = await visit({ viewport: { width: 320, height: 640 } });
  expect(await page.getByRole('columnheader').count()).toBe(13);
  const cells = page.getByRole('row').filter({ hasText: 'this page' }).getByRole('cell');
  expect(await cells.count()).toBe(5);
  await page.context().close();
});

test('moves nothing for who wants no motion', async () => {
  const moving = await visit();
  expect(await moving.evaluate(longestTransition)).toBeGreaterThan(0);
  await moving.context().close();
  const still = await visit({ reducedMotion: 'reduce' });
  expect(await still.evaluate(longestTransition)).toBe(0);
  await still.context().close();
});

test('says without scripts what it would need them for', async () => {
  const { page, complaints } = await openPage(await openContext({ javaScriptEnabled: false }));
  await page.goto(url);
  const notice = page.locator('.notice');
  expect(await notice.isVisible()).toBe(true);
  expect(await notice.textContent()).toContain('takes JavaScript');
  expect(await page.getByRole('button').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'holdline' }).getAttribute('href')).toBe('/');
  await page.screenshot({ path: join(results, 'live-page-without-scripts.png'), fullPage: true });
  // Modules that the page announces are given up where they cannot run.
  expect(complaints.filter((text) => !text.endsWith('.js'))).toEqual([]);
  await page.context().close();
});
