// A server that does with a connection what the test says, once it has the request's head.
import { createHash } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const running: Set<HostileServer> = new Set();

/** What it does; `head` is the request as it came. */
export type Behaviour = (socket: Socket, head: string) => void;

export class HostileServer {
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();
  /** Requests' heads, as they came. */
  readonly heads: string[] = [];

  private constructor(behave: Behaviour) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      // A cut connection is an outcome here, not a failure.
      socket.on('error', () => {});
      let input = '';
      const collect = (data: Buffer): void => {
        input += data.toString('latin1');
        const end = input.indexOf('\r\n\r\n');
        if (end === -1) return;
        socket.off('data', collect);
        this.heads.push(input.slice(0, end));
        behave(socket, input.slice(0, end));
      };
      socket.on('data', collect);
    });
  }

  static async start(behave: Behaviour): Promise<HostileServer> {
    const server = new HostileServer(behave);
    running.add(server);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/`;
  }

  async end(): Promise<void> {
    running.delete(this);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Ends what a test has left running. */
export async function endServers(): Promise<void> {
  for (const server of [...running]) await server.end();
}

/** The head that agrees to a request; `accept` instead of the right one. */
export function agreement(head: string, accept?: string): string {
  const key = /^sec-websocket-key: (.*)$/im.exec(head)?.[1] ?? '';
  const right = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept ?? right}\r\n\r\n`;
}

/** A frame as servers send it, with at most 125 bytes of payload. */
export function frame(firstByte: number, payload: string | Uint8Array): Buffer {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([Buffer.of(firstByte, bytes.length), bytes]);
}

/** The payload of a Close frame. */
export function closePayload(code: number, reason = ''): Buffer {
  return Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)]);
}
