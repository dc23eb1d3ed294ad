// Servers in memory that say what a test tells them to, byte by byte.
import {
  type Connected,
  type Connector,
  type End,
  type MemoryTransport,
  memoryPair,
  type Origin,
  type TransportSink,
} from '../../../src/index.ts';

/** What a test needs to know of the client's end of a connection. */
export interface FakeSocket {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Whether it keeps the process alive. */
  isReferenced: boolean;
  ref(): void;
  unref(): void;
}

/** The server's end of one connection. */
export class ServerEnd implements TransportSink {
  readonly origin: Origin;
  readonly transport: MemoryTransport;
  readonly socket: FakeSocket;
  /** Everything received, one character per byte. */
  text = '';
  /** How the client's direction ended. */
  end: End | null = null;

  constructor(origin: Origin, transport: MemoryTransport, number: number) {
    this.origin = origin;
    this.transport = transport;
    this.socket = {
      remoteAddress: '192.0.2.1',
      remotePort: number,
      isReferenced: true,
      ref() {
        this.isReferenced = true;
      },
      unref() {
        this.isReferenced = false;
      },
    };
    transport.attach(this);
  }

  onData(data: Uint8Array): void {
    this.text += Buffer.from(data).toString('latin1');
  }

  onEnd(end: End): void {
    this.end = end;
  }

  onDrain(): void {}

  /** What has come since it was last taken. */
  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }

  send(text: string): this {
    this.transport.write(Buffer.from(text, 'latin1'));
    return this;
  }

  /** A response with a content of known length. */
  answer(content = '', ...lines: string[]): this {
    const head = ['HTTP/1.1 200 OK', `Content-Length: ${content.length}`, ...lines, '', ''];
    return this.send(head.join('\r\n') + content);
  }
}

/** What becomes of an attempt to connect. */
export type Opening = 'open' | 'fail' | 'hang';

/** A network of servers, of which each attempt to connect makes one. */
export class FakeNetwork {
  readonly servers: ServerEnd[] = [];
  /** Attempts so far. */
  attempts = 0;
  /** Attempts that the client gave up. */
  cancelled = 0;
  /** What becomes of the next attempts. */
  opening: Opening = 'open';
  /** Whether servers read nothing before they are told to. */
  isPaused = false;
  /** What servers say before they are asked. */
  greeting = '';
  /** Undelivered bytes from which on the client's transport calls itself full. */
  highWaterBytes = 16_384;
  /** Opens or fails the attempts that hang. */
  readonly hanging: { open(): void; fail(error: Error): void }[] = [];

  readonly connect: Connector = (origin, signal) => {
    this.attempts += 1;
    signal.addEventListener('abort', () => {
      this.cancelled += 1;
    });
    if (this.opening === 'fail') return Promise.reject(new Error('refused'));
    if (this.opening === 'open') return Promise.resolve(this.#open(origin));
    return new Promise((resolve, reject) => {
      this.hanging.push({ open: () => resolve(this.#open(origin)), fail: reject });
    });
  };

  /** The connection opened last, or the one with a number. */
  server(index = this.servers.length - 1): ServerEnd {
    const server = this.servers[index];
    if (server === undefined) throw new Error(`there is no connection ${index}`);
    return server;
  }

  /** Connections that the client has not ended. */
  get open(): ServerEnd[] {
    return this.servers.filter((server) => server.end === null);
  }

  #open(origin: Origin): Connected {
    const [client, accepted] = memoryPair({ highWaterBytes: this.highWaterBytes });
    const server = new ServerEnd(origin, accepted, this.servers.length);
    if (this.isPaused) accepted.pause();
    if (this.greeting !== '') server.send(this.greeting);
    this.servers.push(server);
    return { transport: client, socket: server.socket };
  }
}

/** Lets everything happen that needs no time: turns of the event loop, and what they lead to. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
