// A TCP client that speaks bytes, and waits for events and never for time.
import { connect, type Socket } from 'node:net';

export class RawClient {
  readonly socket: Socket;
  /** Everything received, one character per byte. */
  text = '';
  /** How much of it is kept, from its end; set it where much is received. */
  keptMax: number = Number.POSITIVE_INFINITY;
  /** Bytes received. */
  bytes = 0;
  /** How the server's direction ended. */
  end: 'open' | 'finished' | 'reset' = 'open';
  #waiters: (() => void)[] = [];

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket));
      });
    });
  }

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => {
      this.bytes += data.length;
      this.text = (this.text + data.toString('latin1')).slice(-this.keptMax);
      this.#wake();
    });
    socket.on('end', () => {
      this.end = 'finished';
      this.#wake();
    });
    socket.on('error', () => {
      this.end = 'reset';
      this.#wake();
    });
    socket.on('close', () => this.#wake());
  }

  send(data: string | Uint8Array): this {
    this.socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
    return this;
  }

  /** FIN; the server can still be heard. */
  finish(): this {
    this.socket.end();
    return this;
  }

  /** RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Waits until the text satisfies a condition; fails when the connection ends before. */
  async until(condition: string | ((text: string) => boolean)): Promise<string> {
    const test =
      typeof condition === 'string' ? (text: string) => text.includes(condition) : condition;
    while (!test(this.text)) {
      if (this.end !== 'open')
        throw new Error(`the connection ended (${this.end}) after ${this.text}`);
      await this.#change();
    }
    return this.text;
  }

  /** Waits for the end and returns everything received. */
  async untilEnd(): Promise<string> {
    while (this.end === 'open') await this.#change();
    return this.text;
  }

  close(): void {
    this.socket.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}

/** A GET request. */
export function get(target: string, ...lines: string[]): string {
  return [`GET ${target} HTTP/1.1`, 'Host: test', ...lines, '', ''].join('\r\n');
}

/** A POST request with its content. */
export function post(target: string, content: string, ...lines: string[]): string {
  const head = [`POST ${target} HTTP/1.1`, 'Host: test', `Content-Length: ${content.length}`];
  return [...head, ...lines, '', content].join('\r\n');
}

/** How often a text contains another. */
export function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
