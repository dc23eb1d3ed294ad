// Programs for browsers, each a list of what it sees; run on Node's own WebSocket and on ours.
import type { WebSocket as Ours } from '../../../src/websocket-api/index.ts';
import type { PeerServer } from './peer-server.ts';

/** Either class. */
export type AnyWebSocket = typeof Ours;

/** Writes down what it sees. */
export type Program = (
  WebSocket: AnyWebSocket,
  server: PeerServer,
) => Promise<unknown[]> | unknown[];

type Opened = InstanceType<AnyWebSocket>;
type Closing = Event & { code: number; reason: string; wasClean: boolean };

function seen(event: Event): unknown {
  const { type } = event;
  const state = (event.target as Opened).readyState;
  if (type === 'message') return [type, state, (event as MessageEvent).data];
  const { code, reason, wasClean } = event as Closing;
  return type === 'close' ? [type, state, code, reason, wasClean] : [type, state];
}

/** All events of a socket, until it is over. */
export function untilClosed(
  socket: Opened,
  act: (event: Event) => void = () => {},
): Promise<unknown[]> {
  const log: unknown[] = [];
  return new Promise((resolve) => {
    for (const type of ['open', 'message', 'error', 'close']) {
      socket.addEventListener(type, (event) => {
        log.push(seen(event));
        act(event);
        if (type === 'close') resolve(log);
      });
    }
  });
}

/** What a call throws, if anything. */
function thrown(act: () => unknown): unknown {
  try {
    return ['nothing', String(act())];
  } catch (error) {
    return [(error as object).constructor.name, (error as Error).name];
  }
}

/** Closes, and waits for the end. */
async function closeSoon(socket: Opened): Promise<void> {
  const log = untilClosed(socket);
  socket.close();
  await log;
}

const URLS = ['', '/path', 'ftp://h/', 'ws://h/#f', 'ws://h/#', 'ws://', 'http://h:x/', 'mailto:a'];
const PROTOCOLS = [
  ['a', 'a'],
  ['a', 'A'],
  [''],
  ['a b'],
  ['a,b'],
  ['\u00e9'],
  'a/b',
  ['x', 'y', 'x'],
];

/** By what they are about. */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  'refuses URLs that are none of a WebSocket': (WebSocket) =>
    URLS.map((url) => thrown(() => new WebSocket(url))),
  'refuses subprotocols': (WebSocket) =>
    PROTOCOLS.map((protocols) => thrown(() => new WebSocket('ws://127.0.0.1:1', protocols))),
  'needs arguments': (WebSocket) => [
    thrown(() => new (WebSocket as unknown as new () => unknown)()),
    thrown(() => (WebSocket as unknown as () => unknown)()),
    WebSocket.length,
    WebSocket.prototype.send.length,
    WebSocket.prototype.close.length,
  ],
  'has constants, attributes and a name': async (WebSocket, { url }) => {
    const socket = new WebSocket(url);
    const names = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'] as const;
    const attributes = [
      'url',
      'readyState',
      'bufferedAmount',
      'extensions',
      'protocol',
      'binaryType',
    ];
    const methods = ['send', 'close', 'onopen', 'onmessage', 'onerror', 'onclose'];
    const shape = (owner: object, name: string): unknown => {
      const property = Object.getOwnPropertyDescriptor(owner, name);
      const { enumerable, configurable, writable, value, get, set } = property ?? {};
      return [
        String(name),
        enumerable,
        configurable,
        writable,
        typeof value,
        typeof get,
        typeof set,
      ];
    };
    const log = [
      ...names.flatMap((name) => [WebSocket[name], socket[name], shape(WebSocket, name)]),
      ...[...names, ...attributes, ...methods].map((name) => shape(WebSocket.prototype, name)),
      shape(WebSocket.prototype, Symbol.toStringTag as unknown as string),
      Object.prototype.toString.call(socket),
      socket instanceof EventTarget,
      Object.keys(socket),
    ];
    await closeSoon(socket);
    return log;
  },
  'normalises its URL': async (WebSocket, { url }) => {
    const { port } = new URL(url);
    const log: unknown[] = [];
    for (const given of [url, `HTTP://127.0.0.1:${port}/a/../b?c d`, new URL(`${url}/\u00e9`)]) {
      const socket = new WebSocket(given);
      log.push(socket.url.replace(port, 'PORT'));
      await closeSoon(socket);
    }
    return log;
  },
  'opens, echoes and closes': async (WebSocket, { url, heard }) => {
    const socket = new WebSocket(`${url}/echo`);
    socket.binaryType = 'arraybuffer';
    const before = [socket.readyState, socket.protocol, socket.extensions, socket.bufferedAmount];
    let messages = 0;
    const log = await untilClosed(socket, ({ type }) => {
      if (type === 'open') {
        socket.send('text \u{1f600} \ud800');
        socket.send(new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
        socket.send(new Uint16Array([1]).buffer);
        socket.send(new Blob(['blob']));
        socket.send('behind the blob');
        for (const value of [7, null, undefined, {}, true]) socket.send(value as unknown as string);
      }
      if (type === 'message') messages += 1;
      if (messages === 10) socket.close(3000, 'enough \u00e9');
    });
    return [before, log, heard.at(-1), socket.extensions, socket.bufferedAmount];
  },
  'gives binary messages as a Blob': async (WebSocket, { url }) => {
    const socket = new WebSocket(`${url}/echo`);
    const log: unknown[] = [socket.binaryType];
    const data = await new Promise<unknown>((resolve) => {
      socket.onopen = () => socket.send(new Uint8Array([1, 2]));
      socket.onmessage = (event) => resolve(event.data);
    });
    log.push(data instanceof Blob, (data as Blob).size, (data as Blob).type);
    socket.binaryType = 'other' as 'blob';
    log.push(socket.binaryType);
    socket.binaryType = 'arraybuffer';
    log.push(socket.binaryType);
    await closeSoon(socket);
    return log;
  },
  'tells the origin of a message': async (WebSocket, { url }) => {
    const socket = new WebSocket(`${url}/burst`);
    const event = await new Promise<MessageEvent>((resolve) => {
      socket.onmessage = resolve;
    });
    const { origin, lastEventId, source, ports, bubbles, cancelable, isTrusted } = event;
    await closeSoon(socket);
    return [origin === url, lastEventId, source, ports, bubbles, cancelable, typeof isTrusted];
  },
  'cannot send while connecting': async (WebSocket, { url }) => {
    const socket = new WebSocket(url);
    const log = [thrown(() => socket.send('x')), thrown(() => socket.send(new Blob([])))];
    await closeSoon(socket);
    return log;
  },
  'refuses codes and reasons': async (WebSocket, { url }) => {
    const socket = new WebSocket(url);
    const codes = [0, 999, 1001, 1005, 2999, 5000, 65_536, -1, Number.NaN, null];
    const log: unknown[] = codes.map((code) => thrown(() => socket.close(code as number)));
    log.push(thrown(() => socket.close(1000, 'x'.repeat(124))));
    log.push(
      thrown(() => socket.close(1000, '\u00e9'.repeat(62))),
      socket.readyState,
    );
    await closeSoon(socket);
    return log;
  },
  'closes with nothing, a code, and a code and a reason': async (WebSocket, { url, heard }) => {
    const log: unknown[] = [];
    const all: Parameters<Opened['close']>[] = [
      [],
      [1000],
      [3999.5, 'half'],
      [4999, ''],
      [undefined, ''],
    ];
    for (const values of all) {
      const socket = new WebSocket(url);
      log.push(await untilClosed(socket, ({ type }) => type === 'open' && socket.close(...values)));
      log.push(heard.at(-1));
      log.push(
        thrown(() => socket.close(1000)),
        socket.readyState,
      );
    }
    return log;
  },
  'closes while connecting': async (WebSocket, { url }) => {
    const socket = new WebSocket(url);
    const closed = untilClosed(socket);
    socket.close(3000, 'never mind');
    return [socket.readyState, await closed];
  },
  'is closed by the server': async (WebSocket, { url }) => [
    await untilClosed(new WebSocket(`${url}/close`)),
    await untilClosed(new WebSocket(`${url}/close-empty`)),
    await untilClosed(new WebSocket(`${url}/last-words`)),
  ],
  'is closing from the server’s Close frame on': async (WebSocket, { url }) => {
    const socket = new WebSocket(`${url}/close-slowly`);
    const closed = untilClosed(socket);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    const states: number[] = [socket.readyState];
    while (socket.readyState !== 3) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (socket.readyState !== states.at(-1)) states.push(socket.readyState);
    }
    return [states.at(-2), states.at(-1), await closed];
  },
  'closes with a reason that is no Unicode': async (WebSocket, { url, heard }) => {
    const socket = new WebSocket(url);
    const log = await untilClosed(
      socket,
      ({ type }) => type === 'open' && socket.close(1000, '\ud807'),
    );
    return [log, heard.at(-1)];
  },
  'is cut by the server': async (WebSocket, { url }) => [
    await untilClosed(new WebSocket(`${url}/cut`)),
    await untilClosed(new WebSocket(`${url}/reset`)),
  ],
  'fails for a frame that is wrong': async (WebSocket, { url }) => [
    await untilClosed(new WebSocket(`${url}/masked`)),
    await untilClosed(new WebSocket(`${url}/not-text`)),
    await untilClosed(new WebSocket(`${url}/wrong-code`)),
  ],
  'does not open': async (WebSocket, { url }) => [
    await untilClosed(new WebSocket(`${url}/refuse`)),
    await untilClosed(new WebSocket('ws://127.0.0.1:1/')),
    await untilClosed(new WebSocket(url, 'none')),
    await untilClosed(new WebSocket(`${url}/extra-protocol`)),
  ],
  'agrees on a subprotocol': async (WebSocket, { url }) => {
    const log: unknown[] = [];
    for (const wanted of [['a', 'b'], 'one', [], { protocols: ['c'] }, { protocols: 'd' }]) {
      const socket = new WebSocket(url, wanted as string[]);
      log.push(await untilClosed(socket, ({ type }) => type === 'open' && socket.close()));
      log.push(socket.protocol);
    }
    return log;
  },
  'has handlers beside its listeners': async (WebSocket, { url }) => {
    const socket = new WebSocket(`${url}/close`);
    const log: unknown[] = [];
    socket.onopen = () => log.push('handler');
    socket.addEventListener('open', () => log.push('listener'));
    socket.onmessage = 'nothing' as unknown as null;
    log.push(socket.onmessage, typeof socket.onopen, socket.onclose);
    socket.addEventListener('open', { handleEvent: () => log.push('object') } as never);
    socket.addEventListener('open', () => log.push('once'), { once: true });
    await new Promise((resolve) => {
      socket.onclose = resolve;
    });
    return log;
  },
  'lets a program wait for the next message': async (WebSocket, { url }) => {
    const socket = new WebSocket(`${url}/burst`);
    const log: unknown[] = [];
    for (let count = 0; count < 2; count++) {
      const message = new Promise<unknown>((resolve) => {
        socket.onmessage = ({ data }) => resolve(data);
      });
      log.push(await message);
    }
    await closeSoon(socket);
    return log;
  },
  'answers pings': async (WebSocket, { url }) => {
    const socket = new WebSocket(`${url}/ping`);
    return untilClosed(socket, ({ type }) => type === 'message' && socket.close());
  },
};
