// `holdline serve`'s echo, asked by WebSockets that nobody here wrote.
import { describe, expect, test } from 'vitest';
import { WebSocket as WsWebSocket } from 'ws';
import { openPage, serve, useChromium } from './support/chromium.ts';
import { useEcho } from './support/in-page.ts';

useChromium();

describe('the WebSocket of Chromium, in a page', () => {
  test.each([
    [1000, ''],
    [1000, 'bye'],
    [3000, 'ü'.repeat(61)],
    [4999, 'x'],
  ])('closes with %i %s after text and bytes of up to a mebibyte', async (code, reason) => {
    const { url, log } = await serve();
    const { page } = await openPage();
    await page.goto(`${url}.holdline/`);
    const echo = `${url.replace('http', 'ws')}echo`;
    const outcome = await page.evaluate(useEcho, { url: echo, code, reason });
    expect(outcome).toEqual({
      extensions: expect.stringContaining('permessage-deflate'),
      protocol: 'chat',
      echoes: Array(14).fill('same'),
      close: { code, reason, wasClean: true },
    });
    await expect.poll(log).toMatch(new RegExp(`websocket 14 in 14 out \\d+B in closed ${code}\n`));
    await page.context().close();
  });
});

describe.each([
  ['that of Node', globalThis.WebSocket],
  ['that of ws', WsWebSocket as unknown as typeof globalThis.WebSocket],
])('%s', (_name, Implementation) => {
  test('hears an echo, and the end of the server as 1001', async (context) => {
    context.skip(Implementation === undefined, 'this Node has no WebSocket');
    const { url, child } = await serve();
    const socket = new Implementation(`${url.replace('http', 'ws')}echo`);
    const next = <Name extends 'open' | 'message' | 'close'>(name: Name) =>
      new Promise<WebSocketEventMap[Name]>((resolve) => {
        socket.addEventListener(name, resolve as (event: unknown) => void, { once: true });
      });
    await next('open');
    socket.send('hello '.repeat(1000));
    expect((await next('message')).data).toBe('hello '.repeat(1000));
    child.kill('SIGINT');
    expect(await next('close')).toMatchObject({ code: 1001, wasClean: true });
  });
});
