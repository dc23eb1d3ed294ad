// What stands behind the proxies: a server of node:http that says what it was asked, and counts.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';

/** SHA-256 in hexadecimal. */
export function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A response of HTTP/1.0, which only the end of the connection ends. */
const OLD_RESPONSE = 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nas in 1996';

/** Listens on two free ports of this machine: one for HTTP/1.1, one for HTTP/1.0. */
export class Upstream {
  /** How often each target was asked for. */
  readonly counts: Map<string, number> = new Map();
  /** Bytes of content that have been read. */
  bytesRead = 0;
  readonly #server: Server = createServer((request, response) => {
    this.#count(request);
    void this.#answer(request, response);
  });
  readonly #old = createSocketServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(OLD_RESPONSE));
  });

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where HTTP/1.0 is spoken. */
  get oldPort(): number {
    return (this.#old.address() as AddressInfo).port;
  }

  async listen(): Promise<this> {
    // To whom it is asked to switch, it echoes.
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.#count(request);
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n',
      );
      socket.write(head);
      socket.pipe(socket);
      socket.on('error', () => {});
    });
    for (const server of [this.#server, this.#old]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#old.close();
    await Promise.all([once(this.#server, 'close'), once(this.#old, 'close')]);
  }

  #count({ url = '' }: IncomingMessage): void {
    this.counts.set(url, (this.counts.get(url) ?? 0) + 1);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://upstream');
    const bytes = Number(searchParams.get('bytes') ?? 0);
    switch (pathname) {
      case '/large':
        response.setHeader('content-length', bytes);
        sendZeros(response, bytes);
        break;
      case '/pieces':
        for (let piece = 0; piece < 100; piece += 1) {
          response.write(`piece ${piece}\n`);
          if (piece % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        response.addTrailers({ 'x-sum': '100' });
        response.end();
        break;
      case '/slow':
        response.write('the beginning;');
        setTimeout(() => response.end('the end'), 300);
        break;
      case '/nothing':
        response.writeHead(204).end();
        break;
      default:
        await this.#mirror(request, response);
    }
  }

  /** Reads the content, and tells of it. */
  async #mirror(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    const hash = createHash('sha256');
    let byteCount = 0;
    try {
      for await (const piece of request as AsyncIterable<Buffer>) {
        byteCount += piece.length;
        this.bytesRead += piece.length;
        hash.update(piece);
      }
    } catch {
      return;
    }
    response.setHeader('content-type', 'application/json');
    const { trailers } = request;
    const told = { method, url, headers, trailers, byteCount, digest: hash.digest('hex') };
    response.end(JSON.stringify(told));
  }
}

/** What the server tells of a request. */
export interface Told {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers: Readonly<Record<string, string>>;
  readonly byteCount: number;
  readonly digest: string;
}

function sendZeros(response: ServerResponse, byteCount: number): void {
  const piece = Buffer.alloc(65_536);
  let left = byteCount;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const next = piece.subarray(0, Math.min(left, piece.length));
      left -= next.length;
      if (!response.write(next)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
