// A server of node:http with the behaviours that `fetch` has to cope with, which tells what it was
// asked for.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** 300 kB of text that compresses well. */
export const LONG_TEXT: string = 'a long text; '.repeat(23_000);

const CODED: Readonly<Record<string, (text: string) => Uint8Array>> = {
  gzip: (text) => gzipSync(text),
  'x-gzip': (text) => gzipSync(text),
  deflate: (text) => deflateSync(text),
  br: (text) => brotliCompressSync(text),
  'gzip, br': (text) => brotliCompressSync(gzipSync(text)),
  'unheard-of': (text) => new TextEncoder().encode(text),
};

/** Listens on a free port of this machine. */
export class EchoServer {
  readonly seen: SeenRequest[] = [];
  readonly #server: Server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  /** The origin, once it listens. */
  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Another origin that leads here. */
  get otherOrigin(): string {
    return this.origin.replace('localhost', '127.0.0.1');
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece as Buffer);
    } catch {
      return;
    }
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '/', this.origin);
    const body = Buffer.concat(pieces).toString('latin1');
    this.seen.push({ method, url: url.pathname + url.search, headers, body });
    this.#respond(url, response);
  }

  #respond(url: URL, response: ServerResponse): void {
    const number = (name: string): number => Number(url.searchParams.get(name));
    switch (url.pathname) {
      case '/redirect':
        response.setHeader('location', url.searchParams.get('to') ?? '');
        response.writeHead(number('status')).end('moved');
        break;
      case '/loop':
        response.writeHead(302, { location: `/loop?n=${number('n') + 1}` }).end();
        break;
      case '/status':
        response.writeHead(number('code'), 'As Asked').end(number('code') === 204 ? '' : 'text');
        break;
      case '/coded':
        this.#code(url.searchParams.get('with') ?? '', url.searchParams.get('cut'), response);
        break;
      case '/cut':
        response.writeHead(200, { 'content-length': 100 }).write('some');
        setTimeout(() => response.destroy(), 20);
        break;
      case '/silent':
        break;
      case '/slow':
        response.writeHead(200).write('first');
        break;
      case '/cookies':
        response.setHeader('set-cookie', ['a=1', 'b=2; Path=/']).setHeader('x-list', ['1', '2']);
        response.end();
        break;
      case '/long':
        response.end(LONG_TEXT);
        break;
      default:
        response.setHeader('content-type', 'text/plain').end('hello');
    }
  }

  #code(coding: string, cut: string | null, response: ServerResponse): void {
    const bytes = CODED[coding]?.(LONG_TEXT) ?? new Uint8Array(0);
    response.setHeader('content-encoding', coding);
    response.end(cut === null ? bytes : bytes.subarray(0, Number(cut)));
  }
}
