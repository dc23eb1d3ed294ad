// A server in a process of its own, and clients that know of WebSocket only what they need to be bad.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { WebSocketServeOptions } from '@holdline/net/websocket';

/** What the server holds after a collection, in bytes, and what has become of its connections. */
export interface Account {
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
  readonly contextBytes: number;
  /** By observation, how many connections have ended so. */
  readonly ends: Readonly<Record<string, number>>;
  /** By fault code, how many connections failed so. */
  readonly codes: Readonly<Record<string, number>>;
  /** The most that waited on one connection. */
  readonly bufferedBytesMax: number;
}

/** What a server may be told through IPC. */
export interface SoakOptions {
  readonly compressed?: boolean;
  readonly websocket?: WebSocketServeOptions['websocket'];
}

const file = fileURLToPath(new URL('soak-server.mjs', import.meta.url));
const REQUEST =
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n';

/** The server: `close` says one message what to do, `flood` another; all others come back. */
export class SoakServer {
  readonly #child: ChildProcess;
  readonly #port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  static async start(options: SoakOptions = {}): Promise<SoakServer> {
    const execArgv = ['--expose-gc'];
    const child = fork(file, [JSON.stringify(options)], { execArgv });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('it does not start')));
    const [{ port }] = (await Promise.race([once(child, 'message'), ended])) as [{ port: number }];
    ended.catch(() => {});
    return new SoakServer(child, port);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  /** Waits until so many connections are there. */
  async account(connections: number): Promise<Account> {
    this.#child.send({ connections });
    const [account] = (await once(this.#child, 'message')) as [Account];
    return account;
  }

  /** Opens a WebSocket; returns its socket, paused, behind the server's handshake. */
  async open(): Promise<Socket> {
    const socket = connect({ port: this.#port, host: '127.0.0.1' });
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(REQUEST);
    const [head] = (await once(socket, 'data')) as [Buffer];
    if (!head.toString('latin1').startsWith('HTTP/1.1 101 ')) throw new Error(String(head));
    return socket.pause();
  }

  /** Opens as many at a time. */
  async openAll(count: number): Promise<Socket[]> {
    const sockets: Socket[] = [];
    while (sockets.length < count) {
      const length = Math.min(200, count - sockets.length);
      sockets.push(...(await Promise.all(Array.from({ length }, () => this.open()))));
    }
    return sockets;
  }
}

/** A client's frame of up to 65535 bytes, whose mask is 0; `first` is the first byte of its header. */
export function frame(first: number, payload: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(payload as Uint8Array);
  const { length } = bytes;
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([first, ...size, 0, 0, 0, 0]), bytes]);
}

/** Writes it so many times, as fast as it is taken, until the server has enough. */
export async function flood(socket: Socket, bytes: Buffer, count: number): Promise<void> {
  const perPiece = Math.max(1, Math.min(count, Math.floor(65_536 / bytes.length)));
  const piece = Buffer.concat(Array.from({ length: perPiece }, () => bytes));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (let left = count; left > 0 && !socket.destroyed; left -= perPiece) {
    const isRoomy = socket.write(piece.subarray(0, Math.min(left, perPiece) * bytes.length));
    if (!isRoomy) {
      await Promise.race([closed, new Promise<void>((resolve) => socket.once('drain', resolve))]);
    }
  }
}
