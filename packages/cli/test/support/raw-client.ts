// A client that sends what it is told, byte by byte, and reads responses by their Content-Length.
import { connect, type Socket } from 'node:net';

/** A response as it came. */
export interface RawResponse {
  readonly status: number;
  readonly head: string;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  readonly content: Buffer;
}

/** One connection. */
export class RawClient {
  readonly socket: Socket;
  /** The server has ended or cut the connection. */
  isOver = false;
  /** Joined when they are looked at, so that a long content is not copied again and again. */
  #chunks: Buffer[] = [];
  #inputBytes = 0;
  #watchers: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (data) => {
      this.#chunks.push(data);
      this.#inputBytes += data.length;
      this.#tell();
    });
    for (const name of ['end', 'close'] as const) {
      socket.on(name, () => {
        this.isOver = true;
        this.#tell();
      });
    }
    // A cut connection is an outcome here, not a failure.
    socket.on('error', () => {});
  }

  static open(port: number, host = '127.0.0.1'): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket));
      });
    });
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Sends a request without content and reads its response. */
  async request(line: string, fields: Readonly<Record<string, string>> = {}): Promise<RawResponse> {
    const all = { Host: 'localhost', ...fields };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.send(`${line} HTTP/1.1\r\n${lines.join('')}\r\n`);
    return this.response(line.startsWith('HEAD '));
  }

  /** Reads the head of a response. */
  async head(): Promise<Omit<RawResponse, 'content'>> {
    const end = await this.#until(() => this.#input().indexOf('\r\n\r\n'));
    const head = this.#take(end + 4).toString('latin1', 0, end);
    const [statusLine = '', ...lines] = head.split('\r\n');
    const fields = new Map(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    return { status: Number(statusLine.split(' ')[1]), head, fields };
  }

  /** Reads a response whose length is stated, or that has no content. */
  async response(isHead = false): Promise<RawResponse> {
    const head = await this.head();
    const length = isHead ? 0 : Number(head.fields.get('content-length') ?? 0);
    return { ...head, content: await this.content(length) };
  }

  /** Reads so many bytes of content. */
  async content(length: number): Promise<Buffer> {
    await this.#until(() => (this.#inputBytes >= length ? 1 : -1));
    return this.#take(length);
  }

  /** Waits for the end of the connection; returns what came before it unread. */
  async over(): Promise<Buffer> {
    while (!this.isOver) await this.#change();
    return this.#input();
  }

  close(): void {
    this.socket.destroy();
  }

  #input(): Buffer {
    const input = Buffer.concat(this.#chunks);
    this.#chunks = [input];
    return input;
  }

  #take(length: number): Buffer {
    const input = this.#input();
    this.#chunks = [input.subarray(length)];
    this.#inputBytes -= length;
    return input.subarray(0, length);
  }

  async #until(position: () => number): Promise<number> {
    for (;;) {
      const found = position();
      if (found >= 0) return found;
      if (this.isOver)
        throw new Error(`the connection ended after ${this.#input().toString('latin1')}`);
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#watchers.push(resolve));
  }

  #tell(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}
