// A server of bytes over TCP: it reads requests naively and answers what a test says, which need not
// be a response.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A request as the server saw it, one character per byte. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly head: string;
  readonly content: string;
  /** Counts from 1, in the order in which connections were accepted. */
  readonly connection: number;
  /** Counts from 1 on its connection. */
  readonly number: number;
}

type Answer = (request: RawRequest, socket: Socket) => void;
type Accept = (socket: Socket, connection: number) => void;

/** How a server differs from one that waits for whole requests. */
export interface RawServerOptions {
  /** Sees each connection first. */
  readonly onConnection?: Accept;
  /** Only accept: what comes is not even read. */
  readonly readsNothing?: boolean;
}

/** A response with a content of known length. */
export function ok(content: string, ...lines: string[]): string {
  const head = ['HTTP/1.1 200 OK', `Content-Length: ${content.length}`, ...lines, '', ''];
  return head.join('\r\n') + content;
}

/** Writes a text byte by byte, each in a turn of its own, as long as somebody takes it. */
export async function drip(socket: Socket, text: string): Promise<void> {
  for (const byte of text) {
    if (!socket.writable) return;
    socket.write(byte, 'latin1');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets the event loop go round. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Listens on a free port of this machine. */
export class RawServer {
  readonly seen: RawRequest[] = [];
  /** In the order in which they were accepted. */
  readonly sockets: Socket[] = [];
  readonly #answer: Answer;
  readonly #options: RawServerOptions;
  readonly #server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    this.#accept(socket),
  );

  constructor(answer: Answer, options: RawServerOptions = {}) {
    this.#answer = answer;
    this.#options = options;
  }

  /** The origin, once it listens. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections that neither side has closed. */
  get open(): number {
    return this.sockets.filter(({ destroyed }) => !destroyed).length;
  }

  /** Requests for a target. */
  count(target: string): number {
    return this.seen.filter((request) => request.target === target).length;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** Waits until a connection is closed on both sides. */
  async closed(connection: number): Promise<void> {
    const socket = this.sockets[connection - 1] as Socket;
    if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(socket: Socket): void {
    const connection = this.sockets.push(socket);
    let unread = '';
    let number = 0;
    socket.on('error', () => {});
    this.#options.onConnection?.(socket, connection);
    if (this.#options.readsNothing === true) return;
    socket.on('end', () => socket.end());
    socket.setEncoding('latin1').on('data', (text: string) => {
      unread += text;
      for (let taken = takeRequest(unread); taken !== null; taken = takeRequest(unread)) {
        unread = unread.slice(taken.byteCount);
        number += 1;
        const [method = '', target = ''] = taken.head.split(' ', 2);
        const { head, content } = taken;
        const request = { method, target, head, content, connection, number };
        this.seen.push(request);
        this.#answer(request, socket);
      }
    });
  }
}

interface Taken {
  readonly head: string;
  readonly content: string;
  readonly byteCount: number;
}

/** The first request of a text, when all of it is here. */
function takeRequest(text: string): Taken | null {
  const headEnd = text.indexOf('\r\n\r\n') + 4;
  if (headEnd < 4) return null;
  const head = text.slice(0, headEnd);
  if (/^transfer-encoding: chunked/im.test(head)) return takeChunks(text, head);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  if (text.length < headEnd + length) return null;
  const byteCount = headEnd + length;
  return { head, content: text.slice(headEnd, byteCount), byteCount };
}

function takeChunks(text: string, head: string): Taken | null {
  let content = '';
  for (let at = head.length; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (size === 0) {
      const end = text.indexOf('\r\n\r\n', lineEnd);
      return end === -1 ? null : { head, content, byteCount: end + 4 };
    }
    at = lineEnd + 2 + size + 2;
    if (text.length < at) return null;
    content += text.slice(lineEnd + 2, at - 2);
  }
}
