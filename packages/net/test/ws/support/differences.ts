// In what our facade differs from `ws`: each shown on both, and listed in docs/guide/ws.md.
import { once } from 'node:events';
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

/** One difference, by the words of the guide. */
export interface Difference {
  readonly program: Program;
  readonly ours: readonly unknown[];
  readonly theirs: readonly unknown[];
}

const CLOSED = ['close', 1006, '', 3];

/** By the sentence of the guide. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'Text that is handed over as bytes must be UTF-8': {
    program: (module) =>
      withServer(module, {}, async (server, url) => {
        const socket = new module.WebSocket(url);
        await once(socket, 'open');
        const outcome = thrown(() => socket.send(Buffer.from([0xff]), { binary: false }));
        const [connected] = server.clients ?? [];
        connected?.on('message', () => socket.terminate());
        socket.send('fine');
        const [code] = await once(socket, 'close');
        return [Array.isArray(outcome) ? outcome[0] : outcome, code];
      }),
    ours: ['LocalProtocolError', 1006],
    theirs: ['nothing', 1007],
  },
  'A client always masks and a server never does': {
    program: (module) =>
      withServer(module, {}, async (server, url) => {
        const socket = new module.WebSocket(url);
        const [connected] = await once(server, 'connection');
        const log = untilClosed(connected);
        if (socket.readyState !== module.WebSocket.OPEN) await once(socket, 'open');
        socket.send('x', { mask: false });
        socket.close();
        return (await log).map((line) => (line as unknown[])[0]);
      }),
    ours: ['message', 'close'],
    theirs: ['error', 'close'],
  },
  'A ping is always answered': {
    program: (module) =>
      withServer(module, { autoPong: false }, async (_server, url) => {
        const socket = new module.WebSocket(url);
        const log = untilClosed(socket);
        await once(socket, 'open');
        socket.ping('there?');
        setTimeout(() => socket.terminate(), 100);
        return (await log).slice(2);
      }),
    ours: [['pong', 'there?'], CLOSED],
    theirs: [CLOSED],
  },
  'A subprotocol that the client has not offered is none': {
    program: (module) =>
      withServer(module, { handleProtocols: () => 'other' }, async (server, url) => {
        server.on('connection', (socket) => socket.close());
        const log = await untilClosed(new module.WebSocket(url, 'asked-for'));
        return log.slice(1, 2);
      }),
    ours: [['error', 'Error', 'Server sent no subprotocol', undefined]],
    theirs: [['error', 'Error', 'Server sent an invalid subprotocol', undefined]],
  },
  'A payload length in more bytes than it needs is refused': {
    program: async (module) => {
      const log = await receiving(module, {}, masked(0x81, Buffer.from('x'), [126, 0, 1]));
      return (log[0] as unknown[]).slice(0, 1);
    },
    ours: ['error'],
    theirs: ['message'],
  },
  'More than 500 control frames in a second are a flood': {
    program: async (module) => {
      const pings = Array.from({ length: 700 }, () => masked(0x89, Buffer.alloc(0)));
      const log = await receiving(module, {}, Buffer.concat(pings));
      return [log.some((line) => (line as unknown[])[0] === 'error')];
    },
    ours: [true],
    theirs: [false],
  },
  'Another version than 13 is answered 426': {
    program: (module) =>
      withServer(module, {}, async (_server, url) => [
        await ask(url, { ...UPGRADE, ...KEY, 'sec-websocket-version': '12' }),
      ]),
    ours: [426],
    theirs: [400],
  },
  'Version 8 is not spoken': {
    program: (module) =>
      withServer(module, {}, async (server, url) => {
        const raw = new Promise((resolve) => {
          server.on('connection', () => resolve('connection'));
        });
        const asked = ask(url, { ...UPGRADE, ...KEY, 'sec-websocket-version': '8' });
        asked.catch(() => {});
        return [await Promise.race([raw, asked])];
      }),
    ours: [426],
    theirs: ['connection'],
  },
  'An empty fragment is not sent, unless it is the last': {
    program: (module) =>
      withServer(module, { maxFragments: 4 }, async (server, url) => {
        const socket = new module.WebSocket(url);
        const [connected] = await once(server, 'connection');
        const log = untilClosed(connected);
        if (socket.readyState !== module.WebSocket.OPEN) await once(socket, 'open');
        for (let count = 0; count < 8; count++) socket.send('', { fin: false });
        socket.send('end');
        socket.close();
        return [(await log)[0]].map((line) => (line as unknown[])[0]);
      }),
    ours: ['message'],
    theirs: ['error'],
  },
  'Small messages are not compressed, whatever was agreed': {
    program: (module) =>
      withServer(module, { perMessageDeflate: true }, async (server, url) => {
        const client = new module.WebSocket(url);
        client.on('error', () => {});
        const [connected] = await once(server, 'connection');
        const { _socket: raw } = connected;
        const before = raw.bytesWritten;
        await new Promise((resolve) => connected.send('x'.repeat(100), resolve));
        client.terminate();
        return [raw.bytesWritten - before > 100];
      }),
    ours: [true],
    theirs: [false],
  },
};
