// The live page in a browser, by what its visitors do: look, click, press keys, wait.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openContext, openPage, results, serve, useChromium } from './support/chromium.ts';
import { flood, openSocket, overflows, reachFor } from './support/in-page.ts';

const PATH = '.holdline/';

let folder: string;

useChromium();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  // Without an icon, lest the request for it be the last one.
  const html = '<title>mine</title><link rel="icon" href="data:,"><h1>A page of mine</h1>';
  writeFileSync(join(folder, 'index.html'), html);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens the live page, and waits until it is told of connections. */
async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url + PATH);
  await page.getByText('Live', { exact: true }).waitFor();
}

const rowOf = (page: Page, id: string): Locator =>
  page.getByRole('row').filter({ has: page.getByText(`#${id}`, { exact: true }) });

const ask = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name: new RegExp(`^${name}`) }).click();

/** What the log says last that matches, as the parts of the match. */
async function news(page: Page, pattern: RegExp): Promise<string[]> {
  const line = page.getByRole('log').getByText(pattern).last();
  const text = (await line.textContent()) ?? '';
  return (pattern.exec(text) ?? []).slice(1);
}

/** The connections that the page shows, as `#1`. */
const shown = (page: Page): Promise<string[]> =>
  page.getByRole('rowheader').locator('b').allTextContents();

describe('connections', () => {
  test('that of the feed is marked, and a click makes another one count down to its end', async () => {
    const { url, log } = await serve('--idle', '5', '--requests', '50');
    const { page, complaints } = await openPage();
    await visit(page, url);
    const own = page.getByRole('row').filter({ hasText: 'this page' });
    expect(await own.count()).toBe(1);
    expect(await own.textContent()).toContain('/live');
    await ask(page, 'Make a request');
    const answered = /Answered over connection (\d+), as its request (\d+)\./;
    const [id = '', request = ''] = await news(page, answered);
    const row = rowOf(page, id);
    expect(await own.getByRole('rowheader').textContent()).not.toContain(`#${id} `);
    const cells = row.getByRole('cell');
    await expect.poll(() => cells.nth(3).textContent()).toContain(request);
    expect(await cells.nth(2).textContent()).toContain(`timeout=5, max=${50 - Number(request)}`);
    const seen = await secondsSeen(cells.nth(1));
    expect(seen).toEqual(seen.toSorted((left, right) => right - left));
    expect(new Set(seen).size).toBeGreaterThan(1);
    await row.getByText('No request came in time.').waitFor();
    expect(await cells.nth(0).textContent()).toContain('Closed');
    expect(await cells.nth(1).textContent()).toContain('idle-timeout');
    await expect.poll(log).toContain(` #${id} closed idle-timeout ${request} requests `);
    expect(await own.textContent()).toContain('Open');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('are used as the buttons say', async () => {
    const { url } = await serve();
    const { page } = await openPage();
    await visit(page, url);
    await ask(page, 'Make five at once');
    await news(page, /5 requests answered over connections [\d, ]+\./);
    await ask(page, 'Answer and close');
    const [closed = ''] = await news(page, /connection (\d+), as its request \d+, and closes it\./);
    await rowOf(page, closed).getByText('local-close').waitFor();
    expect(await rowOf(page, closed).textContent()).toContain('The response said that it would');
    await ask(page, 'Cut it off');
    await news(page, /The server cut the response off, as asked\./);
    const cut = page.getByRole('row').filter({ hasText: 'The server cut it.' });
    await cut.getByText(/^cut, \d+ s ago$/).waitFor();
    await ask(page, 'Make a slow one');
    const slow = page.getByRole('row').filter({ hasText: 'Answering' });
    await slow.getByText('until the response is out').waitFor();
    await page.screenshot({ path: join(results, 'live-page.png'), fullPage: true });
    await slow.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('of other pages are shown, those of another browser are not', async () => {
    const { url } = await serve(folder);
    const [ada, bob] = [await openContext(), await openContext()];
    const { page: adas, complaints } = await openPage(ada);
    const { page: bobs } = await openPage(bob);
    await visit(adas, url);
    await visit(bobs, url);
    const { page: other } = await openPage(ada);
    await other.goto(`${url}?of=ada`);
    await adas.getByRole('cell', { name: '/?of=ada' }).waitFor();
    const [adasIds, bobsIds] = [await shown(adas), await shown(bobs)];
    expect(adasIds.filter((id) => bobsIds.includes(id))).toEqual([]);
    expect(await bobs.locator('body').textContent()).not.toContain('of=ada');
    // A second page of the same browser is one more feed, which the first one names.
    await visit(other, url);
    await adas.getByText('another live page').waitFor();
    expect(complaints).toEqual([]);
    await ada.close();
    await bob.close();
  });

  test('are not told to the pages of another port', async () => {
    const { url, log } = await serve();
    const stranger = await serve(folder);
    const context = await openContext();
    const { page } = await openPage(context);
    await visit(page, url);
    await page.goto(stranger.url);
    const outcomes = await page.evaluate(reachFor, `${url}${PATH}probe`);
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused']);
    // Scripts of other origins may open any WebSocket; the server must tell by the Origin.
    const feed = `${url.replace('http', 'ws')}live`;
    expect(await page.evaluate(openSocket, feed)).toBeNull();
    await expect.poll(log).toMatch(/"GET \/live" 403 /);
    await context.close();
  });
});

describe('WebSockets', () => {
  test('are opened, used and closed by buttons, and shown as the server sees them', async () => {
    const { url, log } = await serve();
    const { page, complaints } = await openPage();
    await visit(page, url);
    for (const name of ['Send a message', 'Send a mebibyte', 'Close it']) {
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    }
    await ask(page, 'Open a WebSocket');
    await news(page, /A WebSocket to \/echo is open, with permessage-deflate\./);
    const row = page.getByRole('row').filter({ hasText: '/echo' });
    await row.getByText('permessage-deflate').waitFor();
    await ask(page, 'Send a message');
    await news(page, /25 characters came back after \d+(?:\.\d)? ms\./);
    await ask(page, 'Send a mebibyte');
    await news(page, /1\.0 MiB came back after \d+(?:\.\d)? ms\./);
    const messages = row.getByRole('cell').nth(2);
    await expect.poll(() => messages.textContent()).toMatch(/2 in\s+2 out/);
    // After five silent seconds the server pings.
    await row.getByText(/\d ms smoothed, 1 ping/).waitFor();
    const frames = page.getByRole('list', { name: 'Their last frames' });
    const [id = ''] = /#\d+/.exec((await row.textContent()) ?? '') ?? [];
    expect(await framesOf(frames, id)).toEqual([
      'from the browser text FIN RSV1 MASK N B',
      'from the server text FIN 25 B',
      'from the browser binary FIN RSV1 MASK N KiB',
      'from the server binary FIN RSV1 N KiB',
      'from the server ping FIN 4 B',
      'from the browser pong FIN MASK 4 B round trip N ms',
    ]);
    await ask(page, 'Close it');
    await news(page, /The WebSocket to \/echo was closed cleanly: 1000 “bye”\./);
    await page.getByRole('cell', { name: /1000 “bye”, by the browser Both sides/ }).waitFor();
    expect((await framesOf(frames, id)).slice(-3)).toEqual([
      'from the browser close FIN MASK 5 B 1000 “bye”',
      'from the server close FIN 5 B 1000 “bye”',
      'ended closing-handshake, likely agreed: Both sides sent a Close frame.',
    ]);
    await news(page, /WebSocket \d+ is closed\. 1000 “bye”, by the browser\./);
    expect(log()).toMatch(/"GET \/echo" 101 .* websocket 2 in 2 out \d+B in closed 1000\n/);
    // The focus is not lost with the button that had it.
    expect(await page.locator(':focus').textContent()).toContain('Open a WebSocket');
    expect(complaints).toEqual([]);
    await page.screenshot({ path: join(results, 'live-page-websockets.png'), fullPage: true });
    await page.context().close();
  });

  test('of a program with the cookie are diagnosed when they break', async () => {
    const { url } = await serve();
    const context = await openContext();
    const { page } = await openPage(context);
    await visit(page, url);
    const [cookie] = await context.cookies();
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    const lines = [
      'GET /echo HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      `Cookie: ${cookie?.name}=${cookie?.value}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await page.getByRole('row').filter({ hasText: '/echo' }).waitFor();
    // Not masked, as only a server may send it.
    socket.write(Buffer.of(0x81, 0x01, 0x61));
    await page.getByRole('cell', { name: /^protocol-error, likely this-side/ }).waitFor();
    const listed = page.getByRole('list', { name: 'Their last frames' });
    const why = 'unmasked frame at byte 0 of the input (RFC 6455 section 5.1).';
    expect((await listed.getByRole('listitem').allTextContents()).join('\n')).toContain(why);
    socket.destroy();
    await context.close();
  });

  test('that are flooded are told of in a few lines, which say how much it was', async () => {
    const { url } = await serve();
    const { page, complaints } = await openPage();
    await visit(page, url);
    await page.evaluate(flood, `${url.replace('http', 'ws')}echo`);
    const row = page.getByRole('row').filter({ hasText: '/echo' });
    await expect
      .poll(() => row.getByRole('cell').nth(2).textContent())
      .toMatch(/5000 in\s+5000 out/);
    const lines = page.getByRole('list', { name: 'Their last frames' }).getByRole('listitem');
    await lines
      .getByText(/^(?:text|binary) × \d+$/)
      .first()
      .waitFor();
    expect(await lines.count()).toBeLessThanOrEqual(14);
    await page.screenshot({ path: join(results, 'live-page-flood.png'), fullPage: true });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each(
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      [1280, 768, 320].map((width) => ({ colorScheme, width })),
    ),
  )('fit into $width pixels, $colorScheme', async ({ colorScheme, width }) => {
    const { url } = await serve();
    const context = await openContext({ colorScheme, viewport: { width, height: 900 } });
    const { page } = await openPage(context);
    await visit(page, url);
    await ask(page, 'Open a WebSocket');
    await ask(page, 'Send a message');
    await news(page, /25 characters came back/);
    await ask(page, 'Close it');
    await page.getByText('likely agreed').waitFor();
    expect(await page.evaluate(overflows)).toBe(false);
    await page.screenshot({
      path: join(results, `live-${colorScheme}-${width}.png`),
      fullPage: true,
    });
    await context.close();
  });

  test('that are not offered are not opened', async () => {
    const { url } = await serve('--no-echo');
    const { page } = await openPage();
    await visit(page, url);
    await ask(page, 'Open a WebSocket');
    await news(page, /The WebSocket was not opened\. The server may run with --no-echo\./);
    await page.context().close();
  });
});

describe('the end of the server', () => {
  test('is told first, and the page is back with the server', async () => {
    const first = await serve();
    const { page } = await openPage();
    await visit(page, first.url);
    await ask(page, 'Make a slow one');
    await page.getByRole('row').filter({ hasText: 'Answering' }).waitFor();
    first.child.kill('SIGINT');
    await page.getByRole('log').getByText('The server is shutting down.').waitFor();
    // What is under way is finished all the same.
    await news(page, /Answered over connection \d+/);
    expect(await first.exit).toBe(0);
    expect(first.log()).toMatch(
      /SIGINT: 1 live page told, waiting for 1 request on \d+ connection/,
    );
    expect(first.log()).toMatch(
      /done in \d+\.\d s: 1 request finished, \d+ connections? closed\n$/,
    );
    const lines = first.log().split('\n');
    const place = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line));
    const feedEnd = place(/"GET \/live" 101 .* websocket 0 in \d+ out \d+B in closed 1001$/);
    expect(feedEnd).toBeGreaterThan(0);
    expect(feedEnd).toBeLessThan(place(/kind=slow" 200/));
    await page.getByText('The server does not answer.').first().waitFor();
    await page.screenshot({ path: join(results, 'live-page-ended.png'), fullPage: true });
    const port = new URL(first.url).port;
    await serve('--port', port);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('log').getByText('Live again.').waitFor();
    expect(await shown(page)).toContain('#1');
    await page.context().close();
  });

  test('of a feed alone, because too many pages are open, can be undone', async () => {
    const { url } = await serve();
    const context = await openContext();
    const pages: Page[] = [];
    for (let count = 0; count < 4; count += 1) {
      const { page } = await openPage(context);
      await visit(page, url);
      pages.push(page);
    }
    const [oldest] = pages;
    await oldest?.getByText('Watching goes on in another tab.').first().waitFor();
    await oldest?.getByRole('button', { name: 'Watch here' }).click();
    await oldest?.getByText('Live', { exact: true }).waitFor();
    await pages[1]?.getByText('Watching goes on in another tab.').first().waitFor();
    await context.close();
  });
});

/** The frames of a connection, oldest first, without what differs from time to time. */
async function framesOf(list: Locator, id: string): Promise<string[]> {
  const lines = await list.getByRole('listitem').allTextContents();
  return lines
    .filter((line) => line.includes(`${id} `))
    .map((line) =>
      line
        .replace(/^.*?#\d+\s+/, '')
        .replace(/\d+\.\d (ms|KiB)/, 'N $1')
        .replace(/(RSV1(?: MASK)?) +\d+ B/, '$1 N B')
        .replace(/× \d+/, '× N')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .reverse();
}

/** The seconds that a countdown shows, as they change, until there are three of them or it is over. */
async function secondsSeen(cell: Locator): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < 3) {
    const seconds = /^(\d+) s /.exec((await cell.textContent()) ?? '')?.[1];
    if (seconds === undefined) break;
    if (Number(seconds) !== seen.at(-1)) seen.push(Number(seconds));
  }
  return seen;
}
