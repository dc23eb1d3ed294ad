// What servers of `ws` do, each a list of what it sees; run on `ws` and on our facade.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  WebSocket as Ours,
  ServerOptions,
  VerifyClientAnswer,
  VerifyClientInfo,
} from '../../../src/ws/index.ts';
import {
  ask,
  KEY,
  masked,
  type Program,
  receiving,
  thrown,
  UPGRADE,
  untilClosed,
  withServer,
} from './observing.ts';

/** By what they are about. */
export const SERVER_PROGRAMS: Readonly<Record<string, Program>> = {
  'verifies clients at once and later': async (module) => {
    const log: unknown[] = [];
    const secure = (info: { origin: string | undefined; secure: boolean }): boolean => {
      log.push([info.origin, info.secure]);
      return info.origin === 'http://good';
    };
    for (const origin of ['http://good', 'http://bad']) {
      await withServer(module, { verifyClient: secure }, async (server, url) => {
        server.on('connection', (socket) => socket.close());
        log.push(await untilClosed(new module.WebSocket(url, { origin })));
      });
    }
    const later = (_info: VerifyClientInfo, answer: VerifyClientAnswer): void => {
      setImmediate(() => answer(false, 403, 'no', { 'X-Why': 'because' }));
    };
    await withServer(module, { verifyClient: later }, async (_server, url) => {
      const socket = new module.WebSocket(url);
      const [asked, response] = await once(socket, 'unexpected-response');
      log.push(response.statusCode, response.headers['x-why'], socket.readyState);
      socket.on('error', (error) => log.push(error.message));
      asked.destroy();
      socket.terminate();
      await new Promise((resolve) => socket.on('close', resolve));
    });
    return log;
  },
  'chooses a subprotocol': async (module) => {
    const log: unknown[] = [];
    const choices: (ServerOptions['handleProtocols'] | undefined)[] = [
      undefined,
      (protocols) => [...protocols].at(-1) ?? false,
      () => false,
    ];
    for (const handleProtocols of choices) {
      await withServer(module, { handleProtocols }, async (server, url) => {
        server.on('connection', (socket) => socket.close());
        log.push(await untilClosed(new module.WebSocket(url, ['a', 'b'])));
        log.push(await untilClosed(new module.WebSocket(url)));
      });
    }
    return log;
  },
  'lets the head of its answer be changed': (module) =>
    withServer(module, {}, async (server, url) => {
      const log: unknown[] = [];
      server.on('headers', (lines, { url: target }) => {
        log.push(lines.length, lines[0], target);
        lines.push('X-Added: yes');
      });
      const socket = new module.WebSocket(`${url}/path?query`);
      const [response] = await once(socket, 'upgrade');
      log.push(response.headers['x-added'], socket.url.endsWith('/path?query'));
      return log;
    }),
  'answers what is no WebSocket': (module) =>
    withServer(module, { path: '/here' }, async (_server, url) => [
      await ask(url, {}),
      await ask(`${url}/here`, { ...UPGRADE, ...KEY, 'sec-websocket-version': '13' }, 'POST'),
      await ask(`${url}/here`, { ...UPGRADE, 'sec-websocket-version': '13' }),
      await ask(`${url}/here`, {
        ...UPGRADE,
        'sec-websocket-key': 'x',
        'sec-websocket-version': '13',
      }),
      await ask(`${url}/there`, { ...UPGRADE, ...KEY, 'sec-websocket-version': '13' }),
    ]),
  'lets a listener answer a client that is wrong': (module) =>
    withServer(module, {}, async (server, url) => {
      const log: unknown[] = [];
      server.on('wsClientError', (error, socket, { method }) => {
        log.push(error instanceof Error, method);
        socket.end('HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      });
      log.push(await ask(url, { ...UPGRADE, 'sec-websocket-version': '13' }));
      return log;
    }),
  'fails for frames that are wrong': async (module) => [
    await receiving(module, {}, Buffer.from([0x81, 0x01, 0x61])),
    await receiving(module, {}, masked(0x83, Buffer.alloc(0))),
    await receiving(module, {}, masked(0x80, Buffer.alloc(1))),
    await receiving(module, {}, masked(0x09, Buffer.alloc(1))),
    await receiving(module, {}, masked(0x88, Buffer.alloc(1))),
    await receiving(module, {}, masked(0x88, Buffer.from([0x03, 0xed]))),
    await receiving(module, {}, masked(0x81, Buffer.from([0xce, 0xba, 0xed, 0xa0]))),
    await receiving(module, { maxPayload: 10 }, masked(0x82, Buffer.alloc(11))),
  ],
  'hears what a peer says and how it ends': async (module) => [
    await receiving(module, {}, masked(0x81, Buffer.from('words'))),
    await receiving(module, {}, masked(0x88, Buffer.from([0x0f, 0xa0, 0x62, 0x79, 0x65]))),
    await receiving(
      module,
      {},
      Buffer.concat([masked(0x88, Buffer.alloc(0)), masked(0x81, Buffer.alloc(1))]),
    ),
    await receiving(module, {}, Buffer.alloc(0)),
  ],
  'closes its server when its clients have gone': async (module) => {
    const log: unknown[] = [];
    const http = createServer();
    const server = new module.WebSocketServer({ server: http });
    server.on('listening', () => log.push('listening'));
    server.on('close', () => log.push('close'));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const socket = new module.WebSocket(url);
    await once(socket, 'open');
    server.close((error) => log.push(['called back', error]));
    log.push([server.clients?.size, server.address()]);
    socket.close();
    await once(server, 'close');
    log.push(server.clients?.size, http.listening, http.listenerCount('upgrade'));
    await new Promise<void>((resolve) => {
      server.close((error) => {
        log.push(error?.message);
        resolve();
      });
    });
    await new Promise((resolve) => http.close(resolve));
    return log;
  },
  'takes a socket once': async (module) => {
    const log: unknown[] = [];
    const http = createServer();
    const server = new module.WebSocketServer({ noServer: true, clientTracking: false });
    http.on('upgrade', (asked, socket, head) => {
      server.handleUpgrade(asked, socket, head, (connected: Ours) => {
        log.push(thrown(() => server.handleUpgrade(asked, socket, head, () => {})));
        connected.close();
      });
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
    log.push(await untilClosed(new module.WebSocket(url)), server.clients);
    await new Promise((resolve) => http.close(resolve));
    return log;
  },
  'makes connections of a class of the program': async (module) => {
    class Named extends module.WebSocket {
      readonly label = 'named';
    }
    return withServer(module, { WebSocket: Named }, async (server, url) => {
      const socket = new Named(url);
      const [connected] = await once(server, 'connection');
      if (socket.readyState !== Named.OPEN) await once(socket, 'open');
      return [(connected as Named).label, connected instanceof Named, socket.label];
    });
  },
};
