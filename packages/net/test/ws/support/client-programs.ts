// What clients of `ws` do, each a list of what it sees; run on `ws` and on our facade.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import {
  type AnySocket,
  expectLength,
  type Program,
  thrown,
  untilClosed,
  withRawServer,
  withServer,
} from './observing.ts';

const DEFLATE = { perMessageDeflate: { threshold: 0 } };

/** By what they are about. */
export const CLIENT_PROGRAMS: Readonly<Record<string, Program>> = {
  'refuses addresses': ({ WebSocket }) =>
    ['', 'foo', 'ftp://h', 'ws://h#f', 'ws+unix:', 'http://:1'].map((address) =>
      thrown(() => new WebSocket(address)),
    ),
  'refuses subprotocols and versions': ({ WebSocket }) => [
    thrown(() => new WebSocket('ws://h', 'a b')),
    thrown(() => new WebSocket('ws://h', ['a', 'a'])),
    thrown(() => new WebSocket('ws://h', { protocols: ['é'] })),
    (thrown(() => new WebSocket('ws://h', { protocolVersion: 12 })) as string[])[0],
  ],
  'has constants': ({ WebSocket }) => [
    [WebSocket.CONNECTING, WebSocket.OPEN, WebSocket.CLOSING, WebSocket.CLOSED],
    [WebSocket.prototype.CONNECTING, WebSocket.prototype.CLOSED],
  ],
  'wants one way to get connections': ({ WebSocketServer }) => [
    thrown(() => new WebSocketServer({})),
    thrown(() => new WebSocketServer({ port: 0, noServer: true })),
    thrown(() => new WebSocketServer({ noServer: true }).address()),
  ],
  'echoes with compression': (module) =>
    withServer(module, DEFLATE, async (server, url) => {
      server.on('connection', (socket) => {
        socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }));
      });
      const socket = new module.WebSocket(url, ['x', 'y'], DEFLATE);
      let count = 0;
      socket.on('open', () => {
        for (const text of ['', 'a', 'é'.repeat(5000)]) socket.send(text);
        socket.send(Buffer.alloc(70_000, 'ab'), { compress: false });
      });
      socket.on('message', () => {
        count += 1;
        if (count === 4) socket.close(1000, 'done');
      });
      return untilClosed(socket);
    }),
  'sends fragments, numbers, views and Blobs in order': (module) =>
    withServer(module, {}, async (server, url) => {
      const socket = new module.WebSocket(url);
      const [connected] = await once(server, 'connection');
      const log = untilClosed(connected as AnySocket);
      if (socket.readyState !== module.WebSocket.OPEN) await once(socket, 'open');
      socket.send('Fr', { fin: false });
      socket.send('ag', { fin: false });
      socket.send('ment');
      socket.send(42);
      socket.send(new Uint16Array([0x6161, 0x6262]));
      socket.send(new DataView(Buffer.from('view').buffer, 0, 0));
      socket.send(Buffer.from('text'), { binary: false });
      socket.send('bytes', { binary: true });
      socket.send(new Blob(['blob']));
      socket.send('behind it');
      socket.send([97, 98] as readonly number[]);
      socket.ping('p');
      socket.pong(7);
      socket.close(4321);
      return log;
    }),
  'calls back, in order and never at once': (module) =>
    withServer(module, {}, async (_server, url) => {
      const socket = new module.WebSocket(url);
      await once(socket, 'open');
      const log: unknown[] = [];
      const closed = untilClosed(socket);
      socket.send('1', (error) => log.push(['1', error ?? null]));
      socket.send(Buffer.alloc(200_000), {}, (error) => log.push(['2', error ?? null]));
      socket.ping('x', undefined, (error) => log.push(['ping', error ?? null]));
      socket.send('3', (error) => log.push(['3', error ?? null]));
      log.push('sent');
      await expectLength(log, 5);
      socket.close();
      log.push(socket.readyState);
      socket.send('late', (error) => log.push(error?.message));
      socket.ping('late', (error: Error | undefined) => log.push(error?.message));
      log.push(socket.bufferedAmount > 0);
      await closed;
      return [...log, socket.bufferedAmount];
    }),
  'cannot send while connecting': (module) =>
    withServer(module, {}, async (_server, url) => {
      const socket = new module.WebSocket(url);
      const log: unknown[] = [thrown(() => socket.send('x')), thrown(() => socket.ping())];
      socket.pause();
      log.push(socket.isPaused);
      const closed = untilClosed(socket);
      socket.close();
      log.push(socket.readyState);
      return [...log, ...(await closed)];
    }),
  'terminates while connecting': (module) =>
    withServer(module, {}, async (_server, url) => {
      const socket = new module.WebSocket(url);
      const closed = untilClosed(socket);
      socket.terminate();
      return closed;
    }),
  'refuses codes, reasons and long pings': (module) =>
    withServer(module, {}, async (_server, url) => {
      const socket = new module.WebSocket(url);
      await once(socket, 'open');
      const codes = [0, 999, 1004, 1005, 1006, 1015, 2999, 5000];
      return [
        ...codes.map((code) => thrown(() => socket.close(code))),
        thrown(() => socket.close(1000, 'x'.repeat(124))),
        thrown(() => socket.ping(Buffer.alloc(126))),
        socket.readyState,
      ];
    }),
  'gives binary messages as wanted': (module) =>
    withServer(module, {}, async (server, url) => {
      server.on('connection', (socket) => {
        for (let count = 0; count < 4; count++) socket.send(Buffer.from([1, 2, 3]));
        socket.send('text');
      });
      const socket = new module.WebSocket(url);
      const log: unknown[] = [socket.binaryType];
      const types = ['arraybuffer', 'fragments', 'nodebuffer', 'other'] as const;
      socket.on('message', (data: unknown, isBinary) => {
        const kind = Array.isArray(data) ? 'list' : (data as object).constructor.name;
        log.push([kind, isBinary, socket.binaryType]);
        if (log.length <= types.length) socket.binaryType = types[log.length - 2] as 'nodebuffer';
        else socket.close();
      });
      await once(socket, 'close');
      return log;
    }),
  'has listeners of the DOM': (module) =>
    withServer(module, {}, async (server, url) => {
      server.on('connection', (socket) => {
        socket.send('hello');
        socket.send(Buffer.from('bytes'));
        socket.close(1001, 'bye');
      });
      const socket = new module.WebSocket(url);
      const log: unknown[] = [socket.onopen];
      const describe = (event: object): void => {
        const { type, data, code, reason, wasClean, target } = event as Record<string, unknown>;
        log.push([type, typeof data, code, reason, wasClean, target === socket]);
      };
      socket.onopen = describe;
      socket.onmessage = describe;
      socket.addEventListener('message', describe, { once: true });
      socket.addEventListener('message', describe, { once: true });
      socket.addEventListener('close', { handleEvent: describe });
      const removed = (): number => log.push('removed');
      socket.addEventListener('open', removed);
      socket.removeEventListener('open', removed);
      log.push(socket.onopen === describe, socket.listenerCount('message'));
      socket.onerror = describe;
      socket.onerror = null;
      log.push(socket.onerror, socket.listenerCount('error'));
      await once(socket, 'close');
      return log;
    }),
  'pauses and resumes': (module) =>
    withServer(module, {}, async (server, url) => {
      const socket = new module.WebSocket(url);
      const [connected] = await once(server, 'connection');
      if (socket.readyState !== module.WebSocket.OPEN) await once(socket, 'open');
      const log: unknown[] = [];
      socket.on('message', (data) => log.push(String(data)));
      socket.pause();
      log.push(socket.isPaused);
      await new Promise((resolve) => (connected as AnySocket).send('waits', resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      log.push('resumed');
      socket.resume();
      await once(socket, 'message');
      return [...log, socket.isPaused];
    }),
  'follows redirects, and keeps secrets': async (module) => {
    const log: unknown[] = [];
    await withServer(module, {}, async (server, url) => {
      server.on('connection', (socket, { headers }) => {
        log.push([headers.authorization, headers.cookie]);
        socket.close();
      });
      const from = createServer();
      from.on('upgrade', (_request, socket) => {
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${url}/to\r\nConnection: close\r\n\r\n`);
      });
      from.listen(0, '127.0.0.1');
      await once(from, 'listening');
      const { port } = from.address() as AddressInfo;
      const address = `ws://user:word@127.0.0.1:${port}/from`;
      const headers = { Cookie: 'secret=1' };
      log.push(
        await untilClosed(new module.WebSocket(address, { followRedirects: true, headers })),
      );
      log.push(await untilClosed(new module.WebSocket(address)));
      const options = { followRedirects: true, maxRedirects: 0 };
      log.push(await untilClosed(new module.WebSocket(address, options)));
      await new Promise((resolve) => from.close(resolve));
    });
    return log;
  },
  'gives up a handshake': async (module) => {
    const server = createTcpServer((raw) => raw.on('error', () => {}).resume()).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = new module.WebSocket(`ws://127.0.0.1:${port}`, { handshakeTimeout: 50 });
    const log = await untilClosed(socket);
    await new Promise((resolve) => server.close(resolve));
    return log;
  },
  'fails for answers that are wrong': async (module) => {
    const log: unknown[] = [];
    const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n';
    const answers = [
      `${head}Upgrade: h2c\r\n\r\n`,
      `${head}Upgrade: websocket\r\n\r\n`,
      `${head}Upgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n`,
      'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n',
    ];
    for (const answer of answers) {
      await withRawServer(
        (_key, socket) => socket.end(answer),
        async (url) => log.push(await untilClosed(new module.WebSocket(url))),
      );
    }
    log.push((await untilClosed(new module.WebSocket('ws://127.0.0.1:1'))).length);
    return log;
  },
};
