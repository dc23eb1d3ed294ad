// Chromium's own WebSocket in a page, and a server of ours that sees what it does.
import { type HttpServer, serveHttp } from '@holdline/net';
import {
  type ClosedEvent,
  serveWebSocket,
  type WebSocketConnection,
  type WebSocketMessage,
  type WebSocketServeOptions,
} from '@holdline/net/websocket';
import { pureCompression } from '@holdline/websocket/deflate';
import { nodeCompression } from '@holdline/websocket/node';
import { afterEach, describe, expect, test } from 'vitest';
import { openPage, useChromium } from './support/chromium.ts';
import { awaitClose, echoBlobs, keepSocket, openSocket, useEcho } from './support/in-page.ts';

useChromium();

const closing: HttpServer[] = [];
afterEach(async () => {
  for (const http of closing.splice(0)) await http.close();
});

interface Site {
  /** An empty page. */
  readonly page: string;
  readonly socket: string;
  /** The first connection. */
  readonly opened: Promise<WebSocketConnection>;
  /** Its end. */
  readonly closed: Promise<ClosedEvent>;
}

/** Serves a page, and beside it WebSockets: an echo, unless the options say otherwise. */
async function site(options: WebSocketServeOptions = {}): Promise<Site> {
  let onOpen = (_: WebSocketConnection): void => {};
  const opened = new Promise<WebSocketConnection>((resolve) => {
    onOpen = resolve;
  });
  const echo = serveWebSocket({
    onMessage: (message, connection) => connection.send(message),
    onOpen,
    ...options,
  });
  const http = serveHttp((exchange) => {
    if (exchange.head.target === '/socket') return echo.handle(exchange);
    const fields = [{ name: 'content-type', value: 'text/html' }];
    // Without an icon the browser asks for no more than the page.
    const content = '<link rel="icon" href="data:,"><p>A page.';
    exchange.respond({ status: 200, fields, content });
  });
  closing.push(http);
  const { port } = await http.listen({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const closed = opened.then((connection) => connection.closed);
  return { page: `${url}/`, socket: `${url.replace('http', 'ws')}/socket`, opened, closed };
}

const compressions = {
  'no compression': {},
  'node:zlib': { compression: nodeCompression },
  'plain JavaScript': { compression: pureCompression },
  'both windows kept': {
    compression: nodeCompression,
    deflate: { clientNoContextTakeover: false },
  },
  'small windows': {
    compression: nodeCompression,
    deflate: { clientNoContextTakeover: false, serverMaxWindowBits: 9, clientMaxWindowBits: 9 },
  },
} satisfies Record<string, WebSocketServeOptions>;

describe('the WebSocket of Chromium', () => {
  test.for(Object.entries(compressions))(
    'echoes text, bytes and Blobs: %s',
    async ([, options]) => {
      const compressed = 'compression' in options;
      const {
        page: url,
        socket,
        opened,
        closed,
      } = await site({
        subprotocols: ['superchat'],
        websocket: { compressBytesMin: 0 },
        ...options,
      });
      const { page, complaints } = await openPage();
      await page.goto(url);
      const outcome = await page.evaluate(useEcho, { url: socket, code: 3999, reason: 'bye' });
      const connection = await opened;
      expect(outcome).toEqual({
        extensions: compressed ? expect.stringMatching(/^permessage-deflate/) : '',
        protocol: 'superchat',
        echoes: Array(14).fill('same'),
        close: { code: 3999, reason: 'bye', wasClean: true },
      });
      expect(await closed).toMatchObject({
        code: 3999,
        reason: 'bye',
        startedBy: 'peer',
        observation: 'closing-handshake',
      });
      expect([connection.deflate !== null, connection.failure]).toEqual([compressed, null]);
      // That was 2.4 MB, of which the bytes repeat too late for a small window.
      expect(connection.bytesReceived < 2_000_000).toBe(compressed);
      expect(connection.bytesSent < 2_000_000).toBe(compressed);
      const texts = ['', 'a', 'ü'.repeat(70_000), 'the same', 'the same', 'x'.repeat(1_048_576)];
      expect(await page.evaluate(echoBlobs, { url: socket, texts })).toEqual(texts);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('refers to messages before, where both windows are kept', async () => {
    const {
      page: url,
      socket,
      opened,
      closed,
    } = await site({
      websocket: { compressBytesMin: 0 },
      ...compressions['both windows kept'],
    });
    const { page } = await openPage();
    await page.goto(url);
    const random = Array.from({ length: 3_000 }, () => Math.random().toString(36)[2]).join('');
    const texts = Array<string>(20).fill(random);
    expect(await page.evaluate(echoBlobs, { url: socket, texts })).toEqual(texts);
    await closed;
    const { bytesReceived, bytesSent } = await opened;
    // 60 kB, of which nothing can be made smaller by looking at one at a time.
    expect(bytesReceived).toBeLessThan(16_000);
    expect(bytesSent).toBeLessThan(16_000);
    await page.context().close();
  });

  test.for([
    [1000, '', 'goodbye'],
    [1001, 'away', ''],
    [1011, 'ü'.repeat(61), ''],
    [3000, '', ''],
    [4999, 'x', ''],
  ] as const)('is closed with %i %s, after what was sent before', async ([code, reason]) => {
    const large = new Uint8Array(1_048_576);
    const {
      page: url,
      socket,
      closed,
    } = await site({
      onMessage(message, connection) {
        connection.send(message);
        connection.send(large);
        connection.close(code, reason);
        connection.send('nobody hears this');
      },
    });
    const { page } = await openPage();
    await page.goto(url);
    const greeting = 'ü'.repeat(524_288);
    const outcome = await page.evaluate(awaitClose, { url: socket, greeting });
    expect(outcome.close).toEqual({ code, reason, wasClean: true });
    expect(outcome.received.map((each) => each === greeting || each)).toEqual([true, 1_048_576]);
    expect(await closed).toMatchObject({ code, wasClean: true, startedBy: 'us' });
    await page.context().close();
  });

  test('is told of a Close frame without a code, and of none', async () => {
    const { page: url, socket } = await site({
      onMessage(message, connection) {
        if (message === 'cut') connection.abort();
      },
    });
    const { page } = await openPage();
    await page.goto(url);
    const outcome = await page.evaluate(awaitClose, { url: socket, greeting: 'cut' });
    expect(outcome).toEqual({ received: [], close: { code: 1006, reason: '', wasClean: false } });
    await page.context().close();
  });

  test('says 1001 when its page is left, and 1005 when it is closed for no reason', async () => {
    const ends: ClosedEvent[] = [];
    const { page: url, socket } = await site({ onClosed: (event) => void ends.push(event) });
    const { page } = await openPage();
    await page.goto(url);
    await page.evaluate(keepSocket, socket);
    await page.goto('about:blank');
    await expect.poll(() => ends.length).toBe(1);
    await page.goto(url);
    await page.evaluate(echoBlobs, { url: socket, texts: ['and closes'] });
    await expect.poll(() => ends.length).toBe(2);
    const agreed = { wasClean: true, startedBy: 'peer', observation: 'closing-handshake' };
    expect(ends).toMatchObject([
      { code: 1001, ...agreed },
      { code: 1005, ...agreed },
    ]);
    await page.context().close();
  });

  test('is refused, for its Origin or anything else, and hears no reason', async () => {
    const seen: unknown[] = [];
    const foreign = await site({ origins: ['https://elsewhere.example'] });
    const closed = await site({
      decide(request, { head }) {
        seen.push(request.origin, head.fields.find(({ name }) => name === 'cookie')?.value);
        return { status: 410, content: 'who are you?' };
      },
    });
    const { page, complaints } = await openPage();
    await page.goto(closed.page);
    await page.context().addCookies([{ name: 'id', value: '7', url: closed.page }]);
    expect(await page.evaluate(openSocket, foreign.socket)).toBeNull();
    expect(await page.evaluate(openSocket, closed.socket)).toBeNull();
    expect(seen).toEqual([new URL(closed.page).origin, 'id=7']);
    // Only the person at the browser is told.
    expect(complaints.join('\n')).toMatch(/response code: 403(?:.|\n)*response code: 410/);
    await page.context().close();
  });

  test('is sent messages in pieces and by broadcast, and its own come in pieces', async () => {
    const kinds: WebSocketMessage[] = [];
    const server = serveWebSocket({
      compression: nodeCompression,
      websocket: { delivery: 'pieces', compressBytesMin: 0 },
      async onStream(message, connection) {
        let byteCount = 0;
        for await (const piece of message) byteCount += piece.length;
        kinds.push(message.kind);
        await connection.sendStream('text', ['ü', '', 'x'.repeat(100_000)]);
        await connection.sendStream('binary', [new Uint8Array(5), new Uint8Array(byteCount)]);
        const whole = [new Uint8Array(100_000)];
        await connection.sendStream('binary', whole, { byteCount: 100_000 });
        server.broadcast('to all');
        connection.close();
      },
    });
    const { page: url } = await site();
    const http = serveHttp(server.handle);
    closing.push(http);
    const { port } = await http.listen({ host: '127.0.0.1' });
    const { page } = await openPage();
    await page.goto(url);
    const options = { url: `ws://127.0.0.1:${port}/`, greeting: '.'.repeat(1_048_576) };
    const { received, close } = await page.evaluate(awaitClose, options);
    expect(close).toEqual({ code: 1000, reason: '', wasClean: true });
    expect(kinds).toEqual(['text']);
    const [text, pieces, whole, last] = received;
    expect(text === `ü${'x'.repeat(100_000)}`).toBe(true);
    expect([pieces, whole, last]).toEqual([1_048_581, 100_000, 'to all']);
    await page.context().close();
  });
});
