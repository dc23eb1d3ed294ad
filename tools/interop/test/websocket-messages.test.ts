// Messages of every kind and size, whole and in fragments, compressed and not, between holdline and
// the WebSockets that programs on Node have: `ws` in both roles, undici and Node's own as clients.
import { once } from 'node:events';
import { type HttpServer, serveHttp } from '@holdline/net';
import {
  connectWebSocket,
  serveWebSocket,
  type WebSocketServeOptions,
} from '@holdline/net/websocket';
import { pureCompression } from '@holdline/websocket/deflate';
import { nodeCompression } from '@holdline/websocket/node';
import { WebSocket as UndiciWebSocket } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import WsWebSocket, { WebSocketServer as WsServer } from 'ws';

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1_048_576];
const BYTES_MAX = 4_194_304;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function bytesOf(size: number): Buffer<ArrayBuffer> {
  return Buffer.from(
    Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 255),
  );
}

/** A text of so many bytes of UTF-8, with characters of one and of two. */
function textOf(size: number): string {
  return 'é!'.repeat(Math.floor(size / 3)) + '.'.repeat(size % 3);
}

async function serveEcho(options: WebSocketServeOptions): Promise<string> {
  const server = serveWebSocket({
    onMessage: (message, connection) => connection.send(message),
    ...options,
  });
  const http: HttpServer = serveHttp(server.handle);
  closing.push(() => http.close());
  const { port } = await http.listen();
  return `ws://127.0.0.1:${port}/`;
}

const DEFLATE = {
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
  'no window kept': { compression: nodeCompression, deflate: { serverNoContextTakeover: true } },
} satisfies Record<string, WebSocketServeOptions>;

describe('a server of holdline', () => {
  for (const [name, options] of Object.entries(DEFLATE)) {
    it(`echoes what ws sends, whole and in fragments: ${name}`, async () => {
      const url = await serveEcho({ ...options, websocket: { compressBytesMin: 0 } });
      const client = new WsWebSocket(url, { perMessageDeflate: { threshold: 0 } });
      await once(client, 'open');
      expect(client.extensions !== '').toBe('compression' in options);
      for (const size of SIZES) {
        const bytes = bytesOf(size);
        client.send(bytes);
        const [binary, isBinary] = await once(client, 'message');
        expect([isBinary, bytes.equals(binary)]).toEqual([true, true]);
        const text = textOf(size);
        const third = Math.floor(size / 3);
        client.send(text.slice(0, third), { fin: false });
        client.send('', { fin: false });
        client.send(text.slice(third));
        const [echoed, isText] = await once(client, 'message');
        expect([isText, echoed.toString() === text]).toEqual([false, true]);
      }
      client.close(4001, 'done');
      expect(String(await once(client, 'close'))).toBe('4001,done');
    });
  }

  const clients = { undici: UndiciWebSocket, 'Node itself': globalThis.WebSocket };
  for (const [peer, Client] of Object.entries(clients)) {
    for (const name of ['no compression', 'node:zlib', 'both windows kept'] as const) {
      it(`echoes what ${peer} sends: ${name}`, async (context) => {
        if (Client === undefined) return context.skip(`needs ${peer} with a WebSocket`);
        const url = await serveEcho({ ...DEFLATE[name], websocket: { compressBytesMin: 0 } });
        const client = new Client(url) as WebSocket;
        client.binaryType = 'arraybuffer';
        await once(client, 'open');
        for (const size of SIZES) {
          const bytes = bytesOf(size);
          client.send(bytes);
          const [binary] = (await once(client, 'message')) as [MessageEvent];
          expect(bytes.equals(Buffer.from(binary.data))).toBe(true);
          client.send(textOf(size));
          const [text] = (await once(client, 'message')) as [MessageEvent];
          expect(text.data === textOf(size)).toBe(true);
        }
        client.close(4001, 'done');
        const [event] = (await once(client, 'close')) as [CloseEvent];
        expect([event.code, event.reason, event.wasClean]).toEqual([4001, 'done', true]);
      });
    }
  }

  it('sends them messages in pieces, declared and compressed', async () => {
    const url = await serveEcho({
      compression: nodeCompression,
      onMessage: async (message, connection) => {
        const data = message as Uint8Array;
        const pieces = [data.subarray(0, 1_000), new Uint8Array(0), data.subarray(1_000)];
        await connection.sendStream('binary', pieces, { byteCount: data.length });
        await connection.sendStream('binary', pieces, { compress: true });
      },
    });
    for (const Client of [WsWebSocket, UndiciWebSocket]) {
      const client = new Client(url) as WebSocket;
      client.binaryType = 'arraybuffer';
      await once(client, 'open');
      const received: MessageEvent[] = [];
      const both = new Promise<void>((resolve) => {
        client.addEventListener('message', (event) => {
          received.push(event);
          if (received.length === 2) resolve();
        });
      });
      client.send(bytesOf(200_000));
      await both;
      for (const { data } of received) {
        expect(bytesOf(200_000).equals(Buffer.from(data as ArrayBuffer))).toBe(true);
      }
      client.close();
      await once(client, 'close');
    }
  });

  it('broadcasts to all of them', async () => {
    const server = serveWebSocket({ compression: nodeCompression });
    const http = serveHttp(server.handle);
    closing.push(() => http.close());
    const { port } = await http.listen();
    const url = `ws://127.0.0.1:${port}/`;
    const plain = new WsWebSocket(url, { perMessageDeflate: false });
    const compressed = new WsWebSocket(url);
    const undici = new UndiciWebSocket(url);
    await Promise.all([once(plain, 'open'), once(compressed, 'open'), once(undici, 'open')]);
    for (const text of [textOf(3_000), textOf(100), textOf(200_000), textOf(3_000)]) {
      const all = Promise.all([
        once(plain, 'message').then(([data]) => String(data)),
        once(compressed, 'message').then(([data]) => String(data)),
        once(undici, 'message').then(([event]) => String(event.data)),
      ]);
      expect(server.broadcast(text)).toBe(3);
      expect((await all).map((each) => each === text)).toEqual([true, true, true]);
      for (const connection of server.connections) connection.send(text);
      await Promise.all([
        once(plain, 'message'),
        once(compressed, 'message'),
        once(undici, 'message'),
      ]);
    }
    const ends = Promise.all([
      once(plain, 'close'),
      once(compressed, 'close'),
      once(undici, 'close'),
    ]);
    expect(await server.close({ reason: 'over' })).toMatchObject({ closed: 3, cut: 0 });
    const [[first], [second], [third]] = await ends;
    expect([first, second, third.code]).toEqual([1001, 1001, 1001]);
  });
});

describe('a client of holdline', () => {
  const offers = {
    'no compression': {},
    'node:zlib': { compression: nodeCompression },
    'plain JavaScript': { compression: pureCompression },
    'small windows': {
      compression: nodeCompression,
      deflate: [{ serverMaxWindowBits: 9, clientMaxWindowBits: 9 }],
    },
    'no window kept': {
      compression: nodeCompression,
      deflate: [{ serverNoContextTakeover: true, clientNoContextTakeover: true }],
    },
  };
  for (const [name, options] of Object.entries(offers)) {
    it(`hears ws echo, whole and in fragments: ${name}`, async () => {
      const server = new WsServer({
        port: 0,
        host: '127.0.0.1',
        maxPayload: BYTES_MAX,
        perMessageDeflate: { threshold: 0 },
      });
      closing.push(() => server.close());
      await once(server, 'listening');
      server.on('connection', (peer) => {
        peer.on('message', (data: Buffer, isBinary: boolean) => {
          const half = data.length >> 1;
          peer.send(data, { binary: isBinary });
          peer.send(data.subarray(0, half), { binary: isBinary, fin: false });
          peer.send(data.subarray(half), { binary: isBinary, fin: true });
        });
      });
      const { port } = server.address() as { port: number };
      const client = await connectWebSocket(`ws://127.0.0.1:${port}/`, {
        ...options,
        websocket: { compressBytesMin: 0 },
      });
      expect(client.deflate !== null).toBe('compression' in options);
      const messages = client[Symbol.asyncIterator]();
      const next = async (): Promise<unknown> => (await messages.next()).value;
      for (const size of SIZES) {
        client.send(bytesOf(size));
        for (let count = 0; count < 2; count++) {
          expect(bytesOf(size).equals((await next()) as Uint8Array)).toBe(true);
        }
        const text = textOf(size);
        await client.sendStream('text', [text.slice(0, size >> 2), '', text.slice(size >> 2)]);
        for (let count = 0; count < 2; count++) expect((await next()) === text).toBe(true);
      }
      expect(await client.ping()).toBeGreaterThanOrEqual(0);
      expect(await client.close(4001, 'done')).toMatchObject({ code: 4001, wasClean: true });
    });
  }

  it('hears why ws refuses, and how it ends', async () => {
    const server = new WsServer({
      port: 0,
      host: '127.0.0.1',
      verifyClient: (_info, decide) => decide(_info.origin !== 'http://bad', 402, 'Pay'),
    });
    closing.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const url = `ws://127.0.0.1:${port}/`;
    const refused = await connectWebSocket(url, { origin: 'http://bad' }).catch((error) => error);
    expect(refused).toMatchObject({ code: 'WEBSOCKET_REFUSED', response: { status: 402 } });
    server.on('connection', (peer) => peer.on('message', () => peer.terminate()));
    const client = await connectWebSocket(url);
    client.send('go');
    expect(await client.closed).toMatchObject({ code: 1006, wasClean: false, startedBy: null });
  });
});
