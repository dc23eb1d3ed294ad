// A server of the package `ws` that behaves as its path says.
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket as WsSocket } from 'ws';

/** A server, and what its clients have done. */
export interface PeerServer {
  readonly url: string;
  /** What the last client's messages and end were. */
  readonly heard: unknown[];
  close(): Promise<void>;
}

type Behaviour = (socket: WsSocket, raw: Socket) => void;

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  '/echo': (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }));
  },
  // Three messages in one write, right behind the 101 response.
  '/burst': (socket) => {
    socket.send('one');
    socket.send('two');
    socket.send(new Uint8Array([3]));
  },
  '/close': (socket) => socket.close(4001, 'over'),
  '/close-empty': (socket) => socket.close(),
  // A Close frame, and nothing more until the client has said something behind its answer.
  '/close-slowly': (_socket, raw) => {
    raw.write(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
    raw.removeAllListeners('data');
    raw.on('data', () => setTimeout(() => raw.end(), 50));
  },
  '/last-words': (socket) => {
    socket.send('last');
    socket.close(1000);
  },
  '/cut': (socket) => socket.terminate(),
  '/reset': (_socket, raw) => void raw.resetAndDestroy(),
  // A masked frame; a text that is not UTF-8; a Close frame with 1005.
  '/masked': (_socket, raw) => void raw.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61])),
  '/not-text': (_socket, raw) => void raw.write(Buffer.from([0x81, 0x01, 0xff])),
  '/wrong-code': (_socket, raw) => void raw.write(Buffer.from([0x88, 0x02, 0x03, 0xed])),
  '/ping': (socket) => {
    socket.on('pong', (data) => socket.send(`pong ${data}`));
    socket.ping('here');
  },
};

/** Starts it. */
export async function startPeerServer(): Promise<PeerServer> {
  const heard: unknown[] = [];
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: true,
    handleProtocols: (offered) => (offered.has('none') ? false : ([...offered].at(-1) ?? false)),
  });
  server.on('headers', (lines, request) => {
    if (request.url === '/extra-protocol') lines.push('Sec-WebSocket-Protocol: never-asked-for');
  });
  server.on('connection', (socket, request) => {
    heard.length = 0;
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => heard.push(isBinary ? data : String(data)));
    socket.on('close', (code, reason) => heard.push([code, String(reason)]));
    const raw = (socket as unknown as { _socket: Socket })._socket;
    BEHAVIOURS[new URL(request.url ?? '', 'ws://x').pathname]?.(socket, raw);
  });
  server.shouldHandle = (request) => request.url !== '/refuse';
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    heard,
    close: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
